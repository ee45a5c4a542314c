import { z } from 'zod';
import type { When } from '../bridge/notification.ts';
import { limits } from './limits.ts';
import type { Flaw } from './problem.ts';

/** As in docs/openapi.yaml, word for word. */
export const patterns = {
  email: '^[^\\s@,<>]+@[\\w-]+(?:\\.[\\w-]+)+$',
  person: '^[TE][A-Z0-9]+:[UW][A-Z0-9]+$',
  group: '^@[^\\s@,<>:]{1,80}$',
  text: '\\S',
  at: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$',
  cron: '^\\S+(?: +\\S+){4}$',
} as const;

const matches = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text);

/** Characters as people count them, and JSON Schema, not UTF-16's halves. */
const charactersIn = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const recipient = z
  .string()
  .refine(
    (text) =>
      matches(patterns.email, text)
        ? charactersIn(text) <= limits.emailCharacters
        : [patterns.person, patterns.group].some((pattern) => matches(pattern, text)),
    'Must be an e-mail address, a Slack person as "T0123:U0456" (team and user), or a user group as "@handle".',
  );

const at = z
  .string()
  .refine((text) => matches(patterns.at, text), {
    error: 'Must be ISO 8601 with a time zone, such as 2026-12-01T09:00:00+01:00.',
    abort: true,
  })
  .refine(isOnCalendar, 'There is no such day.');

const body = z
  .strictObject({
    recipients: z
      .array(recipient)
      .min(1, 'Must name somebody.')
      .max(limits.recipients, `Must have at most ${limits.recipients}. Name a group instead of its members.`)
      .refine((all) => new Set(all).size === all.length, 'Must name each once.'),
    text: z
      .string()
      .refine((text) => matches(patterns.text, text), 'Must not be empty.')
      .refine(
        (text) => charactersIn(text) <= limits.textCharacters,
        `Must have at most ${limits.textCharacters} characters.`,
      ),
    at: at.optional(),
    cron: z
      .string()
      .max(200)
      .refine((text) => matches(patterns.cron, text), 'Must have five fields, such as "0 9 * * MON".')
      .optional(),
    timeZone: z.string().min(1).max(100).optional(),
  })
  .superRefine(({ at, cron, timeZone }, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (at !== undefined && cron !== undefined) wrong('at', 'Must not be given together with "cron".');
    if (cron !== undefined && timeZone === undefined)
      wrong('timeZone', 'Must be given with "cron", such as Europe/Berlin.');
    if (cron === undefined && timeZone !== undefined) wrong('timeZone', 'Is given with "cron" only.');
  });

export interface NotificationBody {
  recipients: readonly string[];
  text: string;
  /** Undefined: at once. */
  when: When | undefined;
  /** The same for bodies that ask for the same in the same words. */
  canonical: string;
}

/** More than that nobody reads. */
const MOST_FLAWS = 20;

export function readNotificationBody(
  value: unknown,
): { body: NotificationBody } | { flaws: readonly Flaw[] } {
  const read = body.safeParse(value);
  if (!read.success) return { flaws: read.error.issues.slice(0, MOST_FLAWS).map(flawOf) };
  const { recipients, text, at: time, cron, timeZone } = read.data;
  const when: When | undefined =
    cron !== undefined && timeZone !== undefined
      ? { cron, timeZone }
      : time === undefined
        ? undefined
        : { atMs: Date.parse(time) };
  const canonical = JSON.stringify([recipients, text, time ?? null, cron ?? null, timeZone ?? null]);
  return { body: { recipients, text, when, canonical } };
}

/** Never repeats what was given, but for the names of what is not known. */
function flawOf({ path, message }: z.core.$ZodIssue): Flaw {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return { pointer: `#${steps.map((step) => `/${encodeURIComponent(step)}`).join('')}`, detail: message };
}

/** JavaScript takes the 30th of February for a day in March. */
function isOnCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && !Number.isNaN(Date.parse(text));
}
