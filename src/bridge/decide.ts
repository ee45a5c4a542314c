import { accepted, tell, without } from './accepted.ts';
import type { Arrived, Delivery, Effect, Next } from './delivery.ts';

export function setAside(d: Delivery): Next {
  const effects: Effect[] = [{ do: 'leaveLane' }, tell('set-aside')];
  if (d.phase === 'uncertain') effects.unshift({ do: 'leaveGhost' }, { do: 'releasePair' });
  return {
    delivery: { ...d, parts: untouched(d) ? 0 : d.parts, aside: true, late: true, told: d.told + 1 },
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
        ...without(d, 'waiting', 'refusal', 'wakeAtMs'),
        phase: 'queued',
        mayDouble: true,
        posts: 0,
        tryingSinceMs: atMs,
      },
      effects: [{ do: 'releasePair' }, tell('trying-again')],
    };
  }
  if (d.phase === 'queued' && d.waiting) {
    return { delivery: { ...without(d, 'wakeAtMs'), tries: 0 }, effects: [] };
  }
  return undefined;
}

export function discard(d: Delivery): Next | undefined {
  const gone: Delivery = { ...without(d, 'waiting', 'wakeAtMs'), phase: 'discarded' };
  if (d.phase === 'failed') return { delivery: gone, effects: [{ do: 'erase' }, tell('discarded')] };
  if (d.phase === 'uncertain') {
    return {
      delivery: gone,
      effects: [
        { do: 'leaveGhost' },
        { do: 'releasePair' },
        { do: 'leaveLane' },
        { do: 'erase' },
        tell('discarded'),
      ],
    };
  }
  if (d.phase === 'queued' && d.waiting && !d.unknown) {
    return { delivery: gone, effects: [{ do: 'leaveLane' }, { do: 'erase' }, tell('discarded')] };
  }
  return undefined;
}

/** Never begun, or certainly not posted. */
const untouched = (d: Delivery): boolean =>
  (d.phase === 'queued' || d.phase === 'failed') && !d.unknown && d.part === 0;

export function edited(d: Delivery): Next {
  if (d.phase === 'discarded') return { delivery: d, effects: [] };
  if (untouched(d)) return { delivery: { ...d, parts: 0 }, effects: [{ do: 'replaceText' }] };
  return { delivery: d, effects: [{ do: 'followUp', kind: 'edit' }] };
}

export function deleted(d: Delivery): Next {
  if (d.phase === 'discarded') return { delivery: d, effects: [] };
  if (untouched(d)) {
    const effects: Effect[] = [{ do: 'erase' }];
    if (d.phase === 'queued' && !d.aside) effects.unshift({ do: 'leaveLane' });
    return { delivery: { ...without(d, 'waiting', 'wakeAtMs'), phase: 'discarded' }, effects };
  }
  return { delivery: d, effects: [{ do: 'followUp', kind: 'delete' }] };
}

/** A stale owner's POST was answered after all: its id is proof, whoever holds the delivery now. */
export function witnessed(d: Delivery, arrived: Arrived): Next | undefined {
  if (d.phase === 'settling' || d.phase === 'uncertain') return accepted(d, arrived);
  if (d.arrived?.id === arrived.id) return undefined;
  if (d.phase !== 'failed' && (d.phase !== 'queued' || d.arrived)) {
    return {
      delivery: { ...d, told: d.told + 1 },
      effects: [{ do: 'acknowledge', arrived }, tell('arrived-twice')],
    };
  }
  return undefined;
}
