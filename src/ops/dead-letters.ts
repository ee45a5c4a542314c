import type { Decision } from '../bridge/carry-out.ts';
import { type DeadLetters, type Decided, reasonOf } from '../bridge/dead-letters.ts';
import type { DeadLetter, DeliveryLog } from '../bridge/delivery-log.ts';
import type { DeliveryId } from '../bridge/people.ts';

/** What an operator does about dead letters. Every line holds ids, codes and times: no text and nobody's name. */
export interface DeadLetterCommands {
  /** A line each: id, reason, person, thread (of a reply), age, until when it is kept. */
  failed(): AsyncIterable<string>;
  /** Decides about one, or about `all`; says how many were done, and which were not and why. */
  decide(what: Decision, which: string): AsyncIterable<string>;
}

/** How often a long run says how far it is. */
const PORTION = 500;

const WHY: Record<Exclude<Decided, 'done'>, string> = {
  uncertain: 'it may have arrived: decide it by its id',
  outdated: 'nothing can be decided about it (any more)',
  gone: 'no such message is stored',
};

export function createDeadLetterCommands(o: {
  log: DeliveryLog;
  deadLetters: DeadLetters;
  now: () => number;
}): DeadLetterCommands {
  const { log, deadLetters } = o;

  async function lineOf({ id, keptUntilMs }: DeadLetter): Promise<string | undefined> {
    const stored = await deadLetters.read(id);
    if (!stored) return undefined;
    const { author, thread = 'no thread', takenAtMs } = stored.delivery;
    const until = new Date(keptUntilMs).toISOString();
    const age = ageOf(o.now() - takenAtMs);
    return [id, reasonOf(stored.delivery), author, thread, `${age} old`, `kept until ${until}`].join('  ');
  }

  async function* decideAll(what: Decision): AsyncIterable<string> {
    const letters = await log.deadLetters();
    let [done, seen] = [0, 0];
    for await (const { id, decided } of deadLetters.decideEach(letters, what)) {
      seen += 1;
      if (decided === 'done') done += 1;
      else yield `not done: ${id}: ${WHY[decided]}`;
      if (seen % PORTION === 0 && seen < letters.length) yield `${seen} of ${letters.length} so far`;
    }
    yield `${done} of ${letters.length} ${past(what)}`;
  }

  return {
    async *failed() {
      let count = 0;
      for (const letter of await log.deadLetters()) {
        const line = await lineOf(letter);
        if (line === undefined) continue;
        count += 1;
        yield line;
      }
      yield count === 0 ? 'nothing has failed' : `${count} failed or undecided`;
    },
    async *decide(what, which) {
      if (which === 'all') return yield* decideAll(what);
      const decided = await deadLetters.decide(which as DeliveryId, what);
      yield decided === 'done' ? `1 of 1 ${past(what)}` : `not done: ${which}: ${WHY[decided]}`;
    },
  };
}

const past = (what: Decision): string => (what === 'retry' ? 'tried again' : 'discarded');

const MINUTE = 60_000;
const UNITS = [
  ['d', 24 * 60 * MINUTE],
  ['h', 60 * MINUTE],
  ['min', MINUTE],
] as const;

/** `3 d`, `5 h`, `12 min`: whole ones of the largest unit that fits. */
function ageOf(ms: number): string {
  const [unit, each] = UNITS.find(([, length]) => ms >= length) ?? (['min', MINUTE] as const);
  return `${Math.max(0, Math.floor(ms / each))} ${unit}`;
}
