import { NOTE_EVENT } from '../note-event.ts';
import type { ShownMessage } from '../payload.ts';

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
