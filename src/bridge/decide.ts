import { accepted, noticed, tell, without } from './accepted.ts';
import type { Delivery, DeliveryEvent, Effect, Next } from './delivery.ts';
import type { Timing } from './timing.ts';
import { ending, turnedUp } from './watch.ts';

/**
 * The pair is held no longer: what may still turn up is ours. One that is aside has let go before, and so has one whose
 * Retry was refused before anything was sent: it has lost nothing since.
 */
const letGo = (d: Delivery): Effect[] =>
  d.aside || d.lostAtMs === undefined ? [] : [{ do: 'leaveGhost' }, { do: 'releasePair' }];

export function setAside(d: Delivery): Next {
  const effects: Effect[] = [{ do: 'leaveLane' }, tell('set-aside')];
  if (d.phase === 'uncertain') effects.unshift(...letGo(d));
  return {
    delivery: { ...d, parts: untouched(d) ? 0 : d.parts, aside: true, late: true, ...noticed(d) },
    effects,
  };
}

export function retry(d: Delivery, order: number, atMs: number): Next | undefined {
  if (d.phase === 'failed') {
    return {
      delivery: {
        ...without(d, 'failure', 'waiting', 'base', 'lost'),
        phase: 'queued',
        order,
        tryingSinceMs: atMs,
        tries: 0,
        posts: 0,
        // The text is made anew, now with its time; a part that follows a delivered one stays as it was.
        parts: d.part === 0 ? 0 : d.parts,
        aside: false,
        late: true,
      },
      effects: [{ do: 'rejoinLane' }, tell('trying-again')],
    };
  }
  if (d.phase === 'uncertain') {
    return {
      delivery: {
        // Also forgets how the former attempts were lost: from here on it is sent at the person's word.
        ...without(d, 'waiting', 'refusal', 'wakeAtMs', 'lost', 'lostAtMs', 'unreadableSinceMs'),
        phase: 'queued',
        mayDouble: true,
        posts: 0,
        tryingSinceMs: atMs,
      },
      effects: [...letGo(d), tell('trying-again')],
    };
  }
  if (d.phase === 'queued' && d.waiting) {
    return { delivery: { ...without(d, 'wakeAtMs'), tries: 0 }, effects: [] };
  }
  return undefined;
}

export function discard(d: Delivery, atMs: number, timing: Timing): Next | undefined {
  const gone: Delivery = { ...without(d, 'waiting', 'wakeAtMs'), phase: 'discarded' };
  if (d.phase === 'failed') return { delivery: gone, effects: [{ do: 'erase' }, tell('discarded')] };
  if (d.phase === 'uncertain') {
    const left = letGo(d);
    const ghosts = d.ghosts + left.filter((effect) => effect.do === 'leaveGhost').length;
    const { delivery, erase } = ending({ ...gone, ghosts }, atMs, timing);
    return {
      delivery,
      effects: [...left, { do: 'leaveLane' }, ...erase, tell('discarded')],
    };
  }
  if (d.phase === 'queued' && d.waiting) {
    const { delivery, erase } = ending(gone, atMs, timing);
    return { delivery, effects: [{ do: 'leaveLane' }, ...erase, tell('discarded')] };
  }
  return undefined;
}

/** Never begun, or certainly not posted. */
export const untouched = (d: Delivery): boolean =>
  (d.phase === 'queued' || d.phase === 'failed') && !d.unknown && d.part === 0;

export function edited(d: Delivery, by: Delivery['edited']): Next {
  const isOlder = by !== undefined && d.edited !== undefined && d.edited.atUs >= by.atUs;
  if (d.phase === 'discarded' || isOlder) return { delivery: d, effects: [] };
  if (untouched(d)) {
    return { delivery: { ...d, parts: 0, ...(by && { edited: by }) }, effects: [{ do: 'replaceText' }] };
  }
  return { delivery: d, effects: [{ do: 'followUp', kind: 'edit' }] };
}

export function deleted(d: Delivery): Next {
  if (d.phase === 'discarded') {
    // Some of it is out, or may be.
    const isOut = d.part > 0 || d.ghosts > 0;
    return { delivery: d, effects: isOut ? [{ do: 'followUp', kind: 'delete' }] : [] };
  }
  if (untouched(d)) {
    const effects: Effect[] = [{ do: 'erase' }];
    if (d.phase === 'queued') effects.unshift({ do: 'leaveLane' });
    // A note with a choice stands there: there is nothing to choose any more.
    if (d.told > 0) effects.push(tell('discarded'));
    return { delivery: { ...without(d, 'waiting', 'wakeAtMs'), phase: 'discarded' }, effects };
  }
  return { delivery: d, effects: [{ do: 'followUp', kind: 'delete' }] };
}

/**
 * A stale owner's POST was answered after all: its id is proof, whoever holds the delivery now.
 * `part` is the one that it was about; the delivery may have gone on since.
 */
export function witnessed(
  d: Delivery,
  event: DeliveryEvent & { type: 'witnessed' },
  timing: Timing,
): Next | undefined {
  const { arrived, atMs, part = d.part } = event;
  if (d.arrived?.id === arrived.id || d.phase === 'failed') return undefined;
  if (part === d.part && isDoubtful(d)) return accepted(d, arrived, atMs, timing, event.ghost);
  if (part === d.part && d.phase === 'queued') return undefined;
  // A restored Redis has forgotten that it went on so far: it is looked for when its turn comes.
  if (part > d.part) return undefined;
  return turnedUp(d, arrived, part, event.ghost);
}

/** Whether the current part has arrived is not known, or will be soon. */
const isDoubtful = (d: Delivery): boolean =>
  d.phase === 'begun' ||
  d.phase === 'settling' ||
  d.phase === 'uncertain' ||
  (d.phase === 'queued' && d.unknown);
