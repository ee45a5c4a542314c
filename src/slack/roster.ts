import type { WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import { DeliveryError } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { slackErrorName } from './errors.ts';
import { fewAtATime } from './few-at-a-time.ts';
import type { SlackUser } from './slack-user.ts';

export interface RosterOptions {
  client: WebClient;
  ask: Ask;
  userOf: (user: string) => Promise<SlackUser>;
  now: () => number;
}

/** Who the people of a workspace are, many at a time. */
export interface Roster {
  /**
   * By their ids; whom Slack does not know is not in it.
   * @throws DeliveryError when Slack does not answer. What it has answered is kept, and the next call goes on from there.
   */
  profiles(users: readonly string[]): Promise<ReadonlyMap<string, SlackUser>>;
}

const KEEP_MS = 10 * 60_000;
/** As many as the list can give in that time: 200 a page, twenty pages a minute (T2). */
const MOST_KEPT = 40_000;
/** What Slack recommends. */
const A_PAGE = 200;
/** As long as no more are unknown, they are asked for one by one. */
const FEW = 10;
/** Slack allows a hundred questions about one person in the time of twenty pages (T4, T2). */
const QUESTIONS_FOR_A_PAGE = 5;
const AT_A_TIME = 5;

/** Where reading the list has come to. */
interface Reading {
  sinceMs: number;
  /** undefined: at the beginning. */
  cursor: string | undefined;
  isDone: boolean;
}

export function createRoster({ client, ask, userOf, now }: RosterOptions): Roster {
  const known = new LRUCache<string, SlackUser>({
    max: MOST_KEPT,
    ttl: KEEP_MS,
    ttlResolution: 0,
    perf: { now },
  });
  let reading: Reading = { sinceMs: Number.NEGATIVE_INFINITY, cursor: undefined, isDone: true };
  /** One reads at a time: whom the first finds, the next need not look for. */
  let turn: Promise<void> = Promise.resolve();

  async function readPage(): Promise<void> {
    if (now() - reading.sinceMs >= KEEP_MS) {
      reading = { sinceMs: now(), cursor: undefined, isDone: false };
    }
    const { cursor } = reading;
    const { members = [], response_metadata } = await ask(methodScope('users.list'), 'read', () =>
      client.users.list({ limit: A_PAGE, ...(cursor && { cursor }) }),
    );
    for (const member of members) if (member.id) known.set(member.id, essentials(member));
    const next = response_metadata?.next_cursor || undefined;
    reading = { ...reading, cursor: next, isDone: next === undefined };
  }

  /** In a large workspace the list costs more than it gives: then it is left after as long as asking for each would take. */
  async function readList(users: readonly string[]): Promise<void> {
    const unknown = () => users.filter((user) => !known.has(user)).length;
    const mostPages = Math.ceil(unknown() / QUESTIONS_FOR_A_PAGE);
    for (let pages = 0; pages < mostPages && unknown() > FEW; pages += 1) {
      if (reading.isDone && now() - reading.sinceMs < KEEP_MS) return;
      try {
        await readPage();
      } catch (error) {
        if (slackErrorName(error) !== 'invalid_cursor' || reading.cursor === undefined) throw error;
        reading = { ...reading, cursor: undefined };
      }
    }
  }

  async function profileOf(user: string): Promise<SlackUser | undefined> {
    try {
      return known.get(user) ?? (await userOf(user));
    } catch (error) {
      if (error instanceof DeliveryError && error.retry.kind === 'never') return undefined;
      throw error;
    }
  }

  return {
    async profiles(users) {
      const before = turn;
      const reads = (async () => {
        await before;
        await readList(users);
      })();
      turn = reads.catch(() => undefined);
      await reads;
      const profiles = await fewAtATime(users, AT_A_TIME, profileOf);
      return new Map(users.flatMap((user, n) => (profiles[n] ? [[user, profiles[n]] as const] : [])));
    },
  };
}

const FIELDS = [
  ...(['id', 'team_id', 'name', 'real_name', 'tz'] as const),
  ...(['deleted', 'is_bot', 'is_restricted', 'is_ultra_restricted', 'is_stranger'] as const),
];

/** What somebody is judged by (check-person.ts): a profile has five times as much, and tens of thousands are kept. */
function essentials(user: SlackUser): SlackUser {
  const { profile: { real_name, email } = {}, enterprise_user: { enterprise_id, teams } = {} } = user;
  return {
    ...Object.fromEntries(
      FIELDS.flatMap((field) => (user[field] === undefined ? [] : [[field, user[field]]])),
    ),
    profile: { ...(real_name && { real_name }), ...(email && { email }) },
    ...(user.enterprise_user && {
      enterprise_user: { ...(enterprise_id && { enterprise_id }), ...(teams && { teams }) },
    }),
  };
}
