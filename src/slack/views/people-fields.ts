import type { KnownBlock, PlainTextOption } from '@slack/web-api';
import { FIELDS } from '../payload-interactions.ts';
import type { PickedUser } from '../picked.ts';
import { plainText } from './modal.ts';

/** Slack refuses an option with more (option object). */
const OPTION_LIMIT = 75;
/** One letter finds half the company. */
const LEAST_TYPED = 2;

/** Whom to write to: in Slack, and by name in Salesforce. `most` together, which Slack cannot count itself. */
export function peopleFields(most: number, chosen: readonly PickedUser[] = []): KnownBlock[] {
  const initial = chosen.slice(0, most).map(userOption);
  return [
    {
      type: 'input',
      block_id: FIELDS.people.block,
      optional: true,
      label: plainText('People in Slack'),
      element: {
        type: 'multi_users_select',
        action_id: FIELDS.people.action,
        max_selected_items: most,
        placeholder: plainText('Choose people'),
      },
    },
    {
      type: 'input',
      block_id: FIELDS.users.block,
      optional: true,
      label: plainText('People in Salesforce'),
      hint: plainText(`For people who are not in Slack. Up to ${most} people, both fields together.`),
      element: {
        type: 'multi_external_select',
        action_id: FIELDS.users.action,
        max_selected_items: most,
        min_query_length: LEAST_TYPED,
        placeholder: plainText('Type the beginning of a name'),
        ...(initial.length > 0 && { initial_options: initial }),
      },
    },
  ];
}

/** Somebody as they can be chosen; people of one name are told apart by their address. */
export function userOption(user: PickedUser & { email?: string | undefined }): PlainTextOption {
  return {
    text: plainText(shortened(user.name)),
    value: user.id,
    ...(user.email && { description: plainText(shortened(user.email)) }),
  };
}

function shortened(text: string): string {
  if (text.trim() === '') return '?';
  if (text.length <= OPTION_LIMIT) return text;
  return `${text.slice(0, OPTION_LIMIT - 1).replace(/\p{Cs}$/u, '')}…`;
}
