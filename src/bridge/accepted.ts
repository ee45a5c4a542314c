import type { Arrived, Delivery, Effect, Next, Telling } from './delivery.ts';
import type { Timing } from './timing.ts';
import { ending } from './watch.ts';

export const tell = (what: Telling): Effect => ({ do: 'tell', what });

/** The delivery without some of its optional fields. */
export function without(d: Delivery, ...fields: readonly (keyof Delivery)[]): Delivery {
  const rest: Delivery = { ...d };
  for (const field of fields) delete rest[field as 'waiting'];
  return rest;
}

/** One more notice with a choice; the first that knows the pair shows the message in its thread as well. */
export function noticed(d: Delivery): Pick<Delivery, 'told' | 'shownAt'> {
  const told = d.told + 1;
  return d.pair !== undefined && d.shownAt === undefined ? { told, shownAt: told } : { told };
}

/** The target has it: the next part is due, or all is done. `ghost`: it had been given up, with a text of that mark. */
export function accepted(d: Delivery, arrived: Arrived, atMs: number, timing: Timing, ghost?: string): Next {
  const acknowledge: Effect = { do: 'acknowledge', arrived, ...(ghost !== undefined && { ghost }) };
  const settled: Delivery = {
    ...without(
      d,
      'base',
      'lost',
      'refusal',
      'waiting',
      'wakeAtMs',
      'failure',
      'lostAtMs',
      'unreadableSinceMs',
    ),
    arrived,
    ghosts: ghost === undefined ? d.ghosts : Math.max(d.ghosts - 1, 0),
    unknown: false,
    must: false,
    mayDouble: false,
    looks: 0,
    posts: 0,
    tries: 0,
  };
  if (d.part + 1 < d.parts) {
    // Found where a restored Redis had forgotten it: the parts after it may be there as well, since the same time.
    const forgotten = d.must && d.base ? { must: true, base: d.base } : {};
    return {
      delivery: { ...settled, ...forgotten, phase: 'queued', part: d.part + 1 },
      effects: [acknowledge],
    };
  }
  const { delivery, erase } = ending({ ...settled, phase: 'sent' }, atMs, timing);
  return {
    delivery,
    effects: [acknowledge, { do: 'releasePair' }, { do: 'leaveLane' }, ...erase, tell('sent')],
  };
}
