import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPrefix, makeId } from '../../../sandbox/salesforce/ids.ts';
import { messageEvent } from '../../../src/chatter/events/message-event.ts';

const [message, conversation] = [makeId(keyPrefix.message, 1), makeId(keyPrefix.conversation, 2)];
const people = [1, 2, 3].map((n) => makeId(keyPrefix.user, n));
const record = {
  CreatedDate: 1,
  MessageId__c: message,
  ConversationId__c: conversation,
  SenderId__c: people[0],
  SentDate__c: null,
  MemberIds__c: people.join(','),
};

describe('an event', () => {
  it('names the message, its conversation, its sender and everybody in it', () => {
    expect(messageEvent(record)).toEqual({ message, conversation, sender: people[0], members: people });
  });

  it.each([null, undefined, ''])('has no members when they are %o', (MemberIds__c) => {
    expect(messageEvent({ ...record, MemberIds__c }).members).toEqual([]);
  });

  it('reads ids of 15 characters as those of 18', () => {
    expect(messageEvent({ ...record, MessageId__c: message.slice(0, 15) }).message).toBe(message);
  });

  it.each([
    ['no message', { MessageId__c: null }],
    ['no conversation', { ConversationId__c: null }],
    ['the id of something else', { MessageId__c: conversation }],
    ['a wrong id', { SenderId__c: `${people[0]?.slice(0, 17)}9` }],
    ['one wrong member', { MemberIds__c: `${people[0]},x` }],
  ])('is none with %s', (_what, wrong) => {
    expect(() => messageEvent({ ...record, ...wrong })).toThrow();
  });

  it('is never made of anything else, nor repeated in what is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.stringMatching(/^[a-z]{12}$/), (odd, secret) => {
        expect(() => messageEvent(odd)).toThrow();
        try {
          messageEvent({ ...record, SenderId__c: secret });
        } catch (error) {
          expect(String(error)).not.toContain(secret);
        }
      }),
    );
  });
});
