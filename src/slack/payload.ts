import { z } from 'zod';
import { TS } from './ids.ts';
import { PLACE_EVENTS } from './payload-events.ts';

/** The two commands there are. Commands are not namespaced: the last app to be installed with a name has it. */
export const COMMAND = '/chatter-dm';
export const NOTIFY_COMMAND = '/chatter-notify';

/** The buttons that we post (views/) and listen to (listeners/decide.ts). */
export const ACTIONS = {
  retry: 'retry_delivery',
  discard: 'discard_delivery',
  retryAll: 'retry_all_deliveries',
  discardAll: 'discard_all_deliveries',
  allow: 'consent_allow',
  decline: 'consent_decline',
} as const;

/** An id of Slack's: of a team, person, channel, view. */
export const id = z.string().regex(/^[A-Z0-9]{2,30}$/);
/** Good once, within three seconds. */
export const triggerId = z.string().regex(/^[\w.-]{1,200}$/);

const Command = z.looseObject({
  command: z.string().startsWith('/'),
  team_id: id,
  user_id: id,
  channel_id: id,
  text: z.string(),
  trigger_id: triggerId,
  response_url: z.url(),
});

/** A message as an event shows it that tells how it was changed. */
const ShownMessage = z.looseObject({
  ts: z.string().regex(TS),
  thread_ts: z.string().regex(TS).nullish(),
  subtype: z.string().nullish(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  text: z.string().nullish(),
  edited: z.looseObject({ ts: z.string().regex(TS) }).nullish(),
  metadata: z.looseObject({ event_type: z.string().nullish() }).nullish(),
});
export type ShownMessage = z.infer<typeof ShownMessage>;

/** The parts of Slack's `message` event that decide whether and where it travels; the rest is left alone. */
export const MessageEvent = z.looseObject({
  type: z.literal('message'),
  channel: id,
  channel_type: z.string().nullish(),
  ts: z.string().regex(TS),
  thread_ts: z.string().regex(TS).nullish(),
  subtype: z.string().nullish(),
  hidden: z.boolean().nullish(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  text: z.string().nullish(),
  // What is broken in these is read as if it were not there: written.ts.
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  files: z.unknown().optional(),
  message: ShownMessage.nullish().catch(undefined),
  previous_message: ShownMessage.nullish().catch(undefined),
  deleted_ts: z.string().regex(TS).nullish().catch(undefined),
  metadata: z.looseObject({ event_type: z.string().nullish() }).nullish(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/** Somebody looks at the app's Home or Messages tab. */
export const HomeOpened = z.looseObject({
  type: z.literal('app_home_opened'),
  user: id,
  tab: z.string().nullish(),
});

const authorization = z.looseObject({ team_id: id.nullish(), enterprise_id: id.nullish() });

const EventCallback = z.looseObject({
  type: z.literal('event_callback'),
  team_id: id,
  authorizations: z.array(authorization).nullish(),
  event: z.looseObject({ type: z.string() }),
});

/** What a signed request turns out to be. */
export type Payload =
  | { kind: 'usable'; body: Record<string, unknown> }
  /** Slack asks whether this URL is ours. */
  | { kind: 'challenge'; challenge: string }
  /** Slack has dropped events because there were too many of them. */
  | { kind: 'rate-limited'; minute: number | undefined }
  /** Proper, but nothing here listens to it: Slack must not send it again. */
  | { kind: 'unneeded'; what: string }
  | { kind: 'unknown-command'; command: string }
  /** Nothing that Slack sends, or with parts missing: it can never be used. */
  | { kind: 'junk'; why: string };

/** The body as JSON or form by its content type, parameters (`; charset=utf-8`) ignored. undefined: neither. */
export function readBody(raw: Buffer, contentType: string | undefined): unknown {
  const text = raw.toString('utf8');
  try {
    if (!isForm(contentType)) return JSON.parse(text);
    const form = Object.fromEntries(new URLSearchParams(text));
    return form.payload === undefined ? form : JSON.parse(form.payload);
  } catch {
    return undefined;
  }
}

/** `ssl_check=1`: Slack looks whether the certificate is good. It comes unsigned. */
export function isSslCheck(raw: Buffer, contentType: string | undefined): boolean {
  return isForm(contentType) && new URLSearchParams(raw.toString('utf8')).get('ssl_check') === '1';
}

export function sortOutCommand(body: Record<string, unknown>): Payload {
  if (body.command === undefined) return { kind: 'junk', why: 'no type' };
  const command = Command.safeParse(body);
  if (!command.success) return { kind: 'junk', why: flaws('command', command.error) };
  const { command: name } = command.data;
  if (name !== COMMAND && name !== NOTIFY_COMMAND) return { kind: 'unknown-command', command: name };
  return { kind: 'usable', body };
}

export function sortOutEvent(body: Record<string, unknown>): Payload {
  const callback = EventCallback.safeParse(body);
  if (!callback.success) return { kind: 'junk', why: flaws('event', callback.error) };
  const { event } = callback.data;
  const schema = eventOf(event.type);
  if (!schema) return { kind: 'unneeded', what: event.type };
  const parsed = schema.safeParse(event);
  return parsed.success ? { kind: 'usable', body } : { kind: 'junk', why: flaws(event.type, parsed.error) };
}

function eventOf(type: string): z.ZodType | undefined {
  if (type === 'message') return MessageEvent;
  return type === 'app_home_opened' ? HomeOpened : PLACE_EVENTS.get(type);
}

function isForm(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The names of the fields that are wrong, never their values: those may be somebody's words. */
export function flaws(what: string, error: z.ZodError): string {
  return `${what} without usable ${[...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')}`;
}
