import type { WrittenMessage } from '../../bridge/message.ts';
import { microsecondsOf } from '../ids.ts';
import type { MessageEvent, ShownMessage } from '../payload.ts';
import { writtenIn } from '../written.ts';
import { whyNobodys } from './author.ts';

/** What somebody has changed about a message of theirs. */
export interface Revision {
  /** The message, and the root of the thread that it is in, which may be itself. */
  ts: string;
  threadTs: string;
  user: string;
  /** What it says now; undefined: nothing any more. */
  written: Pick<WrittenMessage, 'text' | 'beyondText'> | undefined;
  /** Tells one change of a message from another: the same change has the same one, however often it comes. */
  key: string;
  /** Which of several changes is the last, microseconds. */
  atUs: number;
}

/** Later than all edits: what was deleted stays so. Still a number that Redis and JavaScript tell from its neighbours. */
const AFTER_ALL_US = 9_000_000_000_000_000;

/**
 * The edit or deletion that an event tells of; undefined: none. Most events of these kinds are none: links get previews,
 * roots count their replies, bots change what they said (`message_changed` with the same text, or without `edited`).
 */
export function revisionIn(event: MessageEvent, botUser: string | undefined): Revision | undefined {
  const { message, previous_message: before } = event;
  if (event.subtype === 'message_deleted') return deletionOf(before, event.deleted_ts, botUser);
  if (event.subtype !== 'message_changed' || !message) return undefined;
  // A root with replies leaves a placeholder instead; its replies may then come once more, as edits that change nothing.
  if (isTombstone(message)) {
    return before && isTombstone(before) ? undefined : deletionOf(before, message.ts, botUser);
  }
  if (!message.edited || whyNobodys(message, botUser) !== undefined) return undefined;
  if (before && (before.edited?.ts === message.edited.ts || before.text === message.text)) return undefined;
  return {
    ...placeOf(message),
    written: writtenIn(message),
    key: `edit-${message.edited.ts}`,
    atUs: microsecondsOf(message.edited.ts),
  };
}

/**
 * The `ts` of a message that begins a thread, or may, and that an event says is deleted, whoever wrote it; undefined: the
 * event says nothing like that.
 */
export function deletedRootIn({ subtype, message, previous_message: before, ...event }: MessageEvent) {
  if (subtype === 'message_deleted') {
    const ts = event.deleted_ts ?? before?.ts;
    return before?.thread_ts && before.thread_ts !== ts ? undefined : (ts ?? undefined);
  }
  if (subtype !== 'message_changed' || !message || !isTombstone(message)) return undefined;
  // What Slackbot itself has begun looks like it, and changes with every reply; so does the placeholder.
  const isNews = before ? !isTombstone(before) : message.subtype === 'tombstone';
  return isNews && (message.thread_ts ?? message.ts) === message.ts ? message.ts : undefined;
}

function deletionOf(
  before: ShownMessage | null | undefined,
  ts: string | null | undefined,
  botUser: string | undefined,
): Revision | undefined {
  if (!before || !ts || whyNobodys(before, botUser) !== undefined) return undefined;
  return { ...placeOf({ ...before, ts }), written: undefined, key: 'delete', atUs: AFTER_ALL_US };
}

const placeOf = ({ ts, thread_ts, user }: ShownMessage) => ({
  ts,
  threadTs: thread_ts ?? ts,
  user: user ?? '',
});

/** The subtype is not in Slack's documentation; other bridges have met it, and this user under it. */
const isTombstone = ({ subtype, user }: ShownMessage): boolean =>
  subtype === 'tombstone' || user === 'USLACKBOT';
