import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { privateRedis } from '../setup/redis.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const redis = await privateRedis();
const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
afterAll(() => rm(folder, { recursive: true }));

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

/** Runs the command as a person does, but on a Redis, folder and port of this test's own. */
function run(env: Record<string, string>) {
  const sandbox = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts'], {
    cwd: project,
    env: { ...process.env, REDIS_URL: redis.url, SANDBOX_FOLDER: folder, SANDBOX_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = sandbox;
  let text = '';
  for (const stream of [sandbox.stdout, sandbox.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { sandbox, text: () => text };
}

const PAGE = /^http:\/\/127\.0\.0\.1:\d+\/$/m;

describe('npm run sandbox', { timeout: 60_000 }, () => {
  it('says on a line of its own where the page is, and leaves nothing behind after Ctrl-C', async () => {
    const { sandbox, text } = run({});
    await expect.poll(text, { timeout: 40_000 }).toMatch(PAGE);
    const [, log = ''] = /they log to (\S+)/.exec(text()) ?? [];
    // The worker may be ready before its word of that has reached the file.
    await expect.poll(() => readFile(join(project, log), 'utf8')).toContain('worker is up');
    const [url = ''] = PAGE.exec(text()) ?? [];
    expect((await fetch(url)).status).toBe(200);
    const [, slackUrl = ''] = /Slack .*(http:\S+)/.exec(text()) ?? [];

    const exited = once(sandbox, 'exit');
    const startMs = performance.now();
    sandbox.kill('SIGINT');
    sandbox.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - startMs).toBeLessThan(8_000);
    await expect(fetch(url)).rejects.toThrow();
    await expect(fetch(slackUrl)).rejects.toThrow();
  });

  it('says in one line that its Redis does not answer, and starts nothing', async () => {
    const port = await closedPort();
    const { sandbox, text } = run({ REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(await once(sandbox, 'exit')).toEqual([1, null]);
    expect(text()).toMatch(/^REDIS_URL does not answer: .*\n$/);
  });
});

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
