import { z } from 'zod';
import { TS } from './ids.ts';

/** The one command there is. Commands are not namespaced: the last app to be installed with a name has it. */
export const COMMAND = '/chatter-dm';

/** The buttons that we post (views/) and listen to (listeners/decide.ts). */
export const ACTIONS = {
  retry: 'retry_delivery',
  discard: 'discard_delivery',
  retryAll: 'retry_all_deliveries',
  discardAll: 'discard_all_deliveries',
  allow: 'consent_allow',
  decline: 'consent_decline',
} as const;

const id = z.string().regex(/^[A-Z0-9]{2,30}$/);

const Command = z.looseObject({
  command: z.string().startsWith('/'),
  team_id: id,
  user_id: id,
  channel_id: id,
  text: z.string(),
  trigger_id: z.string().regex(/^[\w.-]{1,200}$/),
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

const authorization = z.looseObject({ team_id: id.nullish(), enterprise_id: id.nullish() });

const EventCallback = z.looseObject({
  type: z.literal('event_callback'),
  team_id: id,
  authorizations: z.array(authorization).nullish(),
  event: z.looseObject({ type: z.string() }),
});

export const BlockActions = z.looseObject({
  type: z.literal('block_actions'),
  user: z.looseObject({ id, team_id: id.nullish() }),
  team: z.looseObject({ id }).nullish(),
  response_url: z.url().nullish(),
  message: z.looseObject({ blocks: z.array(z.looseObject({ type: z.string() })).nullish() }).nullish(),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().nullish() })).min(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

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

/** Sorts out what the listeners can use, so that nothing else ever reaches Bolt. */
export function sortOut(body: unknown): Payload {
  const parsed = z.looseObject({ type: z.string().optional() }).safeParse(body);
  if (!parsed.success) return { kind: 'junk', why: 'not an object with a type' };
  if (parsed.data.type === undefined) return sortOutCommand(parsed.data);
  switch (parsed.data.type) {
    case 'url_verification':
      return typeof parsed.data.challenge === 'string'
        ? { kind: 'challenge', challenge: parsed.data.challenge }
        : { kind: 'junk', why: 'no challenge' };
    case 'app_rate_limited': {
      const minute = parsed.data.minute_rate_limited;
      return { kind: 'rate-limited', minute: typeof minute === 'number' ? minute : undefined };
    }
    case 'event_callback':
      return sortOutEvent(parsed.data);
    case 'block_actions':
      return sortOutAction(parsed.data);
    default:
      return { kind: 'unneeded', what: parsed.data.type };
  }
}

function sortOutCommand(body: Record<string, unknown>): Payload {
  if (body.command === undefined) return { kind: 'junk', why: 'no type' };
  const command = Command.safeParse(body);
  if (!command.success) return { kind: 'junk', why: flaws('command', command.error) };
  if (command.data.command !== COMMAND) return { kind: 'unknown-command', command: command.data.command };
  return { kind: 'usable', body };
}

function sortOutEvent(body: Record<string, unknown>): Payload {
  const callback = EventCallback.safeParse(body);
  if (!callback.success) return { kind: 'junk', why: flaws('event', callback.error) };
  const { event } = callback.data;
  if (event.type !== 'message') return { kind: 'unneeded', what: event.type };
  const message = MessageEvent.safeParse(event);
  return message.success ? { kind: 'usable', body } : { kind: 'junk', why: flaws('message', message.error) };
}

function sortOutAction(body: Record<string, unknown>): Payload {
  const pressed = BlockActions.safeParse(body);
  if (!pressed.success) return { kind: 'junk', why: flaws('block_actions', pressed.error) };
  const known = new Set<string>(Object.values(ACTIONS));
  const action = pressed.data.actions[0]?.action_id ?? '';
  // A link button is pressed too, and needs nothing but an answer.
  return known.has(action) ? { kind: 'usable', body } : { kind: 'unneeded', what: 'another action' };
}

function isForm(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The names of the fields that are wrong, never their values: those may be somebody's words. */
function flaws(what: string, error: z.ZodError): string {
  return `${what} without usable ${[...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')}`;
}
