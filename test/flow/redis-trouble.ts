import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { type Block, type Cut, cutAof } from '../../sandbox/redis/aof.ts';
import type { RunningBridge } from './bridge.ts';
import { command, patience, reply, rootOf } from './seen.ts';
import type { World } from './world.ts';

const STEP_MS = 15;

/** Both processes are connected again. */
export async function ready(bridge: RunningBridge): Promise<void> {
  await expect.poll(async () => (await fetch(`${bridge.webUrl}/readyz`)).status, patience).toBe(200);
}

/** Kills Redis, takes the end off what it had written, and starts it again. Gives what was taken off. */
export async function forget({ redis }: World, cut: Cut): Promise<Block[]> {
  await redis.kill();
  const blocks = await cutAof(redis.folder, cut);
  await redis.restart();
  return blocks;
}

/** Redis's data as they are now; gives how to put them back later. */
export async function backUp({ redis }: World): Promise<() => Promise<void>> {
  const copy = await mkdtemp(join(tmpdir(), 'backup-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  await redis.kill();
  await cp(redis.folder, copy, { recursive: true });
  await redis.restart();
  return async () => {
    await redis.kill();
    await rm(redis.folder, { recursive: true });
    await cp(copy, redis.folder, { recursive: true });
    await redis.restart();
  };
}

/** What was answered to each text, in the order in which they were typed. */
export class Typed {
  readonly #bridge: RunningBridge;
  readonly #answers = new Map<string, string>();

  constructor(bridge: RunningBridge) {
    this.#bridge = bridge;
  }

  async type(text: string, to = '@grace'): Promise<void> {
    this.#answers.set(text, '');
    this.#answers.set(text, await command(this.#bridge, `${to} ${text}`));
  }

  /** Those whose answer begins like this. */
  answered(words: 'Sending to' | 'It is not sure yet' | 'Nothing was sent'): string[] {
    return [...this.#answers].filter(([, answer]) => answer.startsWith(words)).map(([text]) => text);
  }

  /**
   * Judges by what Chatter holds: nothing twice, in the order of typing, nothing that was refused. Gives what was
   * acknowledged and did not arrive.
   */
  missing(): string[] {
    const known = [...this.#answers.keys()];
    const arrived = this.#bridge.texts().filter((text) => this.#answers.has(text));
    expect(arrived).toEqual(known.filter((text) => arrived.includes(text)));
    expect(this.answered('Nothing was sent').filter((text) => arrived.includes(text))).toEqual([]);
    expect(
      [...this.#answers.values()].filter(
        (answer) => !/^(Sending to|It is not sure|Nothing was)/.test(answer),
      ),
    ).toEqual([]);
    return this.answered('Sending to').filter((text) => !arrived.includes(text));
  }
}

/**
 * While Redis is in trouble, again and again, Ada goes on writing: commands to one, replies to another, in the thread of
 * a first message `opening`. Nothing may arrive twice or out of order. Gives how many commands were acknowledged, and what
 * of all that was acknowledged did not arrive.
 */
export async function writeThrough(
  bridge: RunningBridge,
  name: string,
  rounds: number,
  trouble: () => Promise<void>,
): Promise<{ taken: number; commands: string[]; replies: string[] }> {
  const settling = { timeout: 40_000 };
  const typed = new Typed(bridge);
  const root = rootOf(bridge, 'opening');
  const said = new Map<string, Promise<readonly { status?: number }[]>>();
  const say = (text: string) => said.set(text, reply(bridge, root, text).delivered);
  for (let round = 10; round < 10 + rounds; round += 1) {
    await ready(bridge);
    say(`${name} reply ${round}a`);
    await typed.type(`${name} ${round}a`, '@alan');
    // Now it is on its way, and each round the trouble comes a little later on that way.
    const troubled = setTimeout((round - 10) * STEP_MS).then(trouble);
    for (const part of ['b', 'c']) {
      say(`${name} reply ${round}${part}`);
      await typed.type(`${name} ${round}${part}`, '@alan');
    }
    await troubled;
  }
  const attempts = new Map<string, number | undefined>();
  for (const [text, delivered] of said) attempts.set(text, (await delivered).at(-1)?.status);
  await ready(bridge);
  say(`${name} reply 99`);
  await typed.type(`${name} 99`, '@alan');
  await expect.poll(() => bridge.texts(), settling).toContain(`${name} 99`);
  await expect.poll(() => bridge.texts(), settling).toContain(`${name} reply 99`);
  // Slack sent late what was refused: that goes late, with its time. All others are in order.
  const arrived = bridge.texts().filter((text) => text.includes(`${name} reply`));
  const inTime = arrived.filter((text) => !text.startsWith('(sent'));
  expect(inTime).toEqual(inTime.toSorted());
  const plain = arrived.map((text) => text.replace(/^\(sent .*?\) /, ''));
  expect(plain.toSorted()).toEqual([...new Set(plain)].toSorted());
  const acknowledged = [...attempts].filter(([, status]) => status === 200).map(([text]) => text);
  expect(acknowledged).toHaveLength(attempts.size);
  return {
    taken: typed.answered('Sending to').length,
    commands: typed.missing(),
    replies: acknowledged.filter((text) => !plain.includes(text)),
  };
}
