import type { Answer } from './answer.ts';
import { refuse } from './api-error.ts';
import { idOf } from './identifiers.ts';
import { readMessageInput } from './message-input.ts';
import type { StoredMessage } from './org.ts';
import { pageOf, searchWords } from './paging.ts';
import { send } from './sending.ts';
import { messageShape, type Scene } from './shapes.ts';
import type { ApiCall, World } from './world.ts';

/** `POST …/messages`: 201 with the message, in the shape of the recorded answer. */
export function postMessage(call: ApiCall): Answer {
  const message = send(call.world, call.user, readMessageInput(call.body, call.query), call.arrivedAt);
  return { status: 201, body: trimmed(call, messageShape(sceneOf(call), message)) };
}

/** `GET …/messages`: all private messages of the user, own ones included. */
export function listMessages(call: ApiCall): Answer {
  const path = `${call.base}/chatter/users/me/messages`;
  return { status: 200, body: messageCollection(call, call.world.org.messagesOf(call.user.id), path, false) };
}

/** `GET …/messages/{id}`. */
export function getMessage(call: ApiCall): Answer {
  const message = call.world.org.messageFor(call.user.id, idOf('message', call.ids[1] ?? ''));
  if (!message) throw refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
  return { status: 200, body: trimmed(call, messageShape(sceneOf(call), message)) };
}

/** A page of these messages, searched and ordered. */
export function messageCollection(
  call: ApiCall,
  all: StoredMessage[],
  path: string,
  inConversation: boolean,
): Record<string, unknown> {
  const words = searchWords(call.query);
  const found = all.filter((message) => words === null || message.text.toLowerCase().includes(words));
  const page = pageOf(inOrder(call.world, found), call.query, path);
  const scene = sceneOf(call);
  const messages = page.items.map((message) => trimmed(call, messageShape(scene, message, inConversation)));
  return { ...page.links, messages };
}

/** Where the shapes of this call's answer are written. */
export function sceneOf({ world, base }: ApiCall): Scene {
  return { org: world.org, base, url: world.url, includeSender: world.switches.recipientsIncludeSender };
}

/** Oldest to newest comes in; the switches say what goes out. */
export function inOrder<T extends { sentDate: string }>(world: World, committed: T[]): T[] {
  const { order, orderBy } = world.switches;
  const byDate = (one: T, other: T) => Date.parse(one.sentDate) - Date.parse(other.sentDate);
  const ascending = orderBy === 'sent-date' ? committed.toSorted(byDate) : committed;
  return order === 'newest-first' ? ascending.toReversed() : ascending;
}

/** `filterGroup=Medium|Small` drops `conversationId` (Connect guide: it is in the Big group). */
function trimmed(call: ApiCall, message: Record<string, unknown>): Record<string, unknown> {
  const group = call.query.get('filterGroup') ?? 'Big';
  if (!['Big', 'Medium', 'Small'].includes(group)) {
    throw refuse(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', 'Illegal value for query parameter: filterGroup');
  }
  if (group === 'Big') return message;
  const { conversationId: _dropped, ...kept } = message;
  return kept;
}
