import type { Refusal } from '../../src/bridge/delivery.ts';

/** What becomes of one network call. `late` commits some time after, when a `land` comes; `stalled` is answered late. */
export const FATES = [
  'accepted',
  'answer lost: broken',
  'answer lost: silent',
  'dropped: broken',
  'dropped: silent',
  'late: broken',
  'late: silent',
  'passing no',
  'permanent no',
  'needs token',
  'gate closed',
  'crash before',
  'crash after',
  'stalled',
] as const;
export type Fate = (typeof FATES)[number];

/** What the target says, or what stands in the way, when it is a certain no. */
export function refusalOf(fate: Fate): Refusal | undefined {
  if (fate === 'passing no') return { code: 'limit', sentence: 'Not now.', kind: 'passing' };
  if (fate === 'permanent no') return { code: 'no', sentence: 'Never.', kind: 'permanent' };
  if (fate === 'needs token') {
    return { code: 'token', sentence: 'Connect again.', kind: 'passing', waitsFor: 'token' };
  }
  if (fate === 'gate closed') {
    return { code: 'away', sentence: 'Away.', kind: 'passing', afterMs: 500, isHeld: true };
  }
  return undefined;
}
