import type { Delivery } from './delivery.ts';
import type { Bell, DeliveryLog, NewEntry } from './delivery-log.ts';
import { entryOf } from './incoming.ts';
import type { Incoming, Intake } from './message.ts';
import { chatLane, notTakenEntry, personalEntry, withdrawnEntry } from './outbox.ts';
import { BRIDGE, type DeliveryId } from './people.ts';
import type { Step } from './steps.ts';
import type { Taken } from './taken.ts';

export interface IntakeOptions {
  log: DeliveryLog;
  bell: Bell;
  step: Step;
  /** Called when something could not be done that is mended later by itself (a lost ring) or was said (a refusal). */
  noticed: (what: string, id: DeliveryId, cause: unknown) => void;
  /** Resolves after that many milliseconds; a parameter for the tests' sake. */
  after: (ms: number) => Promise<void>;
}

/** Slack waits three seconds. Storing may take this much of the budget… */
const STORE_MS = 1_500;
/** …and cancelling what is left of 2.5 s, so that half a second remains for the way back. */
const CANCEL_MS = 1_000;
/** Finding out whose thread a reply is in comes before storing it; the platform sends it again if this fails. */
const LINK_MS = 500;
/** The job follows the stored message. It is not waited for longer: the sweeper adds what is missing. */
const RING_MS = 500;

/** While it is not sure whether a command was stored, Redis is asked this often, for as long as Slack takes answers. */
const SURE_EVERY_MS = 2_000;
const SURE_TRIES = 900;

/** Commands of which that is asked at the same time, and which are kept in memory for it. */
const MOST_UNSURE = 1_000;

const TIMED_OUT = 'timed out';

/** Takes messages in: stored before the platform is answered, once, within one budget of 2.5 seconds. */
export function createIntake(o: IntakeOptions): Intake {
  let unsure = 0;

  async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof TIMED_OUT> {
    return Promise.race([work, o.after(ms).then((): typeof TIMED_OUT => TIMED_OUT)]);
  }

  async function inTime<T>(work: Promise<T>): Promise<T> {
    const done = await within(LINK_MS, work);
    if (done === TIMED_OUT) throw new Error('the thread could not be looked up in time');
    return done;
  }

  async function store(entry: NewEntry): Promise<Taken | 'failed'> {
    const { id, to } = entry.delivery;
    await o.step('enq.before');
    const work = o.log.take(entry, STORE_MS);
    await o.step('enq.sent');
    const result = await within(STORE_MS, work).catch((error: unknown) => {
      o.noticed('storing failed', id, error);
      return TIMED_OUT as typeof TIMED_OUT;
    });
    // A late failure of what we no longer wait for is not news.
    work.catch(() => 'seen above');
    if (result === TIMED_OUT) return 'failed';
    if (result.kind === 'full') {
      o.noticed(`not taken: too much waits (${result.of})`, id, undefined);
      return `${result.of}-full`;
    }
    if (result.kind === 'unreached') o.noticed('the store is away', id, undefined);
    if (result.kind === 'no-room') o.noticed('the store takes no writes', id, result.cause);
    if (result.kind === 'duplicate') return 'duplicate';
    if (result.kind !== 'stored') return 'refused';
    await o.step('enq.stored');
    const rung = wake(to, id, result.head);
    await within(RING_MS, rung).catch((error: unknown) => o.noticed('ring failed', id, error));
    rung.catch(() => 'seen above');
    await o.step('wake.added');
    return 'stored';
  }

  /** Not the head when stored, perhaps the head by now: what left the lane meanwhile could not ring a missing job. */
  async function wake(to: Delivery['to'], id: DeliveryId, head: DeliveryId | undefined): Promise<void> {
    await o.bell.add(to, id, head === id);
    if (head === id) return;
    const read = await o.log.read(id);
    if (read && (await o.log.head(read.delivery)) === id) await o.bell.ring(to, id);
  }

  async function cancel(id: DeliveryId): Promise<Taken> {
    await o.step('cancel.before');
    const work = o.log.cancel(id);
    await o.step('cancel.sent');
    const cancelled = await within(CANCEL_MS, work).catch((error: unknown) => {
      o.noticed('cancelling failed', id, error);
      return TIMED_OUT;
    });
    work.catch(() => 'seen above');
    if (cancelled === TIMED_OUT) return 'unsure';
    return cancelled ? 'refused' : 'stored';
  }

  /** Asks on until Redis answers, so that "not sure yet" does not stay the last word. */
  async function becomeSure(incoming: Incoming): Promise<void> {
    unsure += 1;
    try {
      await askUntilSure(incoming);
    } finally {
      unsure -= 1;
    }
  }

  async function askUntilSure({ id, message }: Incoming): Promise<void> {
    for (let tries = 0; tries < SURE_TRIES; tries += 1) {
      await o.after(SURE_EVERY_MS);
      try {
        // Longer than its deadline has passed.
        if (!(await o.log.cancel(id, true)) || message.answer === undefined) return;
        const entry = withdrawnEntry(id, message.author, message.answer);
        const { kind } = await o.log.take(entry);
        if (kind === 'stored' || kind === 'duplicate') return await o.bell.ring('chat', entry.delivery.id);
      } catch (error) {
        o.noticed('not sure yet whether it was stored', id, error);
      }
    }
  }

  /** Said before the platform is answered: until then it sends the message again, and this is tried once more. */
  async function tellNotTaken(incoming: Incoming, full: 'person-full' | 'bridge-full'): Promise<Taken> {
    // A program is told by its answer, or by the log.
    if (incoming.message.author === BRIDGE) return full;
    const told = await store(notTakenEntry(incoming, full === 'person-full' ? 'person' : 'bridge'));
    return told === 'stored' || told === 'duplicate' ? full : 'refused';
  }

  return {
    async take(incoming, redelivered) {
      // Nothing has left this process, so that this is certain.
      if (!redelivered && unsure >= MOST_UNSURE) return 'refused';
      const taken = await store(entryOf(incoming));
      if (taken === 'person-full' || taken === 'bridge-full') {
        return redelivered ? tellNotTaken(incoming, taken) : taken;
      }
      if (taken !== 'failed') return taken;
      // Slack sends events again by itself, and the same key absorbs it if this one was stored after all.
      if (redelivered) return 'refused';
      const cancelled = await cancel(incoming.id);
      if (cancelled === 'unsure') void becomeSure(incoming);
      return cancelled;
    },
    threadLink: (thread) => inTime(o.log.threadLink(thread)),
    endedLink: (thread) => inTime(o.log.endedLink(thread)),
    isSaying: (person) =>
      inTime(
        Promise.all([o.log.isEmpty(chatLane(person)), o.log.isOpeningThread(person)]).then(
          ([isEmpty, isOpening]) => !isEmpty || isOpening,
        ),
      ),
    async explain(id, person, what) {
      const taken = await store(personalEntry(what, id, person));
      return taken === 'stored' || taken === 'duplicate' ? taken : 'refused';
    },
  };
}
