/** How the platform's request about something that was written was answered, in the end. */
export type Answer = 'pending' | 'acknowledged' | 'nothing-sent' | 'unsure' | 'none';

/** Something that one person wrote once. Two with the same text have the same id. */
export interface Written {
  readonly id: string;
  readonly lane: string;
  readonly author: string;
  readonly kind: 'command' | 'reply';
  /** As the bridge's log calls it. */
  delivery: string;
  /** Its place in the lane lies between these: a command counts by its arrival, a reply by its `ts`. */
  startMs: number;
  endMs: number;
  answer: Answer;
  /** When it was acknowledged. */
  ackMs?: number;
}

/** One message of the stand-in Salesforce that carries an id. */
export interface Arrival {
  /** Its place in the order in which Salesforce stored. */
  readonly place: number;
  readonly part: number;
  readonly parts: number;
  /** "(sent 10:42)" */
  readonly late: boolean;
  readonly byHand: boolean;
  readonly atMs: number;
}

/** What its writer was told about it in Slack. */
export type Word =
  | 'shown'
  | 'marked'
  | 'not-sent'
  | 'not-confirmed'
  | 'sent-after-all'
  | 'arrived-twice'
  | 'still-waiting'
  | 'waiting'
  | 'discarded'
  | 'trying-again';

/** What is known from outside about one id. */
export interface Story {
  readonly id: string;
  readonly written: Written[];
  readonly arrivals: Arrival[];
  /** How often each was said: by messages of the app, not by their changes. */
  readonly told: Map<Word, number>;
  /** When something was last said about it. */
  toldAtMs: number;
  /** What was done to it that may excuse a doubling or a loss. */
  readonly excuses: Set<Excuse>;
}

/** `late-commit`: Salesforce stored it after the last look. `by-hand`: somebody typed the same. */
export type Excuse = 'late-commit' | 'by-hand' | 'redis-forgot' | 'retried';

const ID = /\bm\d{5}(?=\b|w)/;
const PART = /^\((\d+)\/(\d+)\) /;
const LATE = /^\(sent [^)]*\) /;

export const idIn = (text: string): string | undefined => ID.exec(text)?.[0];

/** Everything that was written, and what became of it as far as it can be seen from outside. */
export class Ledger {
  readonly stories = new Map<string, Story>();
  /** Ids of what was acknowledged and has not arrived whole. */
  readonly open = new Set<string>();
  #places = 0;

  story(id: string): Story {
    const known = this.stories.get(id);
    if (known) return known;
    const story: Story = { id, written: [], arrivals: [], told: new Map(), toldAtMs: 0, excuses: new Set() };
    this.stories.set(id, story);
    return story;
  }

  wrote(written: Written): void {
    this.story(written.id).written.push(written);
  }

  answered(written: Written, answer: Answer, atMs: number): void {
    written.answer = answer;
    if (answer === 'acknowledged') written.ackMs = atMs;
    this.#judgeOpen(this.story(written.id));
  }

  arrived(text: string, atMs: number, byHand: boolean): void {
    const place = this.#places++;
    const id = idIn(text);
    if (id === undefined) return;
    const story = this.story(id);
    const [label = '', part = '1', parts = '1'] = PART.exec(text) ?? [];
    // Only the first part says when it was written.
    const late = LATE.test(text.slice(label.length));
    story.arrivals.push({ place, part: Number(part), parts: Number(parts), late, byHand, atMs });
    this.#judgeOpen(story);
  }

  told(id: string, word: Word, atMs: number): void {
    const story = this.story(id);
    story.told.set(word, (story.told.get(word) ?? 0) + 1);
    story.toldAtMs = atMs;
    this.#judgeOpen(story);
  }

  #judgeOpen(story: Story): void {
    const isExplained = (['not-confirmed', 'not-sent'] as const).some((word) => story.told.has(word));
    // What was typed by hand was taken for ours: nothing more is to come.
    const isTaken =
      story.arrivals.filter(({ byHand }) => byHand).length > 0 && countOf(story, 'pending') === 0;
    if (isIncomplete(story) && !isExplained && !isTaken) this.open.add(story.id);
    else this.open.delete(story.id);
  }
}

export const countOf = (story: Story, ...answers: readonly Answer[]): number =>
  story.written.filter(({ answer }) => answers.includes(answer)).length;

/** How often each part has arrived, by its number; one entry for a text that went whole. */
export function copies(story: Story): number[] {
  const parts = story.arrivals[0]?.parts ?? 1;
  return Array.from(
    { length: parts },
    (_, i) => story.arrivals.filter(({ part, byHand }) => part === i + 1 && !byHand).length,
  );
}

/** Something of it that was acknowledged has not arrived. */
export const isIncomplete = (story: Story): boolean =>
  copies(story).some((count) => count < countOf(story, 'acknowledged'));
