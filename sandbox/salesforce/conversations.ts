import type { Answer } from './answer.ts';
import { refuse } from './api-error.ts';
import { idOf } from './identifiers.ts';
import { jsonObject, parserError } from './json-input.ts';
import { inOrder, messageCollection, sceneOf } from './messages.ts';
import type { Conversation } from './org.ts';
import { pageOf, searchWords } from './paging.ts';
import { conversationSummary, conversationUrl, summaries } from './shapes.ts';
import type { ApiCall } from './world.ts';

/** The unread count is exact up to here and then stays (Apex reference, ChatterMessages). */
const maxUnreadCount = 50;

/** `GET …/conversations`: by latest activity. */
export function listConversations(call: ApiCall): Answer {
  const { org } = call.world;
  const words = searchWords(call.query);
  const active = org.conversationsOf(call.user.id).flatMap((conversation) => {
    const messages = org.messages.filter(({ conversationId }) => conversationId === conversation.id);
    const latest = messages.at(-1);
    const found = words === null || messages.some(({ text }) => text.toLowerCase().includes(words));
    return latest && found ? [{ id: conversation.id, conversation, latest, sentDate: latest.sentDate }] : [];
  });
  const place = new Map(org.messages.map((message, index) => [message.id, index]));
  const at = ({ latest }: (typeof active)[number]) => place.get(latest.id) ?? 0;
  const byCommit = active.toSorted((one, other) => at(one) - at(other));
  const page = pageOf(
    inOrder(call.world, byCommit),
    call.query,
    `${call.base}/chatter/users/me/conversations`,
  );
  const conversations = page.items.map(({ conversation }) => summaryFor(call, conversation));
  return { status: 200, body: { conversations, ...page.links } };
}

/** `GET …/conversations/{id}`: members filled, the messages' recipients empty. */
export function getConversation(call: ApiCall): Answer {
  const conversation = conversationIn(call);
  const scene = sceneOf(call);
  const url = conversationUrl(scene, conversation.id);
  const messages = call.world.org.messages.filter(({ conversationId }) => conversationId === conversation.id);
  const body = {
    conversationId: conversation.id,
    conversationUrl: url,
    members: summaries(scene, conversation.memberIds),
    messages: messageCollection(call, messages, url, true),
    read: readFlag(call, conversation),
  };
  return { status: 200, body };
}

/** `PATCH …/conversations/{id}` with `{"read": …}` or `?read=…`. */
export function patchConversation(call: ApiCall): Answer {
  const conversation = conversationIn(call);
  call.world.org.markRead(conversation, call.user.id, wantedRead(call));
  if (call.world.switches.patchAnswers === 'no-content') return { status: 204 };
  return { status: 200, body: summaryFor(call, conversation) };
}

/** `GET …/conversations/unread-count`: counts conversations, not messages. */
export function unreadCount(call: ApiCall): Answer {
  const mine = call.world.org.conversationsOf(call.user.id);
  const unread = mine.filter((conversation) => conversation.unreadBy.has(call.user.id)).length;
  return {
    status: 200,
    body: { hasMore: unread > maxUnreadCount, unreadCount: Math.min(unread, maxUnreadCount) },
  };
}

function conversationIn(call: ApiCall): Conversation {
  const conversation = call.world.org.conversation(idOf('conversation', call.ids[1] ?? ''));
  if (!conversation?.memberIds.includes(call.user.id)) {
    throw refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
  }
  return conversation;
}

function summaryFor(call: ApiCall, conversation: Conversation) {
  return conversationSummary(sceneOf(call), conversation, readFlag(call, conversation));
}

function readFlag(call: ApiCall, conversation: Conversation): boolean {
  return conversation.unreadBy.has(call.user.id) === call.world.switches.readMeansUnread;
}

function wantedRead(call: ApiCall): boolean {
  if (call.body !== '') {
    const { read } = jsonObject(call.body, ['read']);
    if (typeof read !== 'boolean') throw parserError('Can not deserialize "read": expected a boolean');
    return read;
  }
  const read = call.query.get('read');
  if (read === 'true' || read === 'false') return read === 'true';
  throw refuse(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', 'Illegal value for query parameter: read');
}
