/**
 * Every wait of the delivery protocol, in one place. Tests run the real protocol with smaller numbers.
 *
 * How lock, guard and time-outs fit together: a worker holds a delivery by BullMQ's lock of `lockMs`, renewed while
 * it lives. Bytes of a POST leave only within `lockMs / 3` of the last proof that the lock is held, so when another
 * worker can take over (a whole `lockMs` after that proof) no byte of the former owner is still to leave; and the new
 * owner looks no sooner than `lookAfterMs[0]` later.
 */
export interface Timing {
  lockMs: number;
  /** How often BullMQ looks for jobs whose lock has expired. */
  stalledCheckMs: number;
  /** How long a delivery that is not its lane's head sleeps when nobody wakes it; only a safety net. */
  parkMs: number;
  /** A message this young waits, so that neighbours that arrive out of order can line up. */
  gatherMs: number;
  /** An edit of what was sent goes when there was no further one for so long. */
  quietMs: number;
  /** When to look after an outcome was lost, counted from the loss. Then: post again (broken) or say uncertain. */
  lookAfterMs: { broken: readonly number[]; silent: readonly number[] };
  /**
   * Waits between looks for attempts that were given up, once their message has ended otherwise. A commit later than
   * the last of them is never told.
   */
  watchEveryMs: readonly number[];
  /** How often an uncertain message is looked for, ever more rarely, and for how long in all. */
  slowLookMs: { first: number; most: number; forMs: number };
  /** Between tries after a certain, passing no. */
  backOffMs: { first: number; most: number };
  /** How long a passing no is tried again before the message fails. */
  giveUpMs: number;
  /** HOLD_MINUTES: how long one waiting message may hold its lane. */
  holdMs: number;
  /** A mark that was kept back for longer is left out, if there is a later one in its thread. */
  markMs: number;
  /** POSTs of one message after unknown outcomes before it is called uncertain. */
  mostPosts: number;
  gates: {
    /** How long a limit without a Retry-After closes a gate, doubling from time to time. */
    limitMs: { first: number; most: number };
    /** The same for a target that is away or busy. */
    awayMs: { first: number; most: number };
    /** So many failures without a success between, and the target is away. */
    awayFailures: number;
    /** How long the others wait at most for the one that goes first… */
    probeMs: number;
    /** …and how often they ask. */
    probeLookMs: number;
    /** Over how long those who waited are spread at most: a quarter of what they waited. */
    spreadMs: number;
    /** People are told of a gate that is closed for that long. */
    tellAfterMs: number;
  };
  /** Readings of one person's list of messages: every page counts. */
  reads: {
    mostInWindow: number;
    /** Of these kept for looking before anything is sent again. */
    reserve: number;
    windowMs: number;
    /** How long one reading may serve further looks of the same person. */
    shareMs: number;
  };
  /** Reading what Chatter people answer. */
  reading: {
    /** CHATTER_POLL_SECONDS: between two readings while there is traffic… */
    pollMs: number;
    /** …and for so long after. */
    quickForMs: number;
    /** However long nothing happens, and while push is alive: between two readings. */
    slowestMs: number;
    /** A reader is read by one worker for so long, renewed while that lives. */
    leaseMs: number;
    /** How far each reading goes back behind the cursor: what was sent earlier may be stored later. */
    overlapMs: number;
    /** How often a worker looks whose turn it is. */
    lookEveryMs: number;
    /** Between two looks at whether what may be our own message is; at most so long, however old it is. */
    heldMs: { first: number; most: number };
    /** What is shown later than this carries its time. */
    lateMs: number;
  };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const timing: Timing = {
  lockMs: 4 * SECOND,
  stalledCheckMs: 1 * SECOND,
  parkMs: 10 * MINUTE,
  gatherMs: 250,
  quietMs: 10 * SECOND,
  lookAfterMs: {
    broken: [2 * SECOND, 5 * SECOND, 15 * SECOND],
    silent: [2 * SECOND, 5 * SECOND, 15 * SECOND, 45 * SECOND, 120 * SECOND],
  },
  watchEveryMs: [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 1 * HOUR],
  slowLookMs: { first: 2 * MINUTE, most: 30 * MINUTE, forMs: 24 * HOUR },
  backOffMs: { first: 1 * SECOND, most: 2 * MINUTE },
  giveUpMs: 24 * HOUR,
  holdMs: 10 * MINUTE,
  markMs: 1 * MINUTE,
  mostPosts: 5,
  gates: {
    limitMs: { first: 1 * MINUTE, most: 10 * MINUTE },
    awayMs: { first: 1 * SECOND, most: 2 * MINUTE },
    awayFailures: 5,
    probeMs: 15 * SECOND,
    probeLookMs: 1 * SECOND,
    spreadMs: 30 * SECOND,
    tellAfterMs: 1 * MINUTE,
  },
  reads: { mostInWindow: 60, reserve: 20, windowMs: 1 * HOUR, shareMs: 2 * MINUTE },
  reading: {
    pollMs: 90 * SECOND,
    quickForMs: 30 * MINUTE,
    slowestMs: 15 * MINUTE,
    leaseMs: 20 * SECOND,
    overlapMs: 10 * MINUTE,
    lookEveryMs: 500,
    heldMs: { first: 500, most: 10 * SECOND },
    lateMs: 5 * MINUTE,
  },
};
