import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeListName, parseListName } from '../../src/slack/list-name.ts';

describe('the name of a user group or channel', () => {
  it('keeps its id and what it was called, whatever that is', () => {
    const id = fc.stringMatching(/^[SCG][A-Z0-9]{1,12}$/);
    fc.assert(
      fc.property(id, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (each, label) => {
        expect(parseListName(makeListName(each, label))).toEqual({ id: each, label });
      }),
    );
  });

  it.each(['@team', 'team', '@S1', '@r&d|x'])('is else the handle of a group: %s', (name) => {
    expect(parseListName(name)).toEqual({ handle: name.replace('@', '') });
  });
});
