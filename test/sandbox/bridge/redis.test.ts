import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { openRedis } from '../../../sandbox/bridge/redis.ts';
import { privateRedis } from '../../setup/redis.ts';

const server = await privateRedis();
const client = new Redis(server.url);
afterAll(() => client.disconnect());

const open = (url: string) => openRedis('no-folder-is-needed', url);

describe('the Redis of the sandbox', () => {
  it('is emptied when it is an earlier sandbox’s', async () => {
    await client.flushall();
    await open(server.url);
    await client.set('left by an earlier sandbox', '1');
    expect((await open(server.url)).url).toBe(server.url);
    expect(await client.exists('left by an earlier sandbox')).toBe(0);
  });

  it('is refused, and left alone, when it holds something else', async () => {
    await client.flushall();
    await client.set('precious', '1');
    await expect(open(server.url)).rejects.toThrow(/is not empty/);
    expect(await client.get('precious')).toBe('1');
  });

  it('may be one database among others', async () => {
    await client.flushall();
    await client.set('precious', '1');
    await open(`${server.url}/15`);
    await open(`${server.url}/15`);
    expect(await client.get('precious')).toBe('1');
  });
});
