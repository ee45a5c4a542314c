import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { cutAof } from '../../sandbox/redis/aof.ts';
import type { RedisOptions } from '../../sandbox/redis/server.ts';
import type { Arena } from './arena.ts';
import type { Counted } from './judge.ts';
import { Occasions } from './occasion.ts';

/** Something bad that happens to Redis while people write. */
export interface Torment {
  readonly name: string;
  readonly redis?: RedisOptions;
  /** What was acknowledged shortly before may be lost by its nature. */
  readonly mayForget: boolean;
  /** What there must be some of, or it did not happen. */
  readonly shows?: Counted;
  /** @returns how often it happened. */
  during(arena: Arena, forMs: number): Promise<number>;
  /** When all has settled, and before people go on. */
  afterwards?(arena: Arena): Promise<void>;
}

/** More than what `everysec` may lose, and more than what is cut off. */
const FORGETS_MS = 3_000;
const ON_ITS_WAY_MS = 300;
const CUT_BLOCKS = 100;
const STILL_MS = [1_000, 2_500, 4_500];
const FULL_MS = 3_000;
const TIMES = 3;

async function several(forMs: number, times: number, act: (time: number) => Promise<void>): Promise<number> {
  for (let time = 0; time < times; time += 1) {
    await pause(forMs / (times + 1));
    await act(time);
  }
  return times;
}

/**
 * Whatever was acknowledged in these moments may be gone; so may what Redis had stored when it died, and whose
 * acknowledgement is still on its way.
 */
async function excuseLast({ ledger }: Arena, withinMs: number): Promise<void> {
  await pause(ON_ITS_WAY_MS);
  for (const { written, excuses } of ledger.stories.values()) {
    if (written.some(({ ackMs = 0 }) => ackMs >= Date.now() - withinMs)) excuses.add('redis-forgot');
  }
}

async function asOperator(arena: Arena, act: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(arena.redis.url);
  try {
    await act(redis);
  } finally {
    redis.disconnect();
  }
}

const restored: Torment & { copy?: string } = {
  name: 'an older backup restored',
  mayForget: false,
  async during(arena, forMs) {
    await pause(forMs / 2);
    const { redis } = arena;
    this.copy = await mkdtemp(join(tmpdir(), 'backup-'));
    await redis.kill();
    await cp(redis.folder, this.copy, { recursive: true });
    await redis.restart();
    return 1;
  },
  async afterwards({ redis }) {
    const copy = this.copy ?? '';
    await redis.kill();
    await rm(redis.folder, { recursive: true });
    await cp(copy, redis.folder, { recursive: true });
    await rm(copy, { recursive: true });
    await redis.restart();
  },
};

export const TORMENTS: readonly Torment[] = [
  {
    name: 'killed, appendfsync always',
    mayForget: false,
    during: (arena, forMs) =>
      several(forMs, TIMES, async () => {
        await arena.redis.kill();
        await arena.redis.restart();
      }),
  },
  {
    name: 'killed, appendfsync everysec',
    redis: { appendfsync: 'everysec' },
    mayForget: true,
    during: (arena, forMs) =>
      several(forMs, TIMES, async () => {
        await arena.redis.kill();
        await excuseLast(arena, FORGETS_MS);
        await arena.redis.restart();
      }),
  },
  {
    name: 'its last blocks cut off',
    mayForget: true,
    during: (arena, forMs) =>
      several(forMs, 1, async () => {
        await arena.redis.kill();
        await excuseLast(arena, FORGETS_MS);
        await cutAof(arena.redis.folder, { blocks: CUT_BLOCKS, torn: true });
        await arena.redis.restart();
      }),
  },
  {
    name: 'full',
    mayForget: false,
    shows: 'refused at once',
    during: (arena, forMs) =>
      several(forMs, 1, async () => {
        await asOperator(arena, (redis) => redis.config('SET', 'maxmemory', '1'));
        const occasions = new Occasions(arena);
        await occasions.type(occasions.freshLane());
        await pause(FULL_MS);
        await asOperator(arena, (redis) => redis.config('SET', 'maxmemory', '0'));
      }),
  },
  {
    name: 'standing still for seconds',
    mayForget: false,
    during: (arena, forMs) =>
      several(forMs, STILL_MS.length, async (time) => {
        const pid = arena.redis.pid ?? 0;
        process.kill(pid, 'SIGSTOP');
        await pause(STILL_MS[time]);
        process.kill(pid, 'SIGCONT');
      }),
  },
  {
    name: 'connections cut',
    mayForget: false,
    during: (arena, forMs) =>
      several(forMs, TIMES, () =>
        asOperator(arena, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
      ),
  },
  restored,
];
