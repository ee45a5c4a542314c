import type { KnownBlock } from '@slack/web-api';
import { mirrorWords } from '../mirror-words.ts';
import type { Modal } from '../modals.ts';
import { context, section } from './blocks.ts';

/** Slack takes 24 characters. */
export type Title =
  | 'Mirror thread to Chatter'
  | 'Send to Chatter'
  | 'New Chatter message'
  | 'Notify in Chatter';

/** What is there at once: a form takes longer to prepare than its trigger lives. */
export function loading(title: Title): Modal {
  return notice(title, mirrorWords.loading, mirrorWords.ifStuck);
}

/** A form that says something instead of asking. */
export function notice(title: Title, said: string, aside?: string): Modal {
  return shown(title, [section(said), ...(aside === undefined ? [] : [context(aside)])]);
}

/** One that shows something, with nothing to fill in. */
export function shown(title: Title, blocks: KnownBlock[]): Modal {
  return { type: 'modal', title: plainText(title), close: plainText('Close'), blocks };
}

/** @param metadata comes back with what was filled in; up to 3,000 characters. */
export function form(
  title: Title,
  submit: string,
  of: { callback: string; metadata: string; blocks: KnownBlock[]; tellsWhenClosed?: boolean },
): Modal {
  return {
    type: 'modal',
    callback_id: of.callback,
    private_metadata: of.metadata,
    title: plainText(title),
    submit: plainText(submit),
    close: plainText('Cancel'),
    blocks: of.blocks,
    ...(of.tellsWhenClosed && { notify_on_close: true }),
  };
}

export const plainText = (text: string) => ({ type: 'plain_text' as const, text });
