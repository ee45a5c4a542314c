import type { ApplyOptions } from './apply.ts';
import { createCarryOut, orderAt } from './carry-out.ts';
import { createDeadLetters } from './dead-letters.ts';
import type { Delivery } from './delivery.ts';
import { createFailedMessages } from './failed-messages.ts';
import type { DecidedAll, Decisions } from './message.ts';
import type { Readers } from './readers.ts';

export interface DecisionsOptions extends ApplyOptions {
  readers: Pick<Readers, 'add' | 'resume'>;
  /** Resolves after that many milliseconds; a parameter for the tests' sake. */
  after: (ms: number) => Promise<void>;
}

/** How often a delivery may move under a press before that is given up. */
const MOST_TRIES = 3;

/**
 * Nothing can be decided while a POST is on its way. One that waits for a token is tried now and then, and mostly
 * waits again at once: a press in just that moment is not lost. Well within the three seconds that Slack waits.
 */
const TRIED_NOW = { lookEveryMs: 100, forMs: 1_000 };

/** Carries out what people decide about their own deliveries. `destination` is Chatter's: notes have no buttons. */
export function createDecisions(o: DecisionsOptions): Decisions {
  const carryOut = createCarryOut(o);
  const deadLetters = createDeadLetters({ log: o.log, carryOut, now: o.now });

  async function readSettled(id: Delivery['id']): ReturnType<typeof o.log.read> {
    for (let waitedMs = 0; ; waitedMs += TRIED_NOW.lookEveryMs) {
      const read = await o.log.read(id);
      const isTriedNow = read?.delivery.phase === 'begun' && read.delivery.waiting !== undefined;
      if (!isTriedNow || waitedMs >= TRIED_NOW.forMs) return read;
      await o.after(TRIED_NOW.lookEveryMs);
    }
  }

  return {
    async decide(by, id, version, what) {
      for (let tries = 1; ; tries += 1) {
        const read = await readSettled(id);
        if (!read || !isOpenTo(read.delivery, by, version)) return false;
        const carried = await carryOut(read, what, orderAt(o.now()));
        // It may have been taken up just then: what it comes to counts, as the press was in time.
        if (carried !== 'moved' || tries === MOST_TRIES) return carried === 'done';
      }
    },
    async decideAll(by, untilMs, what) {
      const meant = (await o.log.deadLetters(by)).filter((letter) => letter.keptUntilMs <= untilMs);
      const all: DecidedAll = { done: 0, uncertain: 0, outdated: 0 };
      for await (const { decided } of deadLetters.decideEach(meant, what)) {
        all[decided === 'gone' ? 'outdated' : decided] += 1;
      }
      return all;
    },
    failed: createFailedMessages({ log: o.log, deadLetters }),
    isOptedOut: async (person) => (await o.log.person(person)).optedOut,
    optOut: (person) => o.log.setPerson(person, { optedOut: true, allowed: false }),
    async setInbox(person, isOn) {
      const { optedOut } = await o.log.person(person);
      if (isOn && optedOut) return false;
      await o.log.setPerson(person, { inboxSinceMs: isOn ? o.now() : 0 });
      if (isOn) await o.readers.add(person);
      return true;
    },
    async optIn(person) {
      await o.log.setPerson(person, { optedOut: false, allowed: true });
      const { inboxSinceMs = 0 } = await o.log.person(person);
      // What was begun in Chatter meanwhile is not theirs to see here.
      if (inboxSinceMs > 0) await o.log.setPerson(person, { inboxSinceMs: o.now() });
      if (inboxSinceMs > 0) await o.readers.add(person);
      else await o.readers.resume(person);
    },
  };
}

/** Only the writer decides, and only about what the button showed. */
function isOpenTo(delivery: Delivery, by: Delivery['author'], version: number): boolean {
  return delivery.to === 'chatter' && delivery.author === by && delivery.told === version;
}
