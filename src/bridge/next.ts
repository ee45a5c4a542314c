import { accepted, noticed, tell, without } from './accepted.ts';
import { backOffMs } from './back-off.ts';
import { deleted, discard, edited, retry, setAside, witnessed } from './decide.ts';
import type { Delivery, DeliveryEvent, Effect, Explained, Next, Refusal } from './delivery.ts';
import { firstLook, looked, uncertain, unreadable } from './settle.ts';
import type { Timing } from './timing.ts';
import { isWatched, watched } from './watch.ts';

/**
 * The delivery state machine: one pure function. It says the new state and what has to be stored with it; it never
 * throws, and an event that means nothing in a phase leaves the delivery as it is (the very same object).
 *
 * Rows and counterexamples that shaped it: docs/delivery.md.
 */
export function next(delivery: Delivery, event: DeliveryEvent, timing: Timing): Next {
  const after = move(delivery, event, timing);
  const left = after.effects.filter((effect) => effect.do === 'leaveGhost').length;
  if (left === 0) return after;
  return { ...after, delivery: { ...after.delivery, ghosts: delivery.ghosts + left } };
}

function move(delivery: Delivery, event: DeliveryEvent, timing: Timing): Next {
  const same: Next = { delivery, effects: [] };
  switch (event.type) {
    case 'begin':
      return delivery.phase === 'queued' ? begin(delivery, event, timing) : same;
    case 'takenOver':
      return delivery.phase === 'begun' ? lost(delivery, 'takeover', event.atMs, timing) : same;
    case 'accepted':
      return isOpen(delivery) ? accepted(delivery, event.arrived, event.atMs, timing) : same;
    case 'refused':
      return delivery.phase === 'queued' || delivery.phase === 'begun'
        ? refused(delivery, event, timing)
        : same;
    case 'lost':
      return delivery.phase === 'begun' ? lost(delivery, event.how, event.atMs, timing) : same;
    case 'looked':
      if (isWatched(delivery)) return watched(delivery, event, timing);
      return delivery.phase === 'settling' || delivery.phase === 'uncertain'
        ? looked(delivery, event, timing)
        : same;
    case 'unreadable':
      if (isWatched(delivery)) return watched(delivery, event, timing);
      return delivery.phase === 'settling' || delivery.phase === 'uncertain'
        ? unreadable(delivery, event, timing)
        : same;
    case 'holdOver':
      // What is being posted has its text frozen, without the time that it will have to carry: after the outcome.
      return delivery.waiting && !delivery.aside && delivery.phase !== 'begun' ? setAside(delivery) : same;
    case 'retry':
      return retry(delivery, event.order, event.atMs) ?? same;
    case 'discard':
      return discard(delivery, event.atMs, timing) ?? same;
    case 'edited':
      return edited(delivery, event.by);
    case 'deleted':
      return deleted(delivery);
    case 'witnessed':
      return witnessed(delivery, event, timing) ?? same;
  }
}

/** An attempt may be out there. */
const isOpen = (d: Delivery): boolean =>
  d.phase === 'begun' || d.phase === 'settling' || d.phase === 'uncertain';

function begin(d: Delivery, event: DeliveryEvent & { type: 'begin' }, timing: Timing): Next {
  if (event.base === undefined && !d.repeatable) return { delivery: d, effects: [{ do: 'readBaseline' }] };
  const base = d.base ?? event.base;
  // What it waits for stays with it: whether it has come shows only when the POST is answered, and the time that it
  // may hold its lane must not begin anew with every try.
  const cleared = { ...without(d, 'wakeAtMs'), tryingSinceMs: firstTry(d, event.atMs) };
  if ((event.must || d.must) && !d.repeatable && !d.mayDouble) {
    // A forgotten POST left before the restart: what waited long enough since is looked for once, without a wait.
    const lostAtMs = Math.min(event.lostAtMs ?? event.atMs, event.atMs);
    return {
      delivery: {
        ...without(cleared, 'waiting', 'unreadableSinceMs'),
        phase: 'settling',
        // What was refused certainly did nothing; what was unknown may turn up.
        posts: d.unknown ? d.posts : 0,
        unknown: true,
        must: true,
        lost: 'takeover',
        looks: 0,
        lostAtMs,
        wakeAtMs: Math.max(lostAtMs + firstLook('takeover', timing), event.atMs),
        ...(base && { base }),
      },
      effects: [{ do: 'holdPair' }],
    };
  }
  return {
    delivery: { ...cleared, phase: 'begun', posts: d.posts + 1, mayDouble: false, ...(base && { base }) },
    effects: [{ do: 'holdPair' }],
  };
}

