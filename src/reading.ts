import { randomUUID } from 'node:crypto';
import { createHearNews } from './bridge/hear-news.ts';
import { personalEntry } from './bridge/outbox.ts';
import type { DeliveryId } from './bridge/people.ts';
import type { ChatPeople } from './bridge/ports.ts';
import { createReadAnswers } from './bridge/read-answers.ts';
import type { Reader, Readers } from './bridge/readers.ts';
import type { Timing } from './bridge/timing.ts';
import type { Salesforce } from './chatter/salesforce.ts';
import { sayOnce } from './destinations.ts';
import type { Foundation } from './foundation.ts';
import { startPush } from './pushing.ts';
import { createReadCounter } from './store/read-counter.ts';
import { createReaders } from './store/readers.ts';

export interface ReadingOptions {
  readers: Readers;
  readAnswers: (reader: Reader) => Promise<void>;
  /** Whether Salesforce tells of news just now: then reading is slow. */
  isPushed: () => Promise<boolean>;
  /** Unique at every call. */
  newToken: () => string;
  timing: Timing['reading'];
  onError: (error: unknown) => void;
}

/** 40 readings an hour: Salesforce's 60 without those that are kept for looking. */
const LEAST_POLL_MS = 90_000;
/** How many people one process reads at once. */
const MOST_AT_ONCE = 8;

/** Reads whoever is due, until it is stopped; what is being read then is finished. */
export function startReading(o: ReadingOptions): { stop(): Promise<void> } {
  const { leaseMs, lookEveryMs } = o.timing;
  const underWay = new Set<Promise<void>>();
  let isStopped = false;
  // Whoever was slow because of push, in a process before this one, is not to wait for it.
  let wasPushed = true;
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(o.onError);
  }, lookEveryMs);

  async function look(): Promise<void> {
    await watchPush();
    while (!isStopped && underWay.size < MOST_AT_ONCE) {
      const reader = await o.readers.claim(o.newToken(), leaseMs);
      if (!reader) return;
      const reading = read(reader).catch(o.onError);
      underWay.add(reading);
      void reading.then(() => underWay.delete(reading));
    }
  }

  /** Who counted on push is due at the quick pace when it is gone. Every process does so; that changes nothing. */
  async function watchPush(): Promise<void> {
    const isPushed = await o.isPushed();
    if (wasPushed && !isPushed) await o.readers.hurryAll(o.timing.pollMs);
    wasPushed = isPushed;
  }

  /** Renews its lease for as long as it takes. */
  async function read(reader: Reader): Promise<void> {
    const renewing = setInterval(() => {
      o.readers.renew(reader, leaseMs).catch(o.onError);
    }, leaseMs / 3);
    try {
      await o.readAnswers(reader);
    } finally {
      clearInterval(renewing);
    }
  }

  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await looking;
      await Promise.all(underWay);
    },
  };
}

/** Reads what Chatter people answer, and listens for news of it, in this process among others. */
export function startReadingAnswers(
  base: Foundation,
  { people, salesforce }: { people: ChatPeople; salesforce: Salesforce },
  onError: (error: Error) => void,
): { stop(): Promise<void> } {
  const { config, deliveries, bell, timing, step, state, keys, log } = base;
  if (config.pollMs < LEAST_POLL_MS)
    log.warn(
      'CHATTER_POLL_SECONDS is below 90: the 40 readings that Salesforce leaves for it in an hour are spent before the hour is over, and answers wait for the next.',
    );
  const readers = createReaders(state, keys);
  const subscription = config.push
    ? startPush(base, salesforce.events, {
        heard: createHearNews({
          log: deliveries,
          readers,
          counter: createReadCounter(state, keys),
          timing: timing.reads,
          own: async () => (await salesforce.directory.own()).id,
        }),
        missed: () => readers.hurryAll(0),
      })
    : undefined;
  const isPushed = async (): Promise<boolean> => {
    base.push.isAlive = subscription !== undefined && (await subscription.aliveUntilMs()) > 0;
    return base.push.isAlive;
  };
  const reading = startReading({
    readers,
    readAnswers: createReadAnswers({
      log: deliveries,
      readers,
      bell,
      people,
      directory: salesforce.directory,
      messages: salesforce.messages,
      timing,
      consent: config.consent,
      askConsent: (person) =>
        sayOnce(base, personalEntry('ask-consent', `ask-consent-${person}` as DeliveryId, person)),
      isPushed,
      now: Date.now,
      step,
      // What a limit or the budget keeps back is no failure, and is told elsewhere.
      failed: (person, err) => log[err.held ? 'debug' : 'warn']({ person, err }, 'answers could not be read'),
      leftOut: (person) => log.warn({ person }, 'more was new in Chatter than one reading goes back'),
    }),
    isPushed,
    newToken: randomUUID,
    timing: timing.reading,
    onError: (cause) => onError(new Error('reading answers', { cause })),
  });
  return {
    async stop() {
      await Promise.all([subscription?.stop(), reading.stop()]);
    },
  };
}
