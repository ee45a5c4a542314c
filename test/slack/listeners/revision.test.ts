import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revisionIn } from '../../../src/slack/listeners/revision.ts';
import { MessageEvent, type ShownMessage } from '../../../src/slack/payload.ts';

const before = { ts: '1700000001.000100', thread_ts: '1700000000.000100', user: 'U0ADA', text: 'lunhc?' };
const edited = { user: 'U0ADA', ts: '1700000009.000000' };
const after = { ...before, text: 'lunch?', edited };

const event = (fields: Record<string, unknown>) =>
  MessageEvent.parse({
    type: 'message',
    channel: 'D0ADA',
    channel_type: 'im',
    hidden: true,
    ts: '1700000009.000100',
    ...fields,
  });
const changed = (message: Partial<ShownMessage>, previous: Partial<ShownMessage> | undefined = before) =>
  revisionIn(event({ subtype: 'message_changed', message, previous_message: previous }), 'U0BRIDGE');
const deleted = (previous: Partial<ShownMessage> | undefined, deleted_ts: string | undefined = before.ts) =>
  revisionIn(event({ subtype: 'message_deleted', previous_message: previous, deleted_ts }), 'U0BRIDGE');

const tombstone = {
  ...before,
  subtype: 'tombstone',
  user: 'USLACKBOT',
  text: 'This message was deleted.',
};

describe('an edit', () => {
  it('has the new text, and is known by the time of the edit', () => {
    expect(changed(after)).toEqual({
      ts: before.ts,
      threadTs: before.thread_ts,
      user: 'U0ADA',
      written: { text: 'lunch?' },
      key: 'edit-1700000009.000000',
      atUs: 1_700_000_009_000_000,
    });
  });

  it('of a root is in the thread that it begins', () => {
    const { thread_ts: _, ...root } = after;
    expect(changed(root)?.threadTs).toBe(before.ts);
  });

  it('is one also where Slack does not show what it was before', () => {
    expect(revisionIn(event({ subtype: 'message_changed', message: after }), 'U0BRIDGE')).toMatchObject({
      written: { text: 'lunch?' },
    });
  });

  it('that leaves no text is a deletion, which a later edit can undo', () => {
    expect(changed({ ...after, text: ' \n' })).toMatchObject({
      written: undefined,
      atUs: 1_700_000_009_000_000,
    });
    expect(changed({ ...after, text: null })?.written).toBeUndefined();
  });
});

describe('no edit', () => {
  it.each([
    ['a preview of a link', { ...before, attachments: [{ id: 1 }] }, before],
    ['a preview of a link in what was edited before', { ...after, attachments: [{ id: 1 }] }, after],
    ['a count of replies', { ...before, reply_count: 2 }, before],
    ['a change that nobody made', { ...before, text: 'lunch?' }, before],
    ['an edit that changed nothing', { ...after, text: before.text }, before],
    ['replies that come once more when their root is deleted', { ...after }, after],
    ['a change of our own', { ...after, user: 'U0BRIDGE' }, before],
    [
      'a change of our own, by its metadata',
      { ...after, metadata: { event_type: 'chatter_bridge_note' } },
      before,
    ],
    ["another app's", { ...after, bot_id: 'B0OTHER' }, before],
    ["a present-day app's", { ...after, app_id: 'A0OTHER' }, before],
    ['a placeholder that was one before', { ...tombstone, reply_count: 0 }, tombstone],
  ])('is %s', (_, message, previous) => {
    expect(changed(message, previous)).toBeUndefined();
  });

  it('is a new message', () => {
    expect(revisionIn(event({ ...before }), 'U0BRIDGE')).toBeUndefined();
  });
});

describe('a deletion', () => {
  it('names the message, and comes after every edit', () => {
    expect(deleted(before)).toEqual({
      ts: before.ts,
      threadTs: before.thread_ts,
      user: 'U0ADA',
      text: undefined,
      key: 'delete',
      atUs: expect.any(Number),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
        const ts = `${second}.999999`;
        expect(changed({ ...after, edited: { ts } })?.atUs).toBeLessThan(deleted(before)?.atUs ?? 0);
      }),
    );
  });

  it('of a root with replies leaves a placeholder', () => {
    const { thread_ts: _, ...root } = before;
    const left = changed({ ...tombstone, thread_ts: before.ts }, { ...root, thread_ts: before.ts });
    expect(left).toMatchObject({ ts: before.ts, threadTs: before.ts, user: 'U0ADA', key: 'delete' });
    // The subtype is not documented.
    const { subtype: __, ...plain } = tombstone;
    expect(changed(plain)).toMatchObject({ user: 'U0ADA', key: 'delete' });
  });

  it.each([
    ['of our own message', { ...before, user: 'U0BRIDGE', bot_id: 'B0BRIDGE' }],
    ["of another app's message", { ...before, bot_id: 'B0OTHER' }],
    ['of a placeholder', tombstone],
    ['of what Slack does not show', undefined],
  ])('%s is none', (_, previous) => {
    expect(deleted(previous)).toBeUndefined();
  });
});
