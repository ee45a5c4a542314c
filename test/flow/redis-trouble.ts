import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Block, type Cut, cutAof } from '../../sandbox/redis/aof.ts';
import type { RunningBridge } from './bridge.ts';
import { command, patience } from './seen.ts';
import type { World } from './world.ts';

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
