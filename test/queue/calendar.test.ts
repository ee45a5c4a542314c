import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../src/queue/calendar.ts';

const calendar = createCalendar();
const at = (time: string) => Date.parse(time);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('a recurring time', () => {
  it('is that of its time zone, through the change of the clocks', () => {
    const mornings = { cron: '0 9 * * MON-FRI', timeZone: 'Europe/Berlin' };
    // Friday in winter time, then Monday in summer time.
    const friday = calendar.next(mornings, at('2026-03-27T00:00:00Z'));
    expect(new Date(friday).toISOString()).toBe('2026-03-27T08:00:00.000Z');
    expect(new Date(calendar.next(mornings, friday)).toISOString()).toBe('2026-03-30T07:00:00.000Z');
  });

  it.each([
    ['of nothing', '', 'UTC'],
    ['of four fields', '0 9 * *', 'UTC'],
    ['of seven fields', '0 0 9 * * * *', 'UTC'],
    ['of a macro', '@daily', 'UTC'],
    ['at whatever minute', 'H 9 * * *', 'UTC'],
    ['at the 61st minute', '61 9 * * *', 'UTC'],
    ['that never comes', '0 0 31 2 *', 'UTC'],
    ['in words', 'every day at nine o clock', 'UTC'],
    ['in no time zone', '0 9 * * *', ''],
    ['in a time zone that is not known', '0 9 * * *', 'Nowhere/Land'],
    ['in a time zone that is not a place', '0 9 * * *', '+02:00'],
  ])('%s is refused', (_what, cron, timeZone) => {
    expect(() => calendar.next({ cron, timeZone }, 0)).toThrow(RangeError);
  });

  it('says whether the expression or the time zone is not understood', () => {
    expect(() => calendar.next({ cron: '61 9 * * *', timeZone: 'UTC' }, 0)).toThrow(/cron expression/);
    expect(() => calendar.next({ cron: '0 9 * * *', timeZone: 'Mars' }, 0)).toThrow(/time zone/);
  });

  it('was last when walking there from the first one ends', () => {
    const when = fc.record({
      cron: fc.constantFrom(
        '*/7 * * * *',
        '30 2 * * *',
        '0 9 1 * 1',
        '* 9 * * *',
        '15 */5 * * SUN',
        '0 2 29 3 *',
      ),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham'),
    });
    fc.assert(
      fc.property(
        when,
        fc.integer({ min: at('2026-03-20T00:00:00Z'), max: at('2026-11-10T00:00:00Z') }),
        fc.integer({ min: 0, max: 5 * DAY }),
        (recurring, fromMs, awayMs) => {
          const firstMs = calendar.next(recurring, fromMs);
          const untilMs = firstMs + awayMs;
          let walkedMs = firstMs;
          for (let nextMs = firstMs; nextMs <= untilMs; nextMs = calendar.next(recurring, nextMs))
            walkedMs = nextMs;
          expect(calendar.latest(recurring, firstMs, untilMs)).toBe(walkedMs);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
