import { describe, expect, it } from 'vitest';
import { createDrafts } from '../../src/store/drafts.ts';
import { privateRedis } from '../setup/redis.ts';
import { openLog } from './delivery-log/log.ts';

const server = await privateRedis();

async function open() {
  const { redis, keys, box } = await openLog(server);
  return { redis, keys, drafts: createDrafts(redis, keys, box) };
}

describe('a draft', () => {
  it('is there for its form until it is erased', async () => {
    const { drafts } = await open();
    await drafts.keep('V1', 'lunch?');
    expect(await drafts.read('V1')).toBe('lunch?');
    expect(await drafts.read('V2')).toBeUndefined();
    await drafts.erase('V1');
    expect(await drafts.read('V1')).toBeUndefined();
  });

  it('may be as long as a notification to five thousand people', async () => {
    const { drafts } = await open();
    const long = 'Grace Hopper, grace.hopper@corp.example '.repeat(30_000);
    await drafts.keep('V1', long);
    expect(await drafts.read('V1')).toBe(long);
  });

  it('is stored encrypted, for half an hour', async () => {
    const { drafts, redis, keys } = await open();
    await drafts.keep('V1', 'lunch?');
    expect(await redis.get(keys.draft('V1'))).not.toContain('lunch');
    const leftMs = await redis.pttl(keys.draft('V1'));
    expect(leftMs).toBeGreaterThan(29 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(30 * 60_000);
  });

  it('that was sent is there for a minute more', async () => {
    const { drafts, redis, keys } = await open();
    await drafts.keep('V1', 'lunch?');
    await drafts.fade('V1');
    expect(await drafts.read('V1')).toBe('lunch?');
    expect(await redis.pttl(keys.draft('V1'))).toBeLessThanOrEqual(60_000);
  });

  it('does not open in the place of another', async () => {
    const { drafts, redis, keys } = await open();
    await drafts.keep('V1', 'lunch?');
    await redis.set(keys.draft('V2'), (await redis.get(keys.draft('V1'))) ?? '');
    await expect(drafts.read('V2')).rejects.toThrow();
  });
});
