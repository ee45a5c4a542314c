import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeProcess } from '../../../sandbox/bridge/process.ts';

let folder: string;
let started: BridgeProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((process) => process.stop()));
  await rm(folder, { recursive: true });
});

const logFile = () => join(folder, 'log');
const written = () => readFile(logFile(), 'utf8').catch(() => '');

async function start(program: string, say: (line: string) => void = () => undefined): Promise<BridgeProcess> {
  const script = join(folder, 'program.mjs');
  await writeFile(script, program);
  const log = createWriteStream(logFile());
  const process = new BridgeProcess({ name: 'web', script, env: { GREETING: 'hello' }, log, say });
  started.push(process);
  return process;
}

const LIVES = `console.log(process.env.GREETING, process.env.npm_execpath); setInterval(() => {}, 1e6);`;

describe('a process of the bridge', () => {
  it('gets its settings and nothing else of ours, and writes to the log', async () => {
    await start(LIVES);
    await expect.poll(written).toBe('hello undefined\n');
  });

  it('is started again when it ends by itself, with one line about it', async () => {
    const say = vi.fn();
    const web = await start(LIVES, say);
    await expect.poll(written).toBe('hello undefined\n');
    const before = web.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await vi.waitFor(() =>
      expect(say.mock.calls).toEqual([['web ended by itself (SIGKILL); starting it again in 1.5 s']]),
    );
    expect(web.state).toBe('restarting');
    await expect.poll(written, { timeout: 10_000 }).toBe('hello undefined\nhello undefined\n');
    expect(web.pid).not.toBe(before);
    expect(web.state).toBe('running');
  });

  it('is told to stop once, finishes what it has in hand, and is not started again', async () => {
    const say = vi.fn();
    const web = await start(
      `process.on('SIGTERM', () => setTimeout(() => { console.log('finished'); process.exit(); }, 50)); ${LIVES}`,
      say,
    );
    await expect.poll(written).toContain('hello');
    await web.stop();
    await expect.poll(written).toBe('hello undefined\nfinished\n');
    expect(web.state).toBe('stopped');
    expect(say).not.toHaveBeenCalled();
  });

  it('is killed when it does not stop in time', { timeout: 20_000 }, async () => {
    const web = await start(`process.on('SIGTERM', () => console.log('no')); ${LIVES}`);
    await expect.poll(written).toContain('hello');
    await web.stop();
    await expect.poll(written).toContain('no');
  });

  it('ends with the sandbox, however that ends', async () => {
    const script = join(folder, 'program.mjs');
    await writeFile(script, `console.log('pid', process.pid); setInterval(() => {}, 1e6);`);
    const url = new URL('../../../sandbox/bridge/process.ts', import.meta.url).href;
    const parent = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        `import { createWriteStream } from 'node:fs';
        const { BridgeProcess } = await import(${JSON.stringify(url)});
        new BridgeProcess({ name: 'web', script: ${JSON.stringify(script)}, env: {}, log: createWriteStream(${JSON.stringify(logFile())}), say: console.log });`,
      ],
      { stdio: 'inherit' },
    );
    await expect.poll(written, { timeout: 10_000 }).toMatch(/pid \d+/);
    const pid = Number(/\d+/.exec(await written())?.[0]);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 5_000 });
  });
});
