import { describe, expect, it } from 'vitest';
import { parseMessage, parsePage } from '../../src/chatter/chatter-message.ts';
import recorded from '../fixtures/seed-message.json' with { type: 'json' };

describe('a recorded answer of Salesforce', () => {
  it('is read: who, to whom, what, when', () => {
    const message = parseMessage(recorded);
    expect(message).toMatchObject({
      id: recorded.id,
      conversationId: recorded.conversationId,
      sender: recorded.sender.id,
      text: 'This is a private message',
      sentAtMs: Date.parse(recorded.sentDate),
    });
    // The sender is one of the recipients in it.
    expect(recorded.recipients.map(({ id }) => id)).toContain(recorded.sender.id);
    expect(message.people).toHaveLength(2);
    expect(new Set(message.people)).toEqual(new Set(recorded.recipients.map(({ id }) => id)));
  });

  it('may grow fields that nobody knows yet', () => {
    expect(() => parseMessage({ ...recorded, brandNew: { field: 1 } })).not.toThrow();
  });

  it.each(['id', 'conversationId', 'body', 'sender', 'recipients', 'sentDate'])(
    'cannot lack its %s',
    (field) => {
      expect(() => parseMessage({ ...recorded, [field]: undefined })).toThrow();
    },
  );

  it('cannot have ids of the wrong kind or a date that is none', () => {
    expect(() => parseMessage({ ...recorded, id: recorded.conversationId })).toThrow();
    expect(() => parseMessage({ ...recorded, sentDate: 'today' })).toThrow();
  });
});

describe('a page', () => {
  it('is refused as a whole when one message cannot be read, as that might be the one looked for', () => {
    expect(parsePage({ messages: [recorded], nextPageToken: null }).messages).toHaveLength(1);
    expect(() => parsePage({ messages: [recorded, { id: '?' }] })).toThrow();
  });
});
