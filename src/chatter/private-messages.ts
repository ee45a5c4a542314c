import { refusedForGood } from '../bridge/delivery-error.ts';
import type { Gates } from '../bridge/gates.ts';
import type { SalesforceUser } from '../bridge/people.ts';
import type {
  PrivateMessageDraft,
  PrivateMessages,
  ReadBudget,
  ReadUse,
  SendWatch,
} from '../bridge/ports.ts';
import { parseMessage } from './chatter-message.ts';
import { deliveryError } from './errors.ts';
import { toConversationId, toMessageId, toUserId } from './ids.ts';
import {
  chatterHeaders,
  type Listing,
  type ListOrder,
  messagesPath,
  readSince,
  tooLong,
} from './message-list.ts';
import { createOwnMessages } from './own-messages.ts';
import { orgScope, personScope } from './scopes.ts';
import type { ServerClock } from './server-clock.ts';
import type { Account, Sessions } from './sessions.ts';
import type { PooledTransport } from './transport.ts';

export interface PrivateMessagesOptions {
  sessions: Sessions;
  /** The bridge's own user, who writes in mirrored threads. */
  ownUsername: string;
  clock: ServerClock;
  listOrder: ListOrder;
  gates: Gates;
  reads: ReadBudget;
  /** How long one reading may serve further looks of the same person. */
  shareReadsMs: number;
  now: () => number;
  transportFor(watch: SendWatch): PooledTransport;
}

/** Chatter private messages over Connect REST, each request with the token of the person it is for. */
export function createPrivateMessages(options: PrivateMessagesOptions): PrivateMessages {
  const { sessions, clock, listOrder, gates, reads, transportFor, ownUsername } = options;
  const ownerOf = ({ username }: SalesforceUser): Account['owner'] =>
    username.toLowerCase() === ownUsername.toLowerCase() ? 'bridge' : 'person';
  const accountOf = (user: SalesforceUser): Account => ({
    id: toUserId(user.id),
    username: user.username,
    owner: ownerOf(user),
  });

  /** As that person, if their gates are open. What the work throws is understood before they hear of it. */
  function as<Result>(
    user: SalesforceUser,
    kind: 'send' | 'reply' | 'read',
    work: () => Promise<Result>,
  ): Promise<Result> {
    return gates.through(scopesOf(user.id), async () => {
      try {
        return await work();
      } catch (error) {
        throw deliveryError(error, { kind, as: ownerOf(user) }, user.id);
      }
    });
  }

  const list = (reader: SalesforceUser, sinceMs: number, use: ReadUse): Promise<Listing> =>
    as(reader, 'read', () =>
      sessions.as(accountOf(reader), ({ connection }) =>
        readSince(connection, reader, sinceMs, listOrder, () => reads.take(reader.id, use)),
      ),
    );

  async function since(reader: SalesforceUser, sinceMs: number, use: ReadUse) {
    const { messages, isWhole } = await list(reader, sinceMs, use);
    if (!isWhole) throw tooLong();
    return messages;
  }

  return {
    async send(sender, draft, watch) {
      const { account, body } = prepare(() => accountOf(sender), draft);
      return as(sender, 'inReplyTo' in draft.to ? 'reply' : 'send', async () => {
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
      });
    },

    async markRead(reader, conversation) {
      // jsforce's own `update` would be a POST, which Connect does not take here.
      const url = `/chatter/users/me/conversations/${toConversationId(conversation)}`;
      await as(reader, 'read', () =>
        sessions.as(accountOf(reader), ({ connection }) =>
          connection.request({
            method: 'PATCH',
            url,
            headers: { ...chatterHeaders, 'Content-Type': 'application/json' },
            body: JSON.stringify({ read: true }),
          }),
        ),
      );
    },

    ready: ({ id }) => gates.check(scopesOf(id)),
    since,
    async newsSince(reader, sinceMs) {
      const news = await list(reader, sinceMs, 'poll');
      // Where the newest is not known to come first, what was read may be the oldest there is.
      if (!news.isWhole && listOrder !== 'newest-first') throw tooLong();
      return news;
    },
    sentSince: createOwnMessages({
      read: since,
      keepMs: options.shareReadsMs,
      now: options.now,
    }),

    serverNowMs: () => clock.nowMs(),
  };
}

const scopesOf = (id: SalesforceUser['id']) => [orgScope, personScope(id)];

/** Fails before anything could have left, and says so. */
function prepare(account: () => Account, draft: PrivateMessageDraft) {
  try {
    return { account: account(), body: messageInput(draft) };
  } catch (error) {
    throw refusedForGood(
      'id-malformed',
      'The bridge has a wrong Salesforce id for one of these people or for the message that this answers. Nothing was sent; tell whoever runs the bridge.',
      error,
    );
  }
}

/** In JSON the text is called `body` and is a bare string; only the query form, too short for it, says `text`. */
function messageInput({ body, to }: PrivateMessageDraft): string {
  const addressed =
    'inReplyTo' in to
      ? { inReplyTo: toMessageId(to.inReplyTo) }
      : { recipients: [...new Set(to.recipients.map(toUserId))] };
  return JSON.stringify({ body, ...addressed });
}
