import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChatterContent,
  excerptOf,
  pairKey,
  type Route,
  readContent,
  routeOf,
} from '../../src/bridge/chatter-content.ts';
import type { ChatPersonId, SalesforceUserId } from '../../src/bridge/people.ts';

const user = (n: number): SalesforceUserId => `005${String(n).padStart(15, '0')}` as SalesforceUserId;
const written = (text: string): ChatterContent => ({
  v: 1,
  message: { v: 1, author: 'ada' as ChatPersonId, text, to: { kind: 'people', people: [] } },
});

describe('the key of a sender and a set of people', () => {
  it('does not depend on the order in which they are named, nor on doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), fc.nat(), (numbers, shift) => {
        const people = numbers.map(user);
        const turned = [...people.slice(shift % people.length), ...people.slice(0, shift % people.length)];
        expect(pairKey(user(99), turned)).toBe(pairKey(user(99), people));
        expect(pairKey(user(99), [...people, ...turned])).toBe(pairKey(user(99), people));
      }),
    );
  });

  it('is another one for another sender, or for other people', () => {
    const keys = [
      pairKey(user(1), [user(2)]),
      pairKey(user(2), [user(1)]),
      pairKey(user(4), [user(2)]),
      pairKey(user(1), [user(2), user(3)]),
      pairKey(user(1), [user(3)]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('stored content', () => {
  it('of a version that is not known is refused, not guessed at', () => {
    expect(() => readContent('{"v":2}')).toThrow('version 2');
    expect(readContent(JSON.stringify(written('lunch?')))).toEqual(written('lunch?'));
  });

  it('has no route before it was prepared', () => {
    expect(() => routeOf(written('lunch?'))).toThrow('not prepared');
  });
});

describe('the excerpt that says which message is meant', () => {
  it('is the whole of a short text', () => {
    expect(excerptOf(written('lunch?'))).toBe('lunch?');
    const farewell = { kind: 'mirror', ends: 'thread', openedBy: 'view-1', ending: { state: 'stopped' } };
    const { message } = written('');
    const to = farewell as unknown as typeof message.to;
    expect(excerptOf({ v: 1, message: { ...message, to } })).toBe('(the last message of a mirrored thread)');
  });

  it('is the start of a long one, marked as such, and never half a character', () => {
    const excerpt = excerptOf(written('🎉'.repeat(500)));
    expect(excerpt).toBe(`${'🎉'.repeat(120)}…`);
  });

  it('is of the text as it was sent, once that is known', () => {
    const content = { ...written('*lunch?*'), route: { parts: ['lunch?'] } as unknown as Route };
    expect(excerptOf(content)).toBe('lunch?');
  });
});
