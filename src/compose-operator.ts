import type { Logger } from 'pino';
import { createCarryOut } from './bridge/carry-out.ts';
import { createDeadLetters } from './bridge/dead-letters.ts';
import type { Config } from './config.ts';
import { decidingOptions } from './deciding.ts';
import { type FoundationOverrides, layFoundation } from './foundation.ts';
import { createDeadLetterCommands, type DeadLetterCommands } from './ops/dead-letters.ts';
import { createOperator, type Operator } from './queue/operator.ts';
import { askDurability, notTold } from './store/durability.ts';
import { createEpoch } from './store/epoch.ts';
import { reachLines, reviewLines } from './store/review.ts';
import { waitingFromBefore } from './store/waiting.ts';

export interface OperatorCommands extends Operator, DeadLetterCommands {
  /** What may be missing or revived since the last restart of Redis, a line each. */
  review(): AsyncGenerator<string>;
}

/**
 * The operator's side: pauses, resumes, decides about dead letters, tells how things stand, and what a restart of Redis
 * may have brought back.
 */
export async function composeOperator(
  config: Config,
  log: Logger,
  overrides: FoundationOverrides = {},
): Promise<OperatorCommands & { stop(): Promise<void> }> {
  const base = await layFoundation(config, log, overrides);
  const { state, keys, pulse, deliveries } = base;
  const operator = createOperator(base.queues, createEpoch(state, keys));
  const carryOut = createCarryOut(decidingOptions(base, log));
  const deadLetters = createDeadLetters({ log: deliveries, carryOut, now: Date.now });
  return {
    ...operator,
    ...createDeadLetterCommands({ log: deliveries, deadLetters, now: Date.now }),
    async status() {
      const lines = await operator.status();
      const beat = await pulse.read();
      if (beat && (beat.epoch > 1 || beat.wasPaused)) lines.push(...reachLines(beat));
      const { weak, unknown } = await askDurability(state);
      return [...lines, ...weak, ...(unknown.length > 0 ? [notTold(unknown)] : [])];
    },
    async *review() {
      const beat = await pulse.read();
      if (!beat) yield 'No process of the bridge has used this Redis yet.';
      else yield* reviewLines(beat, waitingFromBefore(state, keys, beat.epoch), Date.now());
    },
    stop: base.close,
  };
}
