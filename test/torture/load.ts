import type { Person } from './company.ts';
import { type Chance, chanceFor } from './seeded.ts';

/** One person's messages to one set of people. */
export interface Lane {
  readonly name: string;
  readonly author: Person;
  readonly recipients: readonly Person[];
  /** Named by their addresses; such a lane can meet another one in one pair. */
  readonly byEmail: boolean;
}

export interface Act {
  readonly id: string;
  readonly text: string;
  readonly kind: 'command' | 'reply';
  /** How long its writer waits before. */
  readonly pauseMs: number;
}

/** What somebody writes in one go. */
export interface Burst {
  readonly lane: Lane;
  readonly acts: readonly Act[];
}

export interface LoadOptions {
  seed: number;
  messages: number;
  people: readonly Person[];
  /** Keeps the ids of several loads of one run apart. */
  firstId?: number;
  lanes?: number;
}

const WORDS =
  'lunch at noon, the ship has sailed, numbers attached, call me back, thanks, see you there'.split(', ');
const LONG_SHARE = 0.01;
const TWICE_SHARE = 0.05;
const BY_EMAIL_SHARE = 0.1;
/** Mostly one; a few groups, up to the largest that Chatter takes. */
const GROUP_SIZES = [...Array<number>(14).fill(1), 2, 2, 2, 3, 5, 9];

/** The lanes and bursts of one load, wholly made by its seed. Each lane begins with a command, which opens its thread. */
export function loadOf(o: LoadOptions): Burst[] {
  const chance = chanceFor(o.seed, 'load');
  const lanes = lanesOf(o, chance);
  let next = o.firstId ?? 0;
  const last = next + o.messages;
  const opened = new Set<Lane>();
  const bursts: Burst[] = [];
  while (next < last) {
    const lane = opened.size < lanes.length ? (lanes[opened.size] as Lane) : chance.pick(lanes);
    const isFirst = !opened.has(lane);
    opened.add(lane);
    const acts: Act[] = [];
    const length = isFirst ? 1 : Math.min(chance.pick([1, 1, 2, 3, 5, 8]), last - next);
    // People mostly go on where they were; a lane by e-mail has no thread of its own.
    const kind = isFirst || lane.byEmail || chance.is(0.35) ? 'command' : 'reply';
    while (acts.length < length) {
      const id = idOf(next++);
      const act: Act = { id, kind, text: textFor(id, chance), pauseMs: chance.pick([0, 0, 1, 5, 40]) };
      acts.push(act);
      if (acts.length < length && chance.is(TWICE_SHARE) && act.text.length < 1_000) {
        acts.push({ ...act, pauseMs: 0 });
        next += 1;
      }
    }
    bursts.push({ lane, acts });
  }
  return bursts;
}

/** An act beside the load, for something that has to be going on. */
export const actFor = (number: number, words = 'thanks'): Act => {
  const id = idOf(number);
  return { id, kind: 'command', text: words === 'long' ? longText(id, 1_500) : `${id} ${words}`, pauseMs: 0 };
};

const idOf = (number: number): string => `m${String(number).padStart(5, '0')}`;

function lanesOf({ people, messages, lanes: wanted }: LoadOptions, chance: Chance): Lane[] {
  const most = wanted ?? Math.max(6, Math.min(400, Math.round(messages / 12)));
  const lanes: Lane[] = [];
  const byEmail: Lane[] = [];
  const taken = new Set<string>();
  for (let tries = 0; lanes.length + byEmail.length < most && tries < most * 20; tries += 1) {
    const author = chance.pick(people);
    const others = chance.shuffled(people.filter((person) => person !== author));
    const recipients = others.slice(0, chance.pick(GROUP_SIZES));
    const key = [author.handle, ...recipients.map(({ handle }) => handle).sort()].join(' ');
    if (taken.has(key)) continue;
    taken.add(key);
    lanes.push({ name: `lane-${lanes.length}`, author, recipients, byEmail: false });
    // The same people once more, named otherwise: a lane of its own, yet one pair in Salesforce.
    if (chance.is(BY_EMAIL_SHARE))
      byEmail.push({ name: `lane-e${byEmail.length}`, author, recipients, byEmail: true });
  }
  // Last, so that the thread of the pair is the other lane's.
  return [...lanes, ...byEmail];
}

function textFor(id: string, chance: Chance): string {
  if (!chance.is(LONG_SHARE)) return `${id} ${chance.pick(WORDS)}`;
  return longText(id, chance.whole(1_200, 2_400));
}

/** Goes in parts, and each part has the id. */
function longText(id: string, words: number): string {
  return Array.from({ length: words }, (_, i) => `${id}w${i}`).join(' ');
}
