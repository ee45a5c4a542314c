import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../../sandbox/slack/view-check.ts';
import type { ChatThreadId } from '../../../src/bridge/people.ts';
import { homeView } from '../../../src/slack/views/home.ts';
import { mirrorForm, readAbout } from '../../../src/slack/views/mirror-form.ts';
import { notice } from '../../../src/slack/views/modal.ts';
import { composeForm, readSendAbout, sendMessageForm } from '../../../src/slack/views/send-form.ts';
import { mirrorOf, user } from '../fake-mirror.ts';

const about = {
  v: 1,
  team: 'T0CORP',
  channel: 'C0GENERAL',
  ts: '1700000000.000100',
  sinceUs: 1_700_000_000_000_100,
} as const;
const place = { kind: 'public', name: 'general', isIn: true, isArchived: false, isShared: false } as const;
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom('<!channel>', '&'.repeat(4_000), '😀'.repeat(200), '', ' '),
);
const live = /<!channel>|<@U9>/;

describe('a view', () => {
  it('keeps within what Slack takes, whatever people are called', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (names) => {
        const people = names.map((name, n) => ({ id: user(n), name }));
        const thread = 'T0CORP-C0GENERAL-1700000000.000100' as ChatThreadId;
        const mirrors = names.map(() => mirrorOf(thread, { people }));
        const views = [
          mirrorForm(about, place, people),
          mirrorForm({ ...about, isAnew: true }, { ...place, kind: 'group' }, []),
          homeView({ isOptedOut: false, failed: 3, mirrors }, 'Stopped.'),
          homeView(undefined),
        ];
        for (const view of views) expect(checkView({ ...view }, true)).toEqual([]);
        expect(JSON.stringify(views[2])).not.toMatch(live);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps within it whatever a message says, and nothing in it is live', () => {
    fc.assert(
      fc.property(text, text, (shown, more) => {
        const view = sendMessageForm(`${shown}${more}`.repeat(20));
        expect(checkView({ ...view }, true)).toEqual([]);
        expect(JSON.stringify(view)).not.toMatch(live);
      }),
      { numRuns: 60 },
    );
    expect(checkView({ ...composeForm() }, true)).toEqual([]);
    expect(checkView({ ...notice('Send to Chatter', 'Sent.', 'Good.') }, true)).toEqual([]);
  });

  it('gives back what its form is about', () => {
    expect(readAbout(mirrorForm(about, place, []).private_metadata ?? '')).toEqual(about);
    expect(readSendAbout(composeForm().private_metadata ?? '')).toEqual({ v: 1, sends: 'text' });
    expect(readSendAbout(sendMessageForm('hi').private_metadata ?? '')).toEqual({ v: 1, sends: 'message' });
  });

  it.each(['', '{', 'null', '[]', '{"v":2,"sends":"text"}', '{"v":1,"sends":"all"}'])(
    'is about nothing with %j',
    (metadata) => {
      expect(readSendAbout(metadata)).toBeUndefined();
      expect(readAbout(metadata)).toBeUndefined();
    },
  );
});
