import { getNextMillis } from 'bullmq';
import type { Calendar } from '../bridge/schedule.ts';

/** Minute, hour, day of the month, month, day of the week; and seconds before them. */
const FIELDS = [5, 6];
/** No `H`: BullMQ's parser would take any time for it. */
const FIELD = /^[\dA-GI-Za-gi-z*/,\-#?]+$/;

type Recurring = Parameters<Calendar['next']>[0];

/** Times of a cron expression as BullMQ understands it (cron-parser 5), so that its job schedulers ring at the same ones. */
export function createCalendar(): Calendar {
  return {
    next(when, afterMs) {
      checkZone(when.timeZone);
      const fields = when.cron.trim().split(/\s+/);
      if (!FIELDS.includes(fields.length) || !fields.every((field) => FIELD.test(field)))
        throw notUnderstood();
      const nextMs = nextOf(when, afterMs);
      if (nextMs === undefined) throw new RangeError('That cron expression never comes due.');
      return nextMs;
    },
    latest(when, firstMs, untilMs) {
      // Halving, as there may be a million of them in between: one comes after `early` and by then, none after `late`.
      let early = firstMs - 1;
      let late = untilMs;
      let latestMs = firstMs;
      while (late - early > 1) {
        const middle = Math.floor((early + late) / 2);
        const nextMs = nextOf(when, middle);
        if (nextMs === undefined || nextMs > untilMs) late = middle;
        else [early, latestMs] = [middle, nextMs];
      }
      return latestMs;
    },
  };
}

function nextOf({ cron, timeZone }: Recurring, afterMs: number): number | undefined {
  try {
    return getNextMillis(afterMs, { pattern: cron, tz: timeZone });
  } catch (cause) {
    throw new RangeError(notUnderstood().message, { cause });
  }
}

const notUnderstood = (): RangeError =>
  new RangeError('That cron expression cannot be understood: minute, hour, day, month, weekday.');

/** cron-parser says the same of everything that it does not understand. */
function checkZone(timeZone: string): void {
  // Node 22 and later take offsets, Node 20 does not: what was planned with one must be due with either.
  if (/^[+-]/.test(timeZone)) throw unknownZone();
  try {
    getNextMillis(0, { pattern: '* * * * *', tz: timeZone });
  } catch (cause) {
    throw unknownZone(cause);
  }
}

const unknownZone = (cause?: unknown): RangeError =>
  new RangeError('That time zone is not known: an IANA name such as Europe/Berlin.', { cause });
