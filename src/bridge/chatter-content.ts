import { createHash } from 'node:crypto';
import type { Revises } from './delivery.ts';
import type { WrittenMessage } from './message.ts';
import type {
  ChatPersonId,
  ChatThreadId,
  DeliveryId,
  PairKey,
  SalesforceUser,
  SalesforceUserId,
} from './people.ts';

/** Content of a delivery to Chatter: what somebody wrote and, once prepared, where it goes. Stored encrypted. */
export interface ChatterContent {
  v: 1;
  message: WrittenMessage;
  route?: Route;
}

/** What preparing found out. Frozen with the first intent: what is looked for is what was sent. */
export interface Route {
  sender: SalesforceUser;
  recipients: readonly SalesforceUserId[];
  names: readonly string[];
  pair: PairKey;
  /** The thread that it was written in, when it is a reply. */
  thread?: ChatThreadId;
  /**
   * The thread is mirrored: by which delivery; the bridge's own user, who reads what is answered; and whether it speaks for the
   * author.
   */
  mirror?: { openedBy: DeliveryId; user: SalesforceUserId; isRelayed: boolean };
  /** The text as it goes out, in parts of at most Chatter's length. */
  parts: readonly string[];
}

export function readContent(json: string): ChatterContent {
  const content = JSON.parse(json) as ChatterContent;
  if (content.v !== 1) throw new Error(`content version ${String(content.v)} is newer than this program`);
  return content;
}

/** The same with the words of its edit: where it goes, and in which parts, is found out anew. */
export function withWordsOf(
  { message: edit }: ChatterContent,
  { route: _route, ...content }: ChatterContent,
): ChatterContent {
  const { beyondText: _before, ...message } = content.message;
  const { text, beyondText } = edit;
  return { ...content, message: { ...message, text, ...(beyondText !== undefined && { beyondText }) } };
}

/** In the place of a content that cannot be read: enough to say that this is so. */
export const withoutText = (author: ChatPersonId): ChatterContent => ({
  v: 1,
  message: { v: 1, author, text: '', to: { kind: 'people', people: [] } },
});

export function routeOf(content: ChatterContent): Route {
  if (!content.route) throw new Error('the delivery was not prepared');
  return content.route;
}

/** Sender and set of people, whatever order they were named in. */
export function pairKey(sender: SalesforceUserId, recipients: readonly SalesforceUserId[]): PairKey {
  const people = [...new Set(recipients)].sort();
  return createHash('sha256')
    .update([sender, ...people].join('\n'))
    .digest('hex')
    .slice(0, 32) as PairKey;
}

const EXCERPT_LENGTH = 120;

const AS_REVISED = {
  edit: (text: string): string => (text === '' ? '' : `Edited: ${text}`),
  delete: (): string => '(a message that you deleted)',
} as const;

/** What the bridge says about a mirror itself has no words of its writer's. */
function ownWords(to: WrittenMessage['to']): string {
  if (to.kind !== 'mirror') return '';
  return 'opens' in to
    ? '(the first message of a mirrored thread)'
    : '(the last message of a mirrored thread)';
}

/** The first line or so, of this part of it, to say which message is meant; before it is prepared also what it is. */
export function excerptOf(
  { route, message }: ChatterContent,
  { part = 0, revises }: { part?: number; revises?: Revises | undefined } = {},
): string {
  const asWritten = revises ? AS_REVISED[revises.how](message.text) : ownWords(message.to) || message.text;
  const text = route?.parts[part] ?? asWritten;
  const start = [...text.slice(0, EXCERPT_LENGTH * 2)].slice(0, EXCERPT_LENGTH).join('');
  return start.length < text.length ? `${start}…` : start;
}
