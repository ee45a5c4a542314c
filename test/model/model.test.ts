import { describe, expect, it } from 'vitest';
import { explore } from './checker/explore.ts';
import { tellFinding } from './checker/system.ts';
import { walk } from './checker/walk.ts';
import { judgesOf } from './judges/judges.ts';
import { modelOf } from './protocol/model.ts';
import { atRandom, scenarios } from './scenarios.ts';

/** Walks are long; a scenario that is walked is larger than any that is explored. */
const PATIENCE_MS = 120_000;

describe('whatever happens, in any order', () => {
  it.each(scenarios.map(({ small }) => small))(
    '$name: every promise holds in every state',
    (scenario) => {
      const { complete, ends, findings } = explore(modelOf(scenario), judgesOf(scenario));
      expect(findings.map(tellFinding)).toEqual([]);
      expect({ complete, hasEnds: ends > 0 }).toEqual({ complete: true, hasEnds: true });
    },
    PATIENCE_MS,
  );
});

describe('at random', () => {
  it.each(atRandom)(
    '$name: every promise holds on every way',
    (scenario) => {
      const { ends, findings } = walk(modelOf(scenario), judgesOf(scenario), {
        runs: 200,
        seed: 20_251_125,
        mostSteps: 400,
      });
      expect(findings.map(tellFinding)).toEqual([]);
      expect(ends).toBeGreaterThan(180);
    },
    PATIENCE_MS,
  );
});
