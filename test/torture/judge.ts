import { type Arrival, copies, countOf, isIncomplete, type Story, type Written } from './ledger.ts';

export type Failing =
  | 'lost'
  | 'doubled'
  | 'out of order'
  | 'refused yet arrived'
  | 'failed'
  | 'not said'
  | 'shown twice'
  | 'not shown';
export type Counted =
  | 'uncertain'
  | 'sent after all'
  | 'arrived twice'
  | 'late, with its time'
  | 'taken for typed by hand'
  | 'forgotten by Redis'
  | 'shown twice after a standstill'
  | 'refused at once'
  | 'not acknowledged';

export interface Finding {
  what: Failing;
  id: string;
  lane: string;
  why: string;
}

export interface Verdict {
  messages: number;
  findings: Finding[];
  counted: Map<Counted, number>;
}

export interface Rules {
  /** Everything that is sent is shown to its writer in Slack; off where Slack was not waited for. */
  expectShown: boolean;
  /** When a worker stood still: nothing stops the bytes of a note that was about to leave. */
  standstills?: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** How long after it goes on a worker's note may still reach Slack. */
const STILL_LEAVES_MS = 3_000;

/**
 * Judges from outside alone: what was acknowledged against what Salesforce holds, and what was said in Slack.
 * Whatever the protocol cannot promise is counted apart, and must have been said.
 */
export function judge(stories: Iterable<Story>, rules: Rules): Verdict {
  const all = [...stories].filter(({ written }) => written.length > 0);
  const findings: Finding[] = [];
  const counted = new Map<Counted, number>();
  const count = (what: Counted, by = 1) => counted.set(what, (counted.get(what) ?? 0) + by);
  const fail = (what: Failing, story: Story, why: string) =>
    findings.push({ what, id: story.id, lane: story.written[0]?.lane ?? '', why });

  for (const story of all) {
    count('refused at once', countOf(story, 'nothing-sent'));
    count('not acknowledged', countOf(story, 'none', 'unsure'));
    const held = copies(story);
    const most = countOf(story, 'acknowledged', 'none', 'unsure', 'pending');
    if (held.some((copy) => copy > most)) tooMany(story, most);
    if (isIncomplete(story)) tooFew(story);
    else if (story.told.has('not-confirmed')) confirmed(story);
    if (rules.expectShown && most > 0 && !isIncomplete(story)) shown(story, most);
  }
  for (const lane of byLane(all)) inOrder(lane);
  return { messages: all.reduce((sum, { written }) => sum + written.length, 0), findings, counted };

  function tooMany(story: Story, most: number): unknown {
    if (most === 0) return fail('refused yet arrived', story, 'it was said that nothing was sent');
    const isSaid = story.told.has('arrived-twice');
    if (story.excuses.has('late-commit') || story.excuses.has('retried')) {
      return isSaid
        ? count('arrived twice')
        : fail('not said', story, 'it arrived twice, and nobody said so');
    }
    return fail(
      'doubled',
      story,
      `${copies(story).join('+')} of ${most}${isSaid ? ', and it was said' : ''}`,
    );
  }

  function tooFew(story: Story): unknown {
    if (story.told.has('not-confirmed')) return count('uncertain');
    if (story.told.has('not-sent')) return fail('failed', story, 'it was said that it was not sent');
    if (story.excuses.has('redis-forgot')) return count('forgotten by Redis');
    if (story.excuses.has('by-hand')) return count('taken for typed by hand');
    return fail('lost', story, `${copies(story).join('+')} of ${countOf(story, 'acknowledged')}`);
  }

  function confirmed(story: Story): unknown {
    if (story.told.has('sent-after-all') || story.told.has('arrived-twice')) return count('sent after all');
    if (story.told.has('discarded')) return count('uncertain');
    return fail('not said', story, 'it was called uncertain, arrived, and nobody said so');
  }

  function shown(story: Story, most: number): void {
    const expected = countOf(story, 'acknowledged');
    const isCommand = story.written[0]?.kind === 'command';
    const times = story.told.get(isCommand ? 'shown' : 'marked') ?? 0;
    if (times < expected && !story.excuses.has('redis-forgot')) {
      fail('not shown', story, `${times} of ${expected} in Slack`);
    }
    if (times <= most) return;
    const isExcused = rules.standstills?.some(
      ({ fromMs, toMs }) => story.toldAtMs >= fromMs && story.toldAtMs <= toMs + STILL_LEAVES_MS,
    );
    if (isExcused) count('shown twice after a standstill');
    else fail('shown twice', story, `${times} of ${most} in Slack`);
  }

  /** Whatever was written first must be stored first, or carry its time. */
  function inOrder(lane: readonly Story[]): void {
    const steps = lane
      .filter((story) => !isUnanswered(story))
      .flatMap((story) => firstCopies(story).map((arrival) => ({ story, arrival })))
      .sort((a, b) => a.arrival.place - b.arrival.place);
    let ahead: Story | undefined;
    const late = new Set<Story>();
    for (const { story, arrival } of steps) {
      if (ahead && startOf(ahead) > endOf(story) && !late.has(story)) {
        late.add(story);
        overtaken(story, arrival, ahead);
      }
      if (!ahead || startOf(story) > startOf(ahead)) ahead = story;
    }
  }

  function overtaken(story: Story, arrival: Arrival, ahead: Story): unknown {
    const isLabelled = story.arrivals.some(({ late }) => late);
    const came = Math.max(...story.written.map(({ ackMs }) => ackMs ?? Number.POSITIVE_INFINITY));
    // Its successor may have been stored as soon as it was written, however long its acknowledgement took.
    const wasLate = came > startOf(ahead);
    const waited = ['still-waiting', 'not-confirmed', 'trying-again'] as const;
    const isExcused = wasLate || story.excuses.has('redis-forgot') || waited.some((w) => story.told.has(w));
    if (isLabelled && isExcused) return count('late, with its time');
    if (story.excuses.has('late-commit') && story.told.has('not-confirmed')) return undefined;
    if (story.excuses.has('redis-forgot')) return undefined;
    const why = `stored at place ${arrival.place}, after ${ahead.id}, ${isLabelled ? 'for no reason' : 'without its time'}`;
    return fail('out of order', story, why);
  }
}

/** Of each part as many copies as were written: what came twice is judged elsewhere. */
function firstCopies(story: Story): Arrival[] {
  const seen = new Map<number, number>();
  return story.arrivals.filter(({ part, byHand }) => {
    if (byHand) return false;
    const times = (seen.get(part) ?? 0) + 1;
    seen.set(part, times);
    return times <= story.written.length;
  });
}

function byLane(stories: readonly Story[]): Iterable<Story[]> {
  const lanes = new Map<string, Story[]>();
  for (const story of stories) {
    const lane = story.written[0]?.lane ?? '';
    const inLane = lanes.get(lane);
    if (inLane) inLane.push(story);
    else lanes.set(lane, [story]);
  }
  return lanes.values();
}

/**
 * A command that got no answer: Slack has given up on it, and a web that stood still may take it in any time later. When it
 * arrived, by which it counts, is not known.
 */
const isUnanswered = ({ written }: Story): boolean =>
  written.some(({ kind, answer }) => kind === 'command' && answer === 'none');

const startOf = ({ written }: Story): number => Math.min(...written.map(starts));
const endOf = ({ written }: Story): number => Math.max(...written.map(ends));
const starts = ({ startMs }: Written): number => startMs;
const ends = ({ endMs }: Written): number => endMs;
