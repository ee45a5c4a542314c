import type { StandInSalesforce } from '../../../sandbox/salesforce/server.ts';
import { parseFields } from '../../../sandbox/slack/json.ts';
import type { StandInSlack } from '../../../sandbox/slack/server.ts';
import type { Fields } from '../../../sandbox/slack/shapes.ts';
import { plain } from '../slack/modal.ts';
import { formOf, startRecordingApp } from '../slack/recording-app.ts';

export const SHORTCUTS = [
  { name: 'Mirror thread to Chatter', type: 'message', callback_id: 'mirror_thread' },
  { name: 'Send to Chatter', type: 'message', callback_id: 'send_message' },
  { name: 'New Chatter message', type: 'global', callback_id: 'compose' },
] as const;

const option = (value: string, text: string) => ({ text: plain(text), value });
const last = option('last', 'The last 20 replies');

/** A form with everything that those of mirrored threads have. */
export const FORM = {
  type: 'modal',
  title: plain('Mirror to Chatter'),
  submit: plain('Mirror'),
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: 'Everybody in <#C0GENERAL> reads it.' } },
    {
      type: 'input',
      block_id: 'people',
      optional: true,
      label: plain('People in Slack'),
      element: { type: 'multi_users_select', action_id: 'people', max_selected_items: 2 },
    },
    {
      type: 'input',
      block_id: 'users',
      optional: true,
      label: plain('People in Salesforce'),
      hint: plain('By their names.'),
      element: { type: 'multi_external_select', action_id: 'users', min_query_length: 2 },
    },
    {
      type: 'input',
      block_id: 'bring',
      label: plain('Bring along'),
      element: {
        type: 'radio_buttons',
        action_id: 'bring',
        options: [option('root', 'Only the first message'), last],
        initial_option: last,
      },
    },
    {
      type: 'input',
      block_id: 'word',
      label: plain('A word before it'),
      element: { type: 'plain_text_input', action_id: 'word', multiline: true },
    },
  ],
};

export interface SmallApp {
  /** What it was sent, by type, the latest last. */
  readonly heard: readonly Fields[];
  /** Answers to the next submissions, in turn; then nothing, which closes the form. */
  readonly answers: unknown[];
  /** Shows the form in the place of the loading view. */
  showForm(view?: object): Promise<Fields>;
  call(method: string, body: object): Promise<Fields>;
  close(): Promise<void>;
}

/** An app that opens a loading view for every shortcut, and finds Salesforce's users by name. */
export async function startSmallApp(slack: StandInSlack, salesforce: StandInSalesforce): Promise<SmallApp> {
  const heard: Fields[] = [];
  const answers: unknown[] = [];
  let viewId: unknown;
  /** It may be seen before its opener has heard of it. */
  let opening: Promise<void> = Promise.resolve();

  async function call(method: string, body: object): Promise<Fields> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` };
    const answer = await fetch(slack.apiUrl + method, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const fields = (await answer.json()) as Fields;
    if (!fields.ok) throw new Error(`${method}: ${JSON.stringify(fields)}`);
    return fields;
  }

  async function open(trigger_id: unknown): Promise<void> {
    const blocks = [{ type: 'section', text: plain('Loading…') }];
    const { view } = await call('views.open', {
      trigger_id,
      view: { type: 'modal', title: FORM.title, blocks },
    });
    viewId = (view as Fields).id;
  }

  function find(typed: string) {
    const fitting = salesforce.users.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
    return fitting.map(({ id, name, username }) => ({ ...option(id, name), description: plain(username) }));
  }

  const app = await startRecordingApp((received) => {
    const payload = parseFields(formOf(received).payload ?? received.body) ?? {};
    heard.push(payload);
    switch (payload.type) {
      case 'shortcut':
      case 'message_action':
        opening = open(payload.trigger_id);
        return {};
      case 'block_suggestion':
        return { body: JSON.stringify({ options: find(String(payload.value)) }) };
      case 'view_submission':
        return { body: answers.length > 0 ? JSON.stringify(answers.shift()) : '' };
      default:
        return {};
    }
  });
  slack.pointAt(app.url);
  return {
    heard,
    answers,
    showForm: async (view = FORM) => {
      await opening;
      return call('views.update', { view_id: viewId, view });
    },
    call,
    close: () => app.close(),
  };
}
