import { timing } from '../src/bridge/timing.ts';
import { composeWorker } from '../src/compose.ts';
import { main } from '../src/main.ts';

/**
 * The worker as the Procfile starts it, but for the budget of readings: faults are some hundred times as frequent under fire as
 * in life, and so are the looks that they cost.
 */
const MORE_READS = 100;
const { mostInWindow, reserve, ...rest } = timing.reads;
const reads = { ...rest, mostInWindow: mostInWindow * MORE_READS, reserve: reserve * MORE_READS };

await main('worker', process.env, (config, log) => composeWorker(config, log, { timing: { reads } }));
