import { expect, it, onTestFinished } from 'vitest';
import { collectLog } from '../collect-log.ts';
import { startBridge } from './bridge.ts';
import { writeThrough } from './redis-trouble.ts';
import { command, notes, patience } from './seen.ts';

const long = { timeout: 120_000 };

async function start(appendfsync: 'always' | 'everysec') {
  const { log, lines } = collectLog();
  const bridge = await startBridge({
    redis: { appendfsync },
    timing: { lockMs: 1_200, stalledCheckMs: 300 },
    slack: { retryDelaysMs: [500, 2_000, 4_000, 8_000] },
    log,
  });
  onTestFinished(() => bridge.close());
  await command(bridge, '@grace opening');
  await expect.poll(() => notes(bridge, 'opening'), patience).toHaveLength(1);
  const kill = async (): Promise<void> => {
    await bridge.redis.kill();
    await bridge.redis.restart();
  };
  const atStart = lines.filter(({ msg }) => msg.includes('appendfsync')).map(({ msg }) => msg);
  return { bridge, kill, atStart };
}

it(
  'a Redis that is killed again and again under `appendfsync always` loses nothing that was acknowledged',
  long,
  async () => {
    const { bridge, kill, atStart } = await start('always');
    expect(atStart).toEqual([]);
    expect(await writeThrough(bridge, 'killed', 12, kill)).toEqual({
      taken: expect.toSatisfy((taken: number) => taken > 10),
      commands: [],
      replies: [],
    });
  },
);

it(
  'under `everysec` it says at start what may be lost; nothing is doubled or out of order',
  long,
  async () => {
    const { bridge, kill, atStart } = await start('everysec');
    expect(atStart[0]).toContain('a crash loses about the last second');
    const missing = await writeThrough(bridge, 'killed', 12, kill);
    // What had reached the kernel survives a process that is killed; Redis may keep back a second's worth.
    expect(missing.taken).toBeGreaterThan(10);
    expect(missing.commands.length + missing.replies.length).toBeLessThanOrEqual(12);
  },
);
