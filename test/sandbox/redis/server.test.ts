import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { connect as connectTo } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { startRedis } from '../../../sandbox/redis/server.ts';
import { privateRedis } from '../../setup/redis.ts';

const server = await privateRedis();
const clients: Redis[] = [];

function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Whether anything listens on the port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

describe('a private Redis server', () => {
  it('is set as the bridge asks of every Redis', async () => {
    const client = connect(server.url);
    const setting = async (name: string) => ((await client.config('GET', name)) as string[])[1];
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('always');
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('save')).toBe('');
    expect((await stat(server.folder)).mode & 0o777).toBe(0o700);
  });

  it('answers nobody without its password', async () => {
    const stranger = connect(`redis://127.0.0.1:${server.port}`);
    await expect(stranger.set('key', 'value')).rejects.toThrow('NOAUTH');
  });

  it('keeps what it acknowledged when it is killed, and its address when it is restarted', async () => {
    const client = connect(server.url);
    await client.set('kept', 'over a kill');
    const pid = server.pid;
    await server.kill();
    expect(server.pid).toBeUndefined();
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await client.get('kept')).toBe('over a kill');
  });

  it('refuses data that another server uses', async () => {
    await expect(startRedis({ folder: server.folder })).rejects.toThrow(/Another Redis server uses/);
    expect(await connect(server.url).ping()).toBe('PONG');
  });

  it('takes more settings, and removes its temporary folder when stopped', async () => {
    const other = await startRedis({ appendfsync: 'no', extra: { 'enable-debug-command': 'yes' } });
    expect(await connect(other.url).config('GET', 'enable-debug-command')).toContain('yes');
    await other.stop();
    await expect(stat(other.folder)).rejects.toThrow('ENOENT');
  });

  it.skipIf(process.platform !== 'linux')('does not outlive a killed Node', async () => {
    const program = new URL('./start-and-wait.ts', import.meta.url).pathname;
    const node = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program]);
    const [line] = (await once(node.stdout, 'data')) as [Buffer];
    const { port, folder } = JSON.parse(line.toString());
    expect(await answers(port)).toBe(true);
    node.kill('SIGKILL');
    await expect.poll(() => answers(port)).toBe(false);
    await rm(folder, { recursive: true });
  });

  it('says why it could not start', async () => {
    await expect(startRedis({ extra: { 'no-such-directive': '1' } })).rejects.toThrow(/no-such-directive/);
  });
});
