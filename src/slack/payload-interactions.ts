import { z } from 'zod';
import { TS } from './ids.ts';
import { ACTIONS, id, triggerId } from './payload.ts';

/** The shortcuts of manifest.yml, by callback id: two in a message's menu, the last from anywhere. */
export const SHORTCUTS = { mirror: 'mirror_thread', send: 'send_message', compose: 'compose' } as const;

/** The buttons about mirrored threads. Their value is the thread. */
export const MIRROR_ACTIONS = { stop: 'stop_mirror', anew: 'mirror_anew' } as const;

/** The buttons about notifications. Their value is the notification. */
export const NOTIFY_ACTIONS = {
  stop: 'stop_notification',
  resume: 'resume_notification',
  retry: 'retry_notification',
  csv: 'csv_notification',
  cancel: 'cancel_notification',
} as const;

/** The forms that are submitted to us, by callback id. */
export const FORMS = { mirror: 'mirror_form', send: 'send_form', notify: 'notify_form' } as const;

/** The fields of these forms: block and action id of each. The action ids are what Slack asks for options by. */
export const FIELDS = {
  people: { block: 'people', action: 'chosen_people' },
  users: { block: 'users', action: 'find_users' },
  bring: { block: 'bring', action: 'bring_along' },
  text: { block: 'text', action: 'written_text' },
  when: { block: 'when', action: 'send_when' },
  at: { block: 'at', action: 'send_at' },
} as const;

/** Who did something, and in which workspace; an org-wide app is told of the person's own alone. */
const person = {
  user: z.looseObject({ id, team_id: id.nullish() }),
  team: z.looseObject({ id }).nullish(),
};
/** When, by Slack's clock. Without it ours must do. */
const actionTs = z.string().regex(TS).nullish().catch(undefined);

export const BlockActions = z.looseObject({
  type: z.literal('block_actions'),
  ...person,
  trigger_id: triggerId.nullish().catch(undefined),
  response_url: z.url().nullish(),
  message: z.looseObject({ blocks: z.array(z.looseObject({ type: z.string() })).nullish() }).nullish(),
  container: z.looseObject({ is_ephemeral: z.boolean().nullish() }).nullish().catch(undefined),
  view: z.looseObject({ id, type: z.string() }).nullish(),
  actions: z
    .array(z.looseObject({ action_id: z.string(), value: z.string().nullish(), action_ts: actionTs }))
    .min(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

export const GlobalShortcut = z.looseObject({
  type: z.literal('shortcut'),
  ...person,
  callback_id: z.string(),
  trigger_id: triggerId,
});

/** The message whose menu was used; written.ts reads what it says. */
const PickedMessage = z.looseObject({
  ts: z.string().regex(TS),
  thread_ts: z.string().regex(TS).nullish(),
  subtype: z.string().nullish(),
  user: z.string().nullish(),
  username: z.string().nullish(),
  bot_profile: z.looseObject({ name: z.string().nullish() }).nullish().catch(undefined),
  text: z.string().nullish(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  files: z.unknown().optional(),
});
export type PickedMessage = z.infer<typeof PickedMessage>;

export const MessageShortcut = z.looseObject({
  type: z.literal('message_action'),
  ...person,
  callback_id: z.string(),
  trigger_id: triggerId,
  action_ts: actionTs,
  response_url: z.url().nullish().catch(undefined),
  channel: z.looseObject({ id, name: z.string().nullish() }),
  message: PickedMessage,
});
export type MessageShortcut = z.infer<typeof MessageShortcut>;

const view = { id, callback_id: z.string(), private_metadata: z.string() };

/** What is filled in: by block and action id, in a shape for each kind of field. */
const Values = z.record(z.string(), z.record(z.string(), z.unknown()));
export type Values = z.infer<typeof Values>;

export const ViewSubmission = z.looseObject({
  type: z.literal('view_submission'),
  ...person,
  view: z.looseObject({ ...view, state: z.looseObject({ values: Values }) }),
});
export type ViewSubmission = z.infer<typeof ViewSubmission>;

export const ViewClosed = z.looseObject({
  type: z.literal('view_closed'),
  ...person,
  view: z.looseObject(view),
});

export const BlockSuggestion = z.looseObject({
  type: z.literal('block_suggestion'),
  ...person,
  action_id: z.string(),
  value: z.string(),
});

interface Interaction {
  /** What it belongs to. */
  named: z.ZodType<string>;
  /** Which of these are ours. */
  ours: readonly string[];
  schema: z.ZodType;
}

const byCallback = z.looseObject({ callback_id: z.string() }).transform((body) => body.callback_id);
const byView = z
  .looseObject({ view: z.looseObject({ callback_id: z.string() }) })
  .transform((body) => body.view.callback_id);
const byAction = z.looseObject({ action_id: z.string() }).transform((body) => body.action_id);
const byPress = z
  .looseObject({ actions: z.tuple([z.looseObject({ action_id: z.string() })], z.unknown()) })
  .transform((body) => body.actions[0].action_id);

const forms = Object.values(FORMS);

/** Everything that people do with what the app shows them, by the payload's type. A link button is pressed, too. */
export const INTERACTIONS: Readonly<Record<string, Interaction>> = {
  block_actions: {
    named: byPress,
    ours: [ACTIONS, MIRROR_ACTIONS, NOTIFY_ACTIONS].flatMap((actions) => Object.values<string>(actions)),
    schema: BlockActions,
  },
  shortcut: { named: byCallback, ours: [SHORTCUTS.compose], schema: GlobalShortcut },
  message_action: {
    named: byCallback,
    ours: [SHORTCUTS.mirror, SHORTCUTS.send],
    schema: MessageShortcut,
  },
  view_submission: { named: byView, ours: forms, schema: ViewSubmission },
  view_closed: { named: byView, ours: forms, schema: ViewClosed },
  block_suggestion: { named: byAction, ours: [FIELDS.users.action], schema: BlockSuggestion },
};
