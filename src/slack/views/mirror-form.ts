import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import type { BringAlong } from '../../bridge/mirror.ts';
import { TS } from '../ids.ts';
import { mirrorWords } from '../mirror-words.ts';
import type { Modal } from '../modals.ts';
import { id } from '../payload.ts';
import { FIELDS, FORMS, type Values } from '../payload-interactions.ts';
import { fieldIn, type PickedUser } from '../picked.ts';
import type { Place } from '../places.ts';
import { context, section } from './blocks.ts';
import { form, plainText } from './modal.ts';
import { peopleFields } from './people-fields.ts';

/** What the form is about, as it comes back with what was filled in. */
const About = z.object({
  v: z.literal(1),
  team: id,
  channel: id,
  /** The thread's root. */
  ts: z.string().regex(TS),
  sinceUs: z.number().int().positive(),
  isAnew: z.literal(true).optional(),
});
export type MirrorAbout = z.infer<typeof About>;

/** undefined: not one of ours, or of a version that we do not know. */
export function readAbout(metadata: string): MirrorAbout | undefined {
  try {
    return About.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

const BRINGS: readonly BringAlong[] = ['root', 'last', 'all'];
const Brought = z.object({ selected_option: z.object({ value: z.enum(BRINGS) }) });

export function broughtIn(values: Values): BringAlong {
  return Brought.safeParse(fieldIn(values, FIELDS.bring)).data?.selected_option.value ?? 'last';
}

/** Asks with whom a thread is to be mirrored, and says who will see what. */
export function mirrorForm(about: MirrorAbout, place: Place, chosen: readonly PickedUser[]): Modal {
  const where = inPlace(place, about.channel);
  return form('Mirror thread to Chatter', 'Mirror', {
    callback: FORMS.mirror,
    metadata: JSON.stringify(about),
    blocks: [
      section(mirrorWords.thisIs(where)),
      ...(about.isAnew ? [context(mirrorWords.anew)] : []),
      ...peopleFields(mirrorWords.mostPeople.mirror, chosen),
      bringField(),
      section(mirrorWords.whoSees(where)),
    ],
  });
}

/** Slack shows the name to whoever may know it; a group conversation has none. */
const inPlace = ({ kind }: Place, channel: string): string =>
  kind === 'group' ? 'in this group conversation' : `in <#${channel}>`;

function bringField(): KnownBlock {
  const options = BRINGS.map((bring) => ({ text: plainText(mirrorWords.brings[bring]), value: bring }));
  const initial = options.find(({ value }) => value === 'last');
  return {
    type: 'input',
    block_id: FIELDS.bring.block,
    label: plainText(mirrorWords.bring),
    element: {
      type: 'radio_buttons',
      action_id: FIELDS.bring.action,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}
