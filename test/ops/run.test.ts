import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** A real process around `run`; `start` is the code of what is started. Its lines are read as they come. */
function startProcess(start: string): { child: ChildProcess; lines: () => string[]; errors: () => string } {
  const code = `
    import { createLogger } from './src/ops/log.ts';
    import { run } from './src/ops/run.ts';
    const log = createLogger('info', 'test');
    await run(log, ${start});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    cwd: root,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const messageOf = (line: string) => String((JSON.parse(line) as { msg: unknown }).msg);
  const lines = () => out.split('\n').slice(0, -1).map(messageOf);
  return { child, lines, errors: () => errors };
}

const patient = { timeout: 10_000 };

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what is in hand after %s, once, and ends well',
    async (signal) => {
      const { child, lines, errors } = startProcess(`async () => {
      const alive = setInterval(() => {}, 1_000);
      log.info('up');
      return {
        async stop() {
          log.info('finishing');
          await new Promise((resolve) => setTimeout(resolve, 50));
          clearInterval(alive);
        },
      };
    }`);
      await expect.poll(lines, patient).toContain('up');
      const exited = once(child, 'close');
      child.kill(signal);
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(lines()).toEqual(['up', 'stopping', 'finishing', 'stopped']);
      expect(errors()).toBe('');
    },
  );

  it('that cannot start says why, in one line, and ends', async () => {
    const { child, lines } = startProcess(`async () => { throw new Error('Redis did not answer'); }`);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(lines()).toEqual(['cannot start']);
  });

  it('ends when a rejection is handled by nobody, so that a sound one is started', async () => {
    const { child, lines } = startProcess(`async () => {
      setTimeout(() => Promise.reject(new Error('lost')), 10);
      setInterval(() => {}, 1_000);
      return { async stop() {} };
    }`);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(lines()).toEqual(['unhandled rejection']);
  });

  it('that fails to stop in order ends all the same, and says so', async () => {
    const { child, lines } = startProcess(`async () => {
      setInterval(() => {}, 1_000);
      log.info('up');
      return { stop: async () => { throw new Error('the queue would not close'); } };
    }`);
    await expect.poll(lines, patient).toContain('up');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([1, null]);
    // The last words before an exit may overtake a line that is being written.
    expect(lines().slice(1).toSorted()).toEqual(['stopping', 'unhandled rejection']);
  });
});
