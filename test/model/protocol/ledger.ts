import type { Applied } from './apply.ts';
import { plusOne, type World } from './world.ts';

/** What judges have to know of a stored change and cannot see later. */
export function noted(world: World, { done, change, effects }: Applied): World {
  if (done !== 'stored' || !change) return world;
  const { before, after, pair } = change;
  let { ledger } = world;
  if (effects.some((effect) => effect.do === 'tell' && effect.what === 'arrived-twice')) {
    ledger = { ...ledger, toldTwice: plusOne(ledger.toldTwice, after.id) };
  }
  if (after.phase === 'failed' && before.phase !== 'failed') {
    ledger = { ...ledger, failedAt: { ...ledger.failedAt, [after.id]: world.stored.length } };
  }
  const [was, is] = [pair?.before.highWater?.atMs ?? -1, pair?.after.highWater?.atMs ?? -1];
  return { ...world, ledger: is < was ? { ...ledger, markSteppedBack: true } : ledger };
}
