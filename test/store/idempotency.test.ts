import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBox } from '../../src/store/box.ts';
import { createIdempotency } from '../../src/store/idempotency.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();
const DAY_MS = 24 * 3_600_000;

async function open(leaseMs = 60_000) {
  const opened = await openLog(server);
  const { redis, keys, box } = opened;
  return {
    ...opened,
    idempotency: createIdempotency(redis, keys, box.marks, { leaseMs }),
    body: (text: string) => box.marks.mark(text),
  };
}
type Opened = Awaited<ReturnType<typeof open>>;

async function begun({ idempotency, body }: Opened, key = 'key-1', text = 'body') {
  const claim = await idempotency.claim(key, body(text));
  if (claim.kind !== 'begun') throw new Error(`not begun but: ${claim.kind}`);
  return claim;
}

describe('a key', () => {
  it('is claimed by one of many requests at once', async () => {
    const { idempotency, body } = await open();
    const claims = await Promise.all([1, 2, 3, 4].map(() => idempotency.claim('key-1', body('body'))));
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['begun', 'under-way', 'under-way', 'under-way']);
    expect(await idempotency.claim('key-2', body('body'))).toMatchObject({ kind: 'begun' });
  });

  it('gives the same answer from then on, for a day since its first request', async () => {
    const opened = await open();
    const { idempotency, body, redis, everlasting } = opened;
    await begun(opened);
    await idempotency.answer('key-1', '{"status":202}');
    expect(await idempotency.claim('key-1', body('body'))).toEqual({
      kind: 'answered',
      answer: '{"status":202}',
    });
    expect(await everlasting()).toEqual([]);
    const [name = ''] = (await redis.keys('*')).filter((each) => each.includes(':api-request:'));
    expect(await redis.pttl(name)).toBeGreaterThan(DAY_MS - 10_000);
    expect(await redis.pttl(name)).toBeLessThanOrEqual(DAY_MS);
  });

  it.each(['under way', 'answered', 'let go of'])(
    'belongs to one body, also when that is %s',
    async (state) => {
      const opened = await open();
      const { idempotency, body } = opened;
      const { token } = await begun(opened);
      if (state === 'answered') await idempotency.answer('key-1', '{}');
      if (state === 'let go of') await idempotency.release('key-1', token);
      expect(await idempotency.claim('key-1', body('another body'))).toEqual({ kind: 'other-body' });
    },
  );

  it('is taken over from whoever died, with the time at which it first came', async () => {
    const opened = await open(50);
    const first = await begun(opened);
    await expect
      .poll(() => opened.idempotency.claim('key-1', opened.body('body')))
      .toMatchObject({ kind: 'begun', sinceMs: first.sinceMs });
  });

  it('is taken over by one of many', async () => {
    const opened = await open();
    const { idempotency, body } = opened;
    const { token } = await begun(opened);
    await idempotency.release('key-1', token);
    const claims = await Promise.all([1, 2, 3, 4].map(() => idempotency.claim('key-1', body('body'))));
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['begun', 'under-way', 'under-way', 'under-way']);
  });

  it('may be used for anything again when certainly nothing was done', async () => {
    const opened = await open();
    const { token } = await begun(opened);
    await opened.idempotency.forget('key-1', token);
    await begun(opened, 'key-1', 'another body');
  });

  it('is not given away by one that has lost it', async () => {
    const opened = await open(1);
    const { idempotency, body } = opened;
    const { token } = await begun(opened);
    await expect.poll(() => idempotency.claim('key-1', body('body'))).toMatchObject({ kind: 'begun' });
    await idempotency.forget('key-1', token);
    expect(await idempotency.claim('key-1', body('another body'))).toEqual({ kind: 'other-body' });
  });

  it('says nothing of itself and of its body to who reads Redis', async () => {
    const opened = await open();
    await begun(opened, 'ada@corp.com', 'a secret');
    const stored = JSON.stringify(await opened.dump());
    expect(stored).toContain('sinceMs');
    expect(stored).not.toMatch(/ada@corp|secret/);
  });

  it('outlives a change of the encryption keys', async () => {
    const { redis, keys } = await openLog(server);
    const [before, now] = ['1', '2'].map((id) => ({ id, key: randomBytes(32) }));
    if (!before || !now) throw new Error('two keys');
    const [old, changed] = [createBox([before]).marks, createBox([now, before]).marks];
    await createIdempotency(redis, keys, old).claim('key-1', old.mark('body'));
    const later = createIdempotency(redis, keys, changed);
    expect(await later.claim('key-1', changed.mark('body'))).toEqual({ kind: 'under-way' });
    expect(await later.claim('key-1', changed.mark('another'))).toEqual({ kind: 'other-body' });
  });
});
