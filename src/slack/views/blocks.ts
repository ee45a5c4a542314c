import type { ActionsBlock, Button, ContextBlock, SectionBlock } from '@slack/web-api';
import type { AllDead, DeliveryRef } from '../../bridge/note.ts';
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

/**
 * Retry and Discard for one state of a delivery: a press on an older state does nothing.
 * @param inList the press is answered with the list as it is then
 */
export function decisionButtons(ref: DeliveryRef, mayDouble: boolean, inList = false): ActionsBlock {
  const value = JSON.stringify({
    delivery: ref.delivery,
    version: ref.version,
    ...(inList && { list: true }),
  });
  return buttons([
    button(mayDouble ? 'Send again' : 'Retry', ACTIONS.retry, value),
    button('Discard', ACTIONS.discard, value),
  ]);
}

/** The same for all that have failed so far: a press does nothing about what fails later. */
export function allButtons({ count, untilMs }: AllDead, inList = false): ActionsBlock {
  const value = JSON.stringify({ untilMs, ...(inList && { list: true }) });
  return buttons([
    button(`Retry all (${count})`, ACTIONS.retryAll, value),
    {
      ...button(`Discard all (${count})`, ACTIONS.discardAll, value),
      confirm: {
        title: { type: 'plain_text', text: 'Discard all of them?' },
        text: { type: 'plain_text', text: `${count} messages will not be sent, and their texts are erased.` },
        confirm: { type: 'plain_text', text: 'Discard all' },
        deny: { type: 'plain_text', text: 'Keep them' },
      },
    },
  ]);
}

/** A sentence from elsewhere (Salesforce's own words may be in it), escaped. */
export function escapedSentence(sentence: string): string {
  return escapedExcerpt(sentence, SENTENCE_LIMIT);
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
