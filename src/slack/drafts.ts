import { z } from 'zod';
import type { WrittenMessage } from '../bridge/message.ts';

/** Keeps what somebody is about to send while its form is open; store/drafts.ts says how. Each method may throw. */
export interface Drafts {
  keep(form: string, draft: string): Promise<void>;
  /** undefined: nothing any more. */
  read(form: string): Promise<string | undefined>;
  erase(form: string): Promise<void>;
  /** It was sent: kept for a minute more, as the form is submitted again when Slack has not heard our answer. */
  fade(form: string): Promise<void>;
}

/** Web processes of other versions may read it. */
const Draft = z.object({ v: z.literal(1), text: z.string(), beyondText: z.unknown().optional() });

type Written = Pick<WrittenMessage, 'text' | 'beyondText'>;

export function writeDraft(written: Written): string {
  return JSON.stringify({ v: 1, ...written });
}

/** @throws when it is of a version that we do not know. */
export function readDraft(draft: string): Written {
  const { text, beyondText } = Draft.parse(JSON.parse(draft));
  return { text, ...(beyondText !== undefined && { beyondText }) };
}