function refused(d: Delivery, event: DeliveryEvent & { type: 'refused' }, timing: Timing): Next {
  const { error, atMs } = event;
  const tryingSinceMs = firstTry(d, atMs);
  // However long the target says: the last try is due when patience ends.
  const wakeAtMs = Math.min(
    atMs + (error.afterMs ?? backOffMs(d.tries, event.jitter, timing.backOffMs)),
    Math.max(tryingSinceMs + timing.giveUpMs, atMs) + 1,
  );
  // What waits for a gate is no worse off than everybody else there: none of its attempts is used up.
  const tries = error.isHeld ? d.tries : d.tries + 1;
  const posts = error.isHeld && d.phase === 'begun' ? d.posts - 1 : d.posts;
  const isOver = error.kind === 'permanent' || atMs - tryingSinceMs > timing.giveUpMs;
  if (d.phase === 'queued' && d.unknown && isOver && !d.repeatable) {
    return uncertain({ ...d, refusal: explained(error) }, atMs, timing);
  }
  if (d.phase === 'begun' && d.unknown && !d.repeatable) {
    // Only what came before is in doubt; this attempt certainly is not. Look again before anything is said or sent.
    const settling: Delivery = {
      ...without(d, 'waiting', 'unreadableSinceMs'),
      phase: 'settling',
      looks: 0,
      lostAtMs: atMs,
      tries,
      posts,
      wakeAtMs: Math.max(atMs + firstLook(d.lost, timing), wakeAtMs),
    };
    return {
      delivery: isOver ? { ...settling, refusal: explained(error) } : settling,
      effects: [],
    };
  }
  // The pair stays held from part to part, but for a refusal: what waits for an hour must not hold other words to them.
  const release: Effect[] = d.phase === 'begun' || d.part > 0 ? [{ do: 'releasePair' }] : [];
  // What a restored Redis forgot of the part that is due lies after the base of the part before it.
  const back = d.unknown || d.must ? without(d, 'wakeAtMs') : without(d, 'base', 'lost', 'wakeAtMs');
  if (isOver) {
    return {
      delivery: {
        ...without(back, 'waiting'),
        phase: 'failed',
        unknown: false,
        failure: explained(error),
        ...noticed(d),
      },
      effects: [...release, { do: 'leaveLane' }, tell('failed')],
    };
  }
  const queued: Delivery = { ...back, phase: 'queued', tries, posts, tryingSinceMs, wakeAtMs };
  // One that waits has shown its buttons, and its hold runs on, whatever else comes between.
  if (error.isHeld || !error.waitsFor) return { delivery: queued, effects: release };
  const waiting = {
    ...explained(error),
    for: error.waitsFor,
    sinceMs: d.waiting?.sinceMs ?? atMs,
  };
  const isNews = d.waiting?.code !== waiting.code && !d.aside;
  return {
    delivery: { ...queued, waiting, ...(isNews && noticed(d)) },
    effects: isNews ? [...release, tell('waiting')] : release,
  };
}

/**
 * Since when it is tried: not since it was taken in. What waited for days behind others, or while sending was paused, has
 * all its patience before it.
 */
const firstTry = (d: Delivery, atMs: number): number => d.tryingSinceMs || atMs;

function lost(d: Delivery, how: NonNullable<Delivery['lost']>, atMs: number, timing: Timing): Next {
  const wakeAtMs = atMs + firstLook(how, timing);
  if (d.repeatable && atMs - d.tryingSinceMs > timing.giveUpMs) {
    const failure = { code: 'gave-up', sentence: 'It could not be said in time.' };
    return { delivery: { ...d, phase: 'failed', failure }, effects: [{ do: 'leaveLane' }] };
  }
  if (d.repeatable) {
    // Once more after things have settled: a late first change must not be the last word.
    return {
      delivery: { ...without(d, 'base'), phase: 'queued', tries: d.tries + 1, wakeAtMs },
      effects: [],
    };
  }
  const worst = d.lost === 'silent' ? 'silent' : how;
  return {
    delivery: {
      ...without(d, 'waiting', 'unreadableSinceMs'),
      phase: 'settling',
      unknown: true,
      lost: worst,
      looks: 0,
      lostAtMs: atMs,
      wakeAtMs,
    },
    effects: [],
  };
}

const explained = ({ code, sentence }: Refusal): Explained => ({ code, sentence });
