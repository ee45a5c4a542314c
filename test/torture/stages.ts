import { join } from 'node:path';
import { DATA } from './program.ts';
import type { Stage } from './stage.ts';
import { storm } from './storm.ts';

const PER_SECOND = 45;
const REST_MS = 1_500;
export const logFile = (stage: string): string => join(DATA, `${stage}.log`);

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
];
