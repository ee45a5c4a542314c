import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneOf } from '../../src/bridge/lane.ts';
import type { Addressee, ChatPersonId, SalesforceUserId } from '../../src/bridge/people.ts';

const ada = 'ada' as ChatPersonId;
const person = (id: string): Addressee => ({ kind: 'person', id: id as ChatPersonId });
const user = (id: string): Addressee => ({ kind: 'user', id: id as SalesforceUserId, name: `Name of ${id}` });
const email = (address: string): Addressee => ({ kind: 'email', email: address });

describe('the lane of a command', () => {
  it('is the same whatever order the people are named in, and however often', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 9 }), (ids) => {
        const people = ids.map(person);
        const lane = laneOf(ada, people);
        expect(laneOf(ada, [...people].reverse())).toBe(lane);
        expect(laneOf(ada, [...people, ...people])).toBe(lane);
      }),
    );
  });

  it('does not care how an address is capitalised', () => {
    expect(laneOf(ada, [email('Grace@Corp.com')])).toBe(laneOf(ada, [email('grace@corp.com')]));
  });

  it('differs for another author and for other people', () => {
    const lanes = [
      laneOf(ada, [person('grace')]),
      laneOf(ada, [person('alan')]),
      laneOf(ada, [person('grace'), person('alan')]),
      laneOf('grace' as ChatPersonId, [person('grace')]),
      laneOf(ada, [email('grace@corp.com')]),
      laneOf(ada, [user('005')]),
    ];
    expect(new Set(lanes).size).toBe(lanes.length);
  });

  it('is a short name without anybody’s in it, fit for a key', () => {
    expect(laneOf(ada, [email('grace@corp.com')])).toMatch(/^to-[0-9a-f]{24}$/);
  });
});
