import { describe, expect, it } from 'vitest';
import { createServerClock } from '../../src/chatter/server-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const httpDate = (ms: number) => new Date(ms).toUTCString();

describe('the estimate of Salesforce’s clock', () => {
  it('is unknown before the first answer, and after one without a date', () => {
    const clock = createServerClock(() => noon);
    clock.heardDate(undefined);
    clock.heardDate('yesterday');
    expect(clock.nowMs()).toBeUndefined();
  });

  it('goes on from the last answer with our own clock', () => {
    let ourMs = noon;
    const clock = createServerClock(() => ourMs);
    clock.heardDate(httpDate(noon + 60_000));
    ourMs += 1_500;
    expect(clock.nowMs()).toBe(noon + 61_500);
  });

  it('is never later than the server, whose dates are cut to the second', () => {
    let ourMs = noon;
    const clock = createServerClock(() => ourMs);
    const serverAheadMs = 777;
    for (let answers = 0; answers < 40; answers++) {
      clock.heardDate(httpDate(ourMs + serverAheadMs));
      expect(clock.nowMs()).toBeLessThanOrEqual(ourMs + serverAheadMs);
      expect(clock.nowMs()).toBeGreaterThan(ourMs + serverAheadMs - 1_000);
      ourMs += 137;
    }
  });

  it('believes the slowest of several servers', () => {
    const clock = createServerClock(() => noon);
    for (const aheadMs of [5_000, 2_000, 9_000]) clock.heardDate(httpDate(noon + aheadMs));
    expect(clock.nowMs()).toBe(noon + 2_000);
  });

  it('forgets old answers, so that a clock that was set right counts again', () => {
    const clock = createServerClock(() => noon);
    clock.heardDate(httpDate(noon - 3_600_000));
    for (let answers = 0; answers < 16; answers++) clock.heardDate(httpDate(noon));
    expect(clock.nowMs()).toBe(noon);
  });
});
