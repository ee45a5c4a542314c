import type { StoredMessage } from '../../sandbox/salesforce/org.ts';
import { wordsOf } from '../flow/seen.ts';
import type { Arena } from './arena.ts';
import { PEOPLE, type Person } from './company.ts';
import type { Lane } from './load.ts';
import type { Chance } from './seeded.ts';

/** A conversation and the threads that it has: one for each who began it from Slack. */
export interface Talk {
  readonly lanes: readonly Lane[];
  readonly people: readonly Person[];
}

const GROUP_SIZES = [1, 1, 1, 1, 2, 3];

/** So many conversations, no two of the same people; a part of those of two have a thread on either side. */
export function talksOf(count: number, bothSides: number, chance: Chance): Talk[] {
  const talks = new Map<string, Talk>();
  while (talks.size < count) {
    const author = PEOPLE[talks.size % PEOPLE.length] as Person;
    const others = chance.shuffled(PEOPLE.filter((person) => person !== author));
    const recipients = others.slice(0, talks.size < bothSides ? 1 : chance.pick(GROUP_SIZES));
    const people = [author, ...recipients];
    const key = people
      .map(({ handle }) => handle)
      .toSorted()
      .join(' ');
    if (talks.has(key)) continue;
    const lane = (from: Person, to: readonly Person[]): Lane => ({
      name: `talk-${talks.size}-${from.handle}`,
      author: from,
      recipients: to,
      byEmail: false,
    });
    const lanes = [lane(author, recipients)];
    if (talks.size < bothSides) lanes.push(lane(recipients[0] as Person, [author]));
    talks.set(key, { lanes, people });
  }
  return [...talks.values()];
}

const ID = /\b[am]\d{5}\b/;

/** A message as one thread shows it: whose words, and in which place. */
export interface Line {
  readonly id: string;
  readonly shown: string;
  readonly atMs: number;
  /** It says when it was written. */
  readonly carriesTime: boolean;
}

/** What a thread shows of Chatter, oldest first: only such lines begin with a name in rich text. */
export function linesIn({ slack }: Pick<Arena, 'slack'>, reader: Person, threadTs: string): Line[] {
  return slack
    .messages(slack.dmOf(reader.slackId))
    .filter(
      (message) =>
        message.thread_ts === threadTs &&
        message.ts !== threadTs &&
        message.bot_id !== undefined &&
        message.blocks?.[0]?.type === 'rich_text',
    )
    .map((message) => {
      const shown = wordsOf(message);
      return {
        id: ID.exec(shown)?.[0] ?? '',
        shown,
        atMs: Number(message.ts) * 1_000,
        carriesTime: shown.includes('<!date^'),
      };
    });
}

/** What Chatter holds, by id. */
export function storedById(messages: readonly StoredMessage[]): Map<string, StoredMessage> {
  return new Map(
    messages.flatMap((message) => {
      const id = ID.exec(message.text)?.[0];
      return id === undefined ? [] : [[id, message] as const];
    }),
  );
}
