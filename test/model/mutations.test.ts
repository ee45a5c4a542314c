import { describe, expect, it } from 'vitest';
import { explore } from './checker/explore.ts';
import { judgesOf } from './judges/judges.ts';
import { type Mutation, others, required } from './mutations.ts';
import { modelOf } from './protocol/model.ts';

const PATIENCE_MS = 60_000;
const MOST_STATES = 200_000;

/** As long as nothing is taken away, the same scenario must not break it: see model.test.ts, and the second test here. */
function findIn({ scenario, change, breaks }: Mutation): string[] {
  const { findings } = explore(modelOf(scenario, change), [breaks(scenario)], {
    mostStates: MOST_STATES,
    untilFound: true,
  });
  return findings.map(({ judge }) => judge);
}

describe('without one of the three that everything rests on, a promise breaks', () => {
  it.each(required)(
    '$name',
    (mutation) => {
      expect(findIn(mutation)).toEqual([mutation.breaks(mutation.scenario).name]);
    },
    PATIENCE_MS,
  );
});

describe('without another one, too', () => {
  it.each(others)(
    '$name',
    (mutation) => {
      expect(findIn(mutation)).toEqual([mutation.breaks(mutation.scenario).name]);
    },
    PATIENCE_MS,
  );
});

describe('the promise that is broken', () => {
  it('is one that is kept there by the protocol as it is built', () => {
    for (const { scenario, breaks } of [...required, ...others]) {
      expect(judgesOf(scenario).map(({ name }) => name)).toContain(breaks(scenario).name);
    }
  });
});
