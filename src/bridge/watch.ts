import {
  type Arrived,
  type Delivery,
  type DeliveryEvent,
  type Effect,
  ended,
  type Next,
} from './delivery.ts';
import type { Timing } from './timing.ts';

/**
 * Ended, yet an attempt of it was given up and may still turn up: then its writer hears that it arrived twice, or
 * after all. Its text stays sealed as long, to say which message is meant.
 */
export const isWatched = (d: Delivery): boolean =>
  (d.phase === 'sent' || d.phase === 'discarded') && d.wakeAtMs !== undefined;

/** How a message that was sent or discarded ends: for good, or under watch. A note's mark is exact, so it needs none. */
export function ending(d: Delivery, atMs: number, timing: Timing): { delivery: Delivery; erase: Effect[] } {
  const firstMs = timing.watchEveryMs[0];
  if (d.ghosts === 0 || d.to === 'chat' || firstMs === undefined) {
    return { delivery: unwatched(d), erase: [{ do: 'erase' }] };
  }
  return { delivery: { ...d, looks: 0, wakeAtMs: atMs + firstMs }, erase: [] };
}

/** What a look for attempts that were given up says. */
export function watched(
  d: Delivery,
  event: DeliveryEvent & { type: 'looked' | 'unreadable' },
  timing: Timing,
): Next {
  if (event.type === 'looked' && event.found) {
    return turnedUp(d, event.found, event.ghost?.part ?? d.part, event.ghost?.mark);
  }
  const { watchEveryMs } = timing;
  const { atMs } = event;
  if (event.type === 'unreadable') {
    // The same look once more: an hour of closed gates must not be all that there was of it.
    const unreadableSinceMs = d.unreadableSinceMs ?? atMs;
    if (atMs - unreadableSinceMs <= (watchEveryMs.at(-1) ?? 0)) {
      const wakeAtMs = atMs + Math.max(watchEveryMs[0] ?? 0, event.retryAfterMs ?? 0);
      return { delivery: { ...d, unreadableSinceMs, wakeAtMs }, effects: [] };
    }
  }
  const { unreadableSinceMs: _since, ...rest } = d;
  const looks = d.looks + 1;
  const waitMs = watchEveryMs[looks];
  if (waitMs === undefined) {
    return { delivery: unwatched(rest), effects: [{ do: 'leaveLane' }, { do: 'erase' }] };
  }
  return { delivery: { ...rest, looks, wakeAtMs: atMs + waitMs }, effects: [] };
}

/** One more than was known of that part; when the message has ended, the watch is over if no other can come. */
export function turnedUp(d: Delivery, arrived: Arrived, part: number, ghost?: string): Next {
  const acknowledge: Effect = { do: 'acknowledge', arrived, ...(ghost !== undefined && { ghost }) };
  const ghosts = Math.max(d.ghosts - 1, 0);
  const isExtra = d.phase !== 'discarded' || part < d.part;
  const rest: Delivery = { ...d, ghosts, ...(!isExtra && { arrived }) };
  const isOver = ghosts === 0 && isWatched(d);
  // A witness still has the text in hand: what has ended keeps none.
  const erase: Effect[] = ended(d.phase) && ghosts === 0 ? [{ do: 'erase' }] : [];
  const effects: Effect[] = [acknowledge, ...(isOver ? [{ do: 'leaveLane' } as const] : []), ...erase];
  const after = isOver ? unwatched(rest) : rest;
  if (isExtra) return { delivery: after, effects: [...effects, { do: 'tell', what: 'arrived-twice' }] };
  // Of a text in parts that was discarded half-way the rest never went: it is not "sent".
  if (d.part + 1 < d.parts) return { delivery: after, effects };
  return { delivery: { ...after, phase: 'sent' }, effects: [...effects, { do: 'tell', what: 'sent' }] };
}

function unwatched(d: Delivery): Delivery {
  const { wakeAtMs: _due, ...rest } = d;
  return rest;
}
