import type { Verdict } from './judge.ts';
import type { TortureOptions } from './options.ts';
import type { Program } from './program.ts';

/** What one stage has found out. */
export interface StageReport {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  /** Anything else that must not be, in a sentence each. */
  readonly failures: readonly string[];
  /** Beside each finding: what happened in its lane. */
  readonly histories: readonly string[];
  /** How often each fault struck, and where processes were ended. */
  readonly faults: ReadonlyMap<string, number>;
  readonly kills: ReadonlyMap<string, number>;
  /** Measured beside it, to be printed. */
  readonly figures: readonly string[];
  /** From a kill until another worker owned the lane, and until the outcome was known. */
  readonly takeOverMs?: readonly number[];
}

export interface Stage {
  readonly name: string;
  run(options: TortureOptions, program: Program): Promise<StageReport>;
}
