import { accepted, noticed, tell, without } from './accepted.ts';
import type { Delivery, DeliveryEvent, Effect, Explained, Next } from './delivery.ts';
import type { Timing } from './timing.ts';
import { isWatched } from './watch.ts';

const schedule = (how: Delivery['lost'], timing: Timing): readonly number[] =>
  how === 'silent' ? timing.lookAfterMs.silent : timing.lookAfterMs.broken;

/** How long after a loss the first look is due. */
export const firstLook = (how: Delivery['lost'], timing: Timing): number => schedule(how, timing)[0] ?? 0;

/**
 * After a restore everything that waits has been forgotten at the same moment: one look after the last of the waits
 * says as much as all of them, so that a full lane is not held for fifteen seconds a message.
 */
function overdueLooks(d: Delivery, atMs: number, timing: Timing): number {
  const elapsedMs = atMs - (d.lostAtMs ?? atMs);
  return schedule(d.lost, timing).filter((dueMs) => dueMs <= elapsedMs).length;
}

/**
 * From when on a reading is new enough for the look that is made now. What counts is how long after the loss it began:
 * so one reading after the last of the waits serves all that was lost before, however many they are.
 */
export function newEnoughMs(d: Delivery, nowMs: number, timing: Timing): number {
  // Nobody waits for it: a reading that was made for another in the second half of the wait will do.
  if (isWatched(d)) return (d.wakeAtMs ?? nowMs) - (timing.watchEveryMs[d.looks] ?? 0) / 2;
  if (d.phase === 'uncertain' || d.lostAtMs === undefined) return d.wakeAtMs ?? nowMs;
  const looks = d.must ? overdueLooks(d, nowMs, timing) - 1 : d.looks;
  return Math.min(d.lostAtMs + (schedule(d.lost, timing)[Math.max(looks, 0)] ?? 0), nowMs);
}

export function looked(d: Delivery, event: DeliveryEvent & { type: 'looked' }, timing: Timing): Next {
  if (event.found) return accepted(d, event.found, event.atMs, timing);
  if (d.phase === 'uncertain') return { delivery: slowLook(d, event.atMs, timing), effects: [] };
  const looks = Math.max(d.looks + 1, d.must ? overdueLooks(d, event.asOfMs ?? event.atMs, timing) : 0);
  const due = schedule(d.lost, timing)[looks];
  if (due !== undefined) {
    const wakeAtMs = Math.max((d.lostAtMs ?? event.atMs) + due, event.atMs);
    return { delivery: { ...without(d, 'unreadableSinceMs'), looks, wakeAtMs }, effects: [] };
  }
  const isSilent = d.lost === 'silent' && d.to === 'chatter';
  if (d.refusal || isSilent || d.posts >= timing.mostPosts) return undecided(d, event.atMs, timing);
  const free: Delivery = { ...without(d, 'wakeAtMs', 'unreadableSinceMs'), must: false };
  // Looked for only because Redis was restarted: nothing is known to have been posted that could still turn up.
  const isUntouched = d.posts === 0;
  if (isUntouched && d.must && d.part === 0) return asIfNew(free);
  return {
    delivery: { ...free, phase: 'begun', looks, posts: d.posts + 1 },
    effects: isUntouched ? [] : [{ do: 'leaveGhost' }],
  };
}

/** It has not gone, so what its writer has changed about it meanwhile is taken over before it does. */
const asIfNew = (d: Delivery): Next => ({
  delivery: { ...without(d, 'lost', 'lostAtMs'), phase: 'queued', unknown: false, looks: 0 },
  effects: [{ do: 'releasePair' }],
});

/**
 * A closed gate is no reason to call anything uncertain: an outage would do so to everybody, and looking again helps
 * as soon as it is over. So the two minutes' patience begins with the first look that failed, and anew behind a gate; the
 * day bounds it. It does not begin with the loss: what waited in its lane over a restart of Redis may have lost long ago.
 */
export function unreadable(d: Delivery, event: DeliveryEvent & { type: 'unreadable' }, timing: Timing): Next {
  const { atMs, isHeld } = event;
  const afterMs = event.retryAfterMs ?? firstLook(d.lost, timing);
  const wakeAtMs = atMs + afterMs;
  if (d.phase === 'uncertain') {
    const slow = slowLook(d, atMs, timing);
    const isOver = slow.wakeAtMs === undefined;
    return { delivery: isHeld && !isOver ? { ...d, wakeAtMs } : slow, effects: [] };
  }
  if (isHeld) {
    if (atMs - d.tryingSinceMs > timing.giveUpMs) return undecided(d, atMs, timing);
    return { delivery: { ...without(d, 'unreadableSinceMs'), wakeAtMs }, effects: [] };
  }
  const patienceMs = d.to === 'chat' ? timing.giveUpMs : (timing.lookAfterMs.silent.at(-1) ?? 0);
  const unreadableSinceMs = d.unreadableSinceMs ?? atMs;
  if (atMs - unreadableSinceMs > patienceMs) return undecided(d, atMs, timing);
  return { delivery: { ...d, unreadableSinceMs, wakeAtMs }, effects: [] };
}

/**
 * Looking has come to its end. A message to Chatter is put before its writer; nobody can be asked about what the
 * bridge itself says, and its mark is exact: it is said again as long as that may help, and then it is over.
 */
function undecided(d: Delivery, atMs: number, timing: Timing): Next {
  if (d.to === 'chatter') return uncertain(d, atMs, timing);
  const failure = d.refusal ?? { code: 'gave-up', sentence: 'It could not be said in time.' };
  return {
    delivery: { ...without(d, 'wakeAtMs', 'waiting'), phase: 'failed', failure },
    effects: [{ do: 'releasePair' }, { do: 'leaveLane' }],
  };
}

export function uncertain(d: Delivery, atMs: number, timing: Timing): Next {
  const why: Explained = d.refusal
    ? {
        code: 'refused-after-unknown',
        sentence: `${d.refusal.sentence} An earlier attempt may have arrived, though.`,
      }
    : { code: 'unconfirmed', sentence: 'Salesforce has not confirmed this message.' };
  // One that is out of its lane holds nothing: not the messages of other lanes to the same people, either.
  const letGo: Effect[] =
    d.aside && d.phase === 'settling' ? [{ do: 'leaveGhost' }, { do: 'releasePair' }] : [];
  return {
    delivery: {
      ...d,
      phase: 'uncertain',
      looks: 0,
      waiting: { ...why, for: 'certainty', sinceMs: atMs },
      wakeAtMs: atMs + timing.slowLookMs.first,
      ...noticed(d),
    },
    effects: [...letGo, tell('uncertain')],
  };
}

/** The next look at an uncertain one: ever more rarely; none when it was looked for long enough. */
function slowLook(d: Delivery, atMs: number, timing: Timing): Delivery {
  const { first, most, forMs } = timing.slowLookMs;
  if (atMs - (d.waiting?.sinceMs ?? atMs) > forMs) return without({ ...d, looks: d.looks + 1 }, 'wakeAtMs');
  return { ...d, looks: d.looks + 1, wakeAtMs: atMs + Math.min(first * 2 ** d.looks, most) };
}
