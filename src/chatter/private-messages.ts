import { refusedForGood } from '../bridge/delivery-error.ts';
import type { SalesforceUser } from '../bridge/people.ts';
import type { PrivateMessageDraft, PrivateMessages, SendWatch } from '../bridge/ports.ts';
import { parseMessage } from './chatter-message.ts';
import type { Doing } from './doing.ts';
import { deliveryError } from './errors.ts';
import { toMessageId, toUserId } from './ids.ts';
import { chatterHeaders, type ListOrder, messagesPath, readSince } from './message-list.ts';
import type { ServerClock } from './server-clock.ts';
import type { Account, Sessions } from './sessions.ts';
import type { PooledTransport } from './transport.ts';

export interface PrivateMessagesOptions {
  sessions: Sessions;
  clock: ServerClock;
  listOrder: ListOrder;
  transportFor(watch: SendWatch): PooledTransport;
}

/** Chatter private messages over Connect REST, each request with the token of the person it is for. */
export function createPrivateMessages(options: PrivateMessagesOptions): PrivateMessages {
  const { sessions, clock, listOrder, transportFor } = options;

  return {
    async send(sender, draft, watch) {
      const doing: Doing = { kind: 'inReplyTo' in draft.to ? 'reply' : 'send' };
      const { account, body } = prepare(sender, draft);
      try {
        const answer = await sessions.as(account, ({ connection }) =>
          connection.request(
            {
              method: 'POST',
              url: messagesPath,
              headers: { ...chatterHeaders, 'Content-Type': 'application/json' },
              body,
            },
            { transport: transportFor(watch) },
          ),
        );
        return parseMessage(answer);
      } catch (error) {
        throw deliveryError(error, doing);
      }
    },

    async since(reader, sinceMs) {
      try {
        return await sessions.as(accountOf(reader), ({ connection }) =>
          readSince(connection, reader, sinceMs, listOrder),
        );
      } catch (error) {
        throw deliveryError(error, { kind: 'read' });
      }
    },

    serverNowMs: () => clock.nowMs(),
  };
}

/** Fails before anything could have left, and says so. */
function prepare(sender: SalesforceUser, draft: PrivateMessageDraft) {
  try {
    return { account: accountOf(sender), body: messageInput(draft) };
  } catch (error) {
    throw refusedForGood(
      'id-malformed',
      'The bridge has a wrong Salesforce id for one of these people or for the message that this answers. Nothing was sent; tell whoever runs the bridge.',
      error,
    );
  }
}

function accountOf({ id, username }: SalesforceUser): Account {
  return { id: toUserId(id), username, owner: 'person' };
}

/** In JSON the text is called `body` and is a bare string; only the query form, too short for it, says `text`. */
function messageInput({ body, to }: PrivateMessageDraft): string {
  const addressed =
    'inReplyTo' in to
      ? { inReplyTo: toMessageId(to.inReplyTo) }
      : { recipients: [...new Set(to.recipients.map(toUserId))] };
  return JSON.stringify({ body, ...addressed });
}
