import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import {
  makeMessageId,
  makePersonId,
  makePlaceId,
  makeThreadId,
  microsecondsOf,
  parseMessageId,
  parsePersonId,
  parsePlaceId,
  parseThreadId,
  placeOfThread,
  tsOf,
} from '../../src/slack/ids.ts';

const id = fc.stringMatching(/^[A-Z0-9]{2,12}$/);
const seconds = fc.integer({ min: 1, max: 4_000_000_000 });
const micros = fc.integer({ min: 0, max: 999_999 });
const ts = fc.tuple(seconds, micros).map(([s, us]) => `${s}.${String(us).padStart(6, '0')}`);

describe("Slack's names for things", () => {
  it('come back as they went in', () => {
    expect(makePersonId({ team: 'T1', user: 'U1' })).toBe('T1-U1');
    expect(makeMessageId({ team: 'T1', channel: 'D1', ts: '1700000000.000100' })).toBe(
      'T1-D1-1700000000.000100',
    );
    fc.assert(
      fc.property(id, id, ts, (team, other, at) => {
        expect(parsePersonId(makePersonId({ team, user: other }))).toEqual({ team, user: other });
        expect(parsePlaceId(makePlaceId({ team, channel: other }))).toEqual({ team, channel: other });
        const message = { team, channel: other, ts: at };
        expect(parseMessageId(makeMessageId(message))).toEqual(message);
        expect(parseThreadId(makeThreadId(message))).toEqual(message);
        expect(placeOfThread(makeThreadId(message))).toBe(makePlaceId(message));
      }),
    );
  });

  it.each(['', 'T1', 'T1-', 'T1-U1-X', 'T1-D1-1.5', 't1-u1'])('%j names nothing', (text) => {
    expect(() => parsePersonId(text as ChatPersonId)).toThrow(TypeError);
    expect(() => parsePlaceId(text as never)).toThrow(TypeError);
    expect(() => parseMessageId(text as never)).toThrow(TypeError);
    expect(() => parseThreadId(text as never)).toThrow(TypeError);
  });

  it('name a place by its team and channel', () => {
    expect(makePlaceId({ team: 'T1', channel: 'C1' })).toBe('T1-C1');
  });

  it('order messages by every digit of their ts', () => {
    expect(microsecondsOf('1700000000.000100')).toBe(1_700_000_000_000_100);
    fc.assert(
      fc.property(seconds, micros, (s, us) => {
        const at = `${s}.${String(us).padStart(6, '0')}`;
        expect(microsecondsOf(at)).toBe(s * 1_000_000 + us);
        expect(tsOf(microsecondsOf(at))).toBe(at);
      }),
    );
    expect(() => microsecondsOf('1700000000')).toThrow(TypeError);
  });
});
