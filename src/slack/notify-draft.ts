import { z } from 'zod';
import type { Preview } from '../bridge/notification.ts';
import type { ChatPersonId, SalesforceUserId } from '../bridge/people.ts';

/** What the sender has seen in the form, and confirms by submitting it. Kept in Drafts under the form's id. */
export interface NotifyDraft {
  text: string;
  preview: Preview;
}

const REASONS = z.enum([
  'sender',
  'bot',
  'guest',
  'other-company',
  'deactivated',
  'no-email',
  'no-user',
  'several-users',
  'inactive',
  'no-chatter',
  'opted-out',
  'unknown',
]);

const name = z.string();
const email = z.string();

/** Web processes of other versions may read it. */
const Draft = z.object({
  v: z.literal(1),
  text: z.string(),
  preview: z.object({
    reachable: z.array(z.object({ id: z.string().optional(), name, email, user: z.string() })),
    leftOut: z.array(z.object({ name, why: REASONS, email: email.optional() })),
  }),
});

export function writeNotifyDraft(draft: NotifyDraft): string {
  return JSON.stringify({ v: 1, ...draft });
}

/** @throws when it is of a version that we do not know. */
export function readNotifyDraft(draft: string): NotifyDraft {
  const { text, preview } = Draft.parse(JSON.parse(draft));
  return {
    text,
    preview: {
      reachable: preview.reachable.map(({ id, user, ...who }) => ({
        ...who,
        ...(id !== undefined && { id: id as ChatPersonId }),
        user: user as SalesforceUserId,
      })),
      leftOut: preview.leftOut.map(({ email: address, ...who }) => ({
        ...who,
        ...(address !== undefined && { email: address }),
      })),
    },
  };
}
