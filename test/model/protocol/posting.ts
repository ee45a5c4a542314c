import type { DeliveryEvent } from '../../../src/bridge/delivery.ts';
import type { Move } from '../checker/system.ts';
import { textOf } from './apply.ts';
import { NOW_MS } from './essence.ts';
import { arrivedAs } from './salesforce.ts';
import { go, hears, say, type Turn } from './turn.ts';
import type { Post, World } from './world.ts';

/** No byte leaves when the lock may have expired. The guard is passed some time before the bytes leave. */
export function guardMoves(turn: Turn): Move<World>[] {
  const { world, run, setting } = turn;
  const passes = say(turn, 'may send', go(turn, { place: 'guarded' }));
  if (!run.isStale || !setting.protocol.guard) return [passes];
  // Older than Redis's restart: its lock may be gone, or be proven for a moment more.
  const isOld = run.epoch < world.log.epoch;
  const error = { code: 'lock-stale', sentence: '', kind: 'passing' as const };
  const refused: DeliveryEvent = { type: 'refused', error, atMs: NOW_MS, jitter: 0 };
  return [
    ...(isOld ? [passes] : []),
    say(turn, 'has lost its lock', go(turn, undefined)),
    say(turn, 'may not send any more', hears(turn, refused)),
  ];
}

/** The bytes leave; then the answer is waited for. */
export function postMoves(turn: Turn): Move<World>[] {
  const { world, worker, run } = turn;
  if (run.place === 'guarded') {
    const post = postOf(turn);
    const to = { ...go(turn, { place: 'posted' }), posts: [...world.posts, post] };
    return [say(turn, `POSTs "${post.text}"`, to)];
  }
  const post = world.posts.find((other) => other.worker === worker);
  if (post?.stored === undefined) return [];
  const posts = world.posts.filter((other) => other !== post);
  const accepted: DeliveryEvent = { type: 'accepted', arrived: arrivedAs(post.stored), atMs: NOW_MS };
  return [say(turn, `is answered #${post.stored}`, { ...hears(turn, accepted), posts })];
}

function postOf({ world, worker, run, message }: Turn): Post {
  const { delivery, text } = run.hand;
  return {
    of: message.id,
    part: delivery.part,
    pair: message.pair,
    text: textOf(message, text, delivery.part),
    epoch: run.epoch,
    worker,
    stored: undefined,
    isLate: false,
    isFrozen: run.isFrozen,
    isAsked: run.isAsked,
    isFixed: delivery.aside && delivery.unknown,
    lookedAt: run.lookedAt ?? world.stored.length,
    saysItsTime: text !== message.text,
  };
}
