import { describe, expect, it } from 'vitest';
import { lateLabel, withoutLabel } from '../../src/bridge/late.ts';

const at = (iso: string): number => Date.parse(iso);
const HOUR_MS = 3_600_000;

describe('the label of a late message', () => {
  it('is the time of writing where its writer is', () => {
    const writtenAtMs = at('2026-11-22T09:42:00Z');
    const label = (zone: string) => lateLabel(writtenAtMs, writtenAtMs + HOUR_MS, zone);
    expect(label('Europe/Berlin')).toBe('(sent 10:42) ');
    expect(label('America/New_York')).toBe('(sent 04:42) ');
    expect(label('Asia/Kolkata')).toBe('(sent 15:12) ');
  });

  it('keeps to daylight saving time of the day of writing', () => {
    const writtenAtMs = at('2026-07-01T09:42:00Z');
    expect(lateLabel(writtenAtMs, writtenAtMs, 'Europe/Berlin')).toBe('(sent 11:42) ');
  });

  it('says midnight as 00, not 24', () => {
    const writtenAtMs = at('2026-11-22T00:05:00Z');
    expect(lateLabel(writtenAtMs, writtenAtMs, 'UTC')).toBe('(sent 00:05) ');
  });

  it('names the day when the writer’s day has changed since, be it only by minutes', () => {
    const writtenAtMs = at('2026-11-22T22:59:00Z');
    const nowMs = at('2026-11-22T23:01:00Z');
    expect(lateLabel(writtenAtMs, nowMs, 'Europe/Berlin')).toBe('(sent 22 Nov, 23:59) ');
    expect(lateLabel(writtenAtMs, nowMs, 'UTC')).toBe('(sent 22:59) ');
  });

  it('names the day when it is a day or more ago', () => {
    const writtenAtMs = at('2026-11-22T10:42:00Z');
    expect(lateLabel(writtenAtMs, writtenAtMs + 24 * HOUR_MS, 'UTC')).toBe('(sent 22 Nov, 10:42) ');
  });

  it.each(['', 'Mars/Olympus_Mons'])('counts a zone that is not known (%j) as UTC, and says so', (zone) => {
    const writtenAtMs = at('2026-11-22T10:42:00Z');
    expect(lateLabel(writtenAtMs, writtenAtMs, zone)).toBe('(sent 10:42 UTC) ');
  });
});

describe('without its label', () => {
  it('a late message is what was written', () => {
    const writtenAtMs = at('2026-11-22T22:59:00Z');
    for (const nowMs of [writtenAtMs, writtenAtMs + 24 * HOUR_MS]) {
      for (const zone of ['Europe/Berlin', 'Asia/Kolkata', 'Nowhere/At_All']) {
        expect(withoutLabel(`${lateLabel(writtenAtMs, nowMs, zone)}lunch?`)).toBe('lunch?');
      }
    }
  });

  it('what has none stays as it is', () => {
    for (const text of ['lunch?', '(sent with love) lunch?', 'lunch (sent 10:42) ']) {
      expect(withoutLabel(text)).toBe(text);
    }
  });
});
