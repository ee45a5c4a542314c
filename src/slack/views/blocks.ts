import type { ActionsBlock, Button, ContextBlock, SectionBlock } from '@slack/web-api';
import type { DeliveryRef } from '../../bridge/note.ts';
import { ACTIONS } from '../payload.ts';
import { escapedExcerpt } from './excerpt.ts';

const SENTENCE_LIMIT = 1500;

/** `verbatim` keeps Slack from making links and mentions of names in the text. An empty section is refused. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: text.trim() === '' ? ' ' : text, verbatim: true } };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

export function buttons(elements: Button[]): ActionsBlock {
  return { type: 'actions', elements };
}

export function button(label: string, action: string, value?: string, style?: 'primary' | 'danger'): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: label },
    action_id: action,
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
  };
}

/** Retry and Discard for one state of a delivery: a press on an older state does nothing. */
export function decisionButtons(ref: DeliveryRef, mayDouble: boolean): ActionsBlock {
  const value = JSON.stringify({ delivery: ref.delivery, version: ref.version });
  return buttons([
    button(mayDouble ? 'Send again' : 'Retry', ACTIONS.retry, value),
    button('Discard', ACTIONS.discard, value),
  ]);
}

/** A sentence from elsewhere (Salesforce's own words may be in it), escaped. */
export function escapedSentence(sentence: string): string {
  return escapedExcerpt(sentence, SENTENCE_LIMIT);
}

/**
 * A time of day as each reader's own clock shows it, rounded up to the minute; UTC where Slack cannot. Such strings
 * are read in verbatim text, too (text object reference).
 */
export function timeOf(atMs: number): string {
  const minute = new Date(Math.ceil(atMs / 60_000) * 60_000);
  return `<!date^${minute.getTime() / 1_000}^{time}|${minute.toISOString().slice(11, 16)} UTC>`;
}

/** A link under words of ours. What would end the link early is percent-encoded. */
export function linkTo(url: string, label: string): string {
  const inert = url
    .replaceAll('&', '&amp;')
    .replaceAll('|', '%7C')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E');
  return `<${inert}|${label}>`;
}
