import { join } from 'node:path';
import { answers } from './answers.ts';
import { fairness } from './fairness.ts';
import { outage } from './outage.ts';
import { DATA } from './program.ts';
import { siege } from './siege.ts';
import type { Stage } from './stage.ts';
import { storm } from './storm.ts';
import { takeOver } from './take-over.ts';

const PER_SECOND = 45;
const SIEGE_PER_SECOND = 30;
/** A lane that is hit again and again goes nowhere: deaths are spread over the run. */
const REST_MS = 3_000;
/** The loads of the other stages, as shares of the storm's. */
const SHARE = { siege: 0.03, outage: 0.2, noise: 0.5 };

/** A minute and a half is an hour there. */
const ANSWERS = { answers: 1_000, conversations: 100, timeScale: 40 };

const logFile = (stage: string): string => join(DATA, `${stage}.log`);

/** In the order in which they run. */
export const STAGES: readonly Stage[] = [
  {
    name: 'storm',
    run: (o, program) =>
      storm({
        ...o,
        program,
        logFile: logFile('storm'),
        perSecond: PER_SECOND,
        faultRate: 1,
        redisKills: 3,
        restMs: REST_MS,
      }),
  },
  {
    name: 'redis',
    run: (o, program) =>
      siege({
        ...o,
        program,
        logFile: logFile('redis'),
        messages: Math.ceil(o.messages * SHARE.siege),
        perSecond: SIEGE_PER_SECOND,
      }),
  },
  {
    name: 'outage',
    run: (o, program) =>
      outage({
        ...o,
        program,
        logFile: logFile('outage'),
        messages: Math.ceil(o.messages * SHARE.outage),
        perSecond: PER_SECOND,
      }),
  },
  {
    name: 'fairness',
    run: (o, program) =>
      fairness({ ...o, program, logFile: logFile('fairness'), noise: Math.ceil(o.messages * SHARE.noise) }),
  },
  {
    name: 'answers',
    run: (o, program) => answers({ ...o, program, logFile: logFile('answers'), ...ANSWERS, pushed: false }),
  },
  {
    name: 'answers-pushed',
    run: (o, program) =>
      answers({ ...o, program, logFile: logFile('answers-pushed'), ...ANSWERS, pushed: true }),
  },
  { name: 'take-over', run: (_, program) => takeOver({ program, logFile: logFile('take-over') }) },
];
