import { parseArgs } from 'node:util';

export interface TortureOptions {
  /** How many are written in the storm; the other stages have loads of their own, in proportion. */
  readonly messages: number;
  readonly seed: number;
  /** Divides every wait of the protocol; see waits.ts for what does not shrink. Take-over is measured with production's. */
  readonly timeScale: number;
  /** The stages to run; all of them when empty. */
  readonly only: readonly string[];
}

const MOST_MESSAGES = 70_000;

export const USAGE = `npm run torture -- [--messages 10000] [--seed 7] [--time-scale 10] [--only <stage>]…`;

/** @throws Error with a sentence for whoever typed it. */
export function readOptions(args: readonly string[], stages: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '7' },
      'time-scale': { type: 'string', default: '10' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const unknown = values.only.filter((name) => !stages.includes(name));
  if (unknown.length > 0) throw new Error(`no stage ${unknown.join(', ')}; there are ${stages.join(', ')}`);
  const messages = positive('messages', values.messages);
  // Ids have five digits, and some are kept for what is arranged beside the load.
  if (messages > MOST_MESSAGES) throw new Error(`--messages must be at most ${MOST_MESSAGES}`);
  return {
    messages,
    seed: positive('seed', values.seed),
    timeScale: positive('time-scale', values['time-scale']),
    only: values.only,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new Error(`--${name} must be a number above 0`);
  return value;
}
