import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRedisServer } from '../../../sandbox/redis/find.ts';

const home = await mkdtemp(join(tmpdir(), 'find-'));
afterAll(() => rm(home, { recursive: true }));

async function program(path: string): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

describe('the Redis server', () => {
  it('is redis-server of the PATH before valkey-server', async () => {
    const valkey = await program('one/valkey-server');
    expect(await findRedisServer(join(home, 'one'))).toEqual({ command: valkey, env: {} });
    const redis = await program('two/redis-server');
    expect((await findRedisServer(`${home}/one:${home}/two`)).command).toBe(redis);
  });

  it('is one fetched earlier, with its libraries, where the PATH has none', async () => {
    const fetched = await program('data/valkey-server/usr/bin/valkey-server');
    await mkdir(join(home, 'data/valkey-server/usr/lib/aarch64-linux-gnu'), { recursive: true });
    const { command, env } = await findRedisServer(join(home, 'empty'), join(home, 'data'));
    expect(command).toBe(fetched);
    expect(env.LD_LIBRARY_PATH?.split(':')).toContain(
      join(home, 'data/valkey-server/usr/lib/aarch64-linux-gnu'),
    );
  });

  it('is asked for in one line where it can neither be found nor fetched', async () => {
    const noFolder = join(await program('a-file'), 'folder');
    await expect(findRedisServer('', noFolder)).rejects.toThrow(
      /^No Redis server in PATH\. Fetching .* failed: .* To install it, type: apt-get install redis-server$/,
    );
  });
});
