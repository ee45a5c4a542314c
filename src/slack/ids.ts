import type { ChatMessageId, ChatPersonId, ChatPlaceId, ChatThreadId, DeliveryId } from '../bridge/people.ts';

/** Slack's ids are upper-case letters and digits, so `-` can separate them; a `ts` is digits, a dot, six digits. */
const PAIR = /^([A-Z0-9]+)-([A-Z0-9]+)$/;
const MESSAGE = /^([A-Z0-9]+)-([A-Z0-9]+)-(\d+\.\d{6})$/;
export const TS = /^\d+\.\d{6}$/;

export interface PersonParts {
  team: string;
  user: string;
}

export interface PlaceParts {
  team: string;
  channel: string;
}

/** Where a message is, or where a thread begins: Slack names a thread by its root's `ts`. */
export interface MessageParts {
  team: string;
  channel: string;
  ts: string;
}

/** `T1-U1` */
export function makePersonId({ team, user }: PersonParts): ChatPersonId {
  return `${team}-${user}` as ChatPersonId;
}

/** @throws TypeError when it is not a Slack person: a mistake in the program, not of a user. */
export function parsePersonId(id: ChatPersonId): PersonParts {
  const [, team, user] = PAIR.exec(id) ?? [];
  if (team === undefined || user === undefined) throw new TypeError(`Not a Slack person: ${id}`);
  return { team, user };
}

/** `T1-C1` */
export function makePlaceId({ team, channel }: PlaceParts): ChatPlaceId {
  return `${team}-${channel}` as ChatPlaceId;
}

/** @throws TypeError when it is not a Slack conversation. */
export function parsePlaceId(id: ChatPlaceId): PlaceParts {
  const [, team, channel] = PAIR.exec(id) ?? [];
  if (team === undefined || channel === undefined) throw new TypeError(`Not a Slack conversation: ${id}`);
  return { team, channel };
}

/** Where a thread is. */
export function placeOfThread(id: ChatThreadId): ChatPlaceId {
  return makePlaceId(parseThreadId(id));
}

/** Whether a channel is somebody's conversation with the app: the app is in no others that begin like this. */
export const isWithTheApp = (channel: string): boolean => channel.startsWith('D');

/** `T1-D1-1700000000.000100` */
export function makeMessageId(parts: MessageParts): ChatMessageId {
  return joined(parts) as ChatMessageId;
}

/** @throws TypeError when it is not a Slack message. */
export function parseMessageId(id: ChatMessageId): MessageParts {
  return parted(id);
}

/** What somebody wrote, on its way: by its natural key, so that its edits and its deletion know it as well. */
export function makeDeliveryId(parts: MessageParts): DeliveryId {
  return `msg-${joined(parts)}-new` as DeliveryId;
}

/** Like a message's: the thread of a message has the id of its root. */
export function makeThreadId(parts: MessageParts): ChatThreadId {
  return joined(parts) as ChatThreadId;
}

/** @throws TypeError when it is not a Slack thread. */
export function parseThreadId(id: ChatThreadId): MessageParts {
  return parted(id);
}

/**
 * A `ts` as whole microseconds since 1970, by its digits: read as a floating-point number of seconds it would
 * lose its last ones, and with them the order of two messages.
 * @throws TypeError when it is not a `ts`.
 */
export function microsecondsOf(ts: string): number {
  if (!TS.test(ts)) throw new TypeError(`Not a Slack ts: ${ts}`);
  return Number(ts.replace('.', ''));
}

/** The `ts` of that many microseconds since 1970. */
export function tsOf(us: number): string {
  const digits = String(us).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function joined({ team, channel, ts }: MessageParts): string {
  return `${team}-${channel}-${ts}`;
}

function parted(id: string): MessageParts {
  const [, team, channel, ts] = MESSAGE.exec(id) ?? [];
  if (team === undefined || channel === undefined || ts === undefined) {
    throw new TypeError(`Not a Slack message: ${id}`);
  }
  return { team, channel, ts };
}
