import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RedisServer } from '../../sandbox/redis/server.ts';
import { askDurability, type RedisAnswers, readDurability } from '../../src/store/durability.ts';
import { connectState, whenReady } from '../../src/store/redis.ts';
import { privateRedis } from '../setup/redis.ts';

const info = (changed: Record<string, string> = {}): string =>
  Object.entries({ aof_enabled: '1', maxmemory_policy: 'noeviction', role: 'master', ...changed })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('');
const config = { appendonly: 'yes', appendfsync: 'always' };
const read = (changed: Partial<RedisAnswers>) => readDurability({ info: info(), config, ...changed });

describe('how Redis is set', () => {
  it('is as the README asks', () => {
    expect(read({})).toEqual({ weak: [], unknown: [] });
  });

  it.each([
    ['no AOF', { info: info({ aof_enabled: '0' }) }, 'appendonly no'],
    ['everysec', { config: { ...config, appendfsync: 'everysec' } }, 'appendfsync everysec'],
    ['no fsync at all', { config: { ...config, appendfsync: 'no' } }, 'appendfsync no'],
    [
      'an evicting policy',
      { info: info({ maxmemory_policy: 'allkeys-lru' }) },
      'maxmemory-policy allkeys-lru',
    ],
    ['a replica', { info: info({ role: 'slave' }) }, 'is a replica'],
  ])('%s is weaker, in one sentence', (_what, changed, words) => {
    const { weak, unknown } = read(changed);
    expect(weak).toHaveLength(1);
    expect(weak[0]).toContain(words);
    expect(unknown).toEqual([]);
  });

  it('without an AOF does not hang on when it would be written', () => {
    expect(read({ info: info({ aof_enabled: '0' }), config: { appendfsync: 'everysec' } }).weak).toHaveLength(
      1,
    );
  });

  it('is judged weak or unknown or sound, each setting once, whatever is answered', () => {
    const value = fc.option(
      fc.constantFrom('0', '1', 'yes', 'no', 'always', 'everysec', 'noeviction', 'odd'),
    );
    fc.assert(
      fc.property(value, value, value, fc.boolean(), (aof, fsync, policy, hasConfig) => {
        const { weak, unknown } = readDurability({
          info: `${aof === null ? '' : `aof_enabled:${aof}`}\r\nmaxmemory_policy:${policy ?? ''}\r\n`,
          config: hasConfig ? { ...(fsync !== null && { appendfsync: fsync }) } : undefined,
        });
        const named = [...weak.map((one) => /`(\S+)/.exec(one)?.[1]), ...unknown];
        expect(new Set(named).size).toBe(named.length);
        expect(named.includes('maxmemory-policy')).toBe(policy !== 'noeviction');
      }),
    );
  });

  it('says what it could not find out', () => {
    expect(read({ config: undefined })).toEqual({ weak: [], unknown: ['appendfsync'] });
    expect(read({ info: '', config: undefined }).unknown).toEqual([
      'appendonly',
      'appendfsync',
      'maxmemory-policy',
    ]);
  });
});

async function ask(server: RedisServer, url = server.url) {
  const redis = connectState(url, () => {});
  onTestFinished(() => redis.disconnect());
  await whenReady(redis, 5_000);
  return askDurability(redis);
}

const sound = await privateRedis();
const weak = await privateRedis({ appendfsync: 'everysec', extra: { 'maxmemory-policy': 'volatile-ttl' } });

describe('a real Redis', () => {
  it('that is set as the README asks has no weakness', async () => {
    expect(await ask(sound)).toEqual({ weak: [], unknown: [] });
  });

  it('that is weaker tells each', async () => {
    const { weak: told, unknown } = await ask(weak);
    expect(told.map((one) => /`(.*?)`/.exec(one)?.[1])).toEqual([
      'appendfsync everysec',
      'maxmemory-policy volatile-ttl',
    ]);
    expect(unknown).toEqual([]);
  });

  it('whose CONFIG is forbidden leaves open only what INFO does not tell', async () => {
    const admin = new Redis(sound.url);
    onTestFinished(() => admin.disconnect());
    await admin.call('ACL', 'SETUSER', 'bridge', 'on', '>secret', '~*', '+@all', '-config');
    const url = sound.url.replace(/\/\/:[^@]*@/, '//bridge:secret@');
    expect(await ask(sound, url)).toEqual({ weak: [], unknown: ['appendfsync'] });
  });
});
