import { NOTE_EVENT } from '../note-event.ts';
import type { MessageEvent, ShownMessage } from '../payload.ts';

/**
 * Subtypes that are somebody's new words. Edits and deletions are another matter (revision.ts); everything else (joins,
 * `bot_message` and what Slack may yet invent) does not travel.
 */
const TRAVELLING = new Set(['', 'file_share', 'thread_broadcast', 'me_message']);

/** Why a message is not somebody's new words; undefined: it is. Whether it comes in an event or is read later. */
export function reasonToDrop(message: MessageEvent, botUser: string | undefined): string | undefined {
  if (!TRAVELLING.has(message.subtype ?? '')) return 'subtype';
  if (message.hidden === true) return 'hidden';
  return whyNobodys(message, botUser);
}

/** Why a message was not written by a person; undefined: it was. */
export function whyNobodys(
  { user, bot_id, app_id, metadata }: Pick<ShownMessage, 'user' | 'bot_id' | 'app_id' | 'metadata'>,
  botUser: string | undefined,
): string | undefined {
  if (metadata?.event_type === NOTE_EVENT) return 'own';
  // Present-day bots, our own included, post without a subtype.
  if (bot_id || app_id) return 'bot';
  if (!user || user === botUser || user === 'USLACKBOT') return 'no person';
  return undefined;
}
