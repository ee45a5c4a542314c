import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import { mirrorWords } from '../mirror-words.ts';
import type { Modal } from '../modals.ts';
import { FIELDS, FORMS, type Values } from '../payload-interactions.ts';
import { fieldIn } from '../picked.ts';
import { context, section } from './blocks.ts';
import { escapedPieces, SECTION_LIMIT } from './excerpt.ts';
import { form, plainText } from './modal.ts';
import { peopleFields } from './people-fields.ts';

/** What is sent: a message that is kept for this form, or what is written in it. */
const About = z.object({ v: z.literal(1), sends: z.enum(['message', 'text']) });
export type SendAbout = z.infer<typeof About>;

/** undefined: not one of ours, or of a version that we do not know. */
export function readSendAbout(metadata: string): SendAbout | undefined {
  try {
    return About.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

const Written = z.object({ value: z.string() });

/** As it was typed. */
export function textIn(values: Values): string {
  return Written.safeParse(fieldIn(values, FIELDS.text)).data?.value ?? '';
}

/** A message is shown in up to this many sections; it is sent in full. */
const SHOWN_SECTIONS = 3;
/** Slack's own limit of a text field. */
const LONGEST_TEXT = 3_000;

/** @param shown what the message will be in Chatter, as plain text. */
export function sendMessageForm(shown: string): Modal {
  return sendForm('Send to Chatter', 'message', [
    context(mirrorWords.asWritten),
    ...escapedPieces(shown, SECTION_LIMIT, SHOWN_SECTIONS).map(section),
  ]);
}

export function composeForm(): Modal {
  return sendForm('New Chatter message', 'text', [
    {
      type: 'input',
      block_id: FIELDS.text.block,
      label: plainText('Message'),
      element: {
        type: 'plain_text_input',
        action_id: FIELDS.text.action,
        multiline: true,
        max_length: LONGEST_TEXT,
      },
    },
  ]);
}

function sendForm(title: Parameters<typeof form>[0], sends: SendAbout['sends'], blocks: KnownBlock[]): Modal {
  return form(title, 'Send', {
    callback: FORMS.send,
    metadata: JSON.stringify({ v: 1, sends } satisfies SendAbout),
    blocks: [...peopleFields(mirrorWords.mostPeople.send), ...blocks, context(mirrorWords.sentAs)],
    // What is kept for it is erased then.
    tellsWhenClosed: sends === 'message',
  });
}
