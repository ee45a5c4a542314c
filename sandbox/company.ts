import type { NewUser } from './salesforce/org.ts';
import type { UserSeed, WorkspaceSeed } from './slack/shapes.ts';
import type { Workspace } from './slack/workspace.ts';

interface Employee {
  readonly handle: string;
  readonly name: string;
  /** What makes this person special, for whoever chooses whom to write to. */
  readonly note?: string;
  /** Differences of the Slack user; an `email` of '' is none at all. */
  readonly slack?: { email?: string; is_restricted?: boolean; is_admin?: boolean; is_bot?: boolean };
  /** Their Salesforce users: one ordinary one unless said. */
  readonly salesforce?: readonly Partial<NewUser>[];
}

/** The bridge's own Salesforce user: looks people up. */
export const BRIDGE_USERNAME = 'bridge@corp.example';

const EMPLOYEES: readonly Employee[] = [
  { handle: 'ada', name: 'Ada Lovelace', slack: { is_admin: true } },
  { handle: 'grace', name: 'Grace Hopper' },
  { handle: 'alan', name: 'Alan Turing' },
  { handle: 'katherine', name: 'Katherine Johnson' },
  { handle: 'charles', name: 'Charles Babbage', note: 'Slack guest', slack: { is_restricted: true } },
  { handle: 'emmy', name: 'Emmy Noether', note: 'no e-mail in Slack', slack: { email: '' } },
  {
    handle: 'blaise',
    name: 'Blaise Pascal',
    note: 'inactive in Salesforce',
    salesforce: [{ isActive: false }],
  },
  {
    handle: 'george',
    name: 'George Boole',
    note: 'two Salesforce users',
    salesforce: [{}, { username: 'george.boole@corp.example' }],
  },
  { handle: 'kurt', name: 'Kurt Gödel', note: 'without Chatter', salesforce: [{ chatterEnabled: false }] },
  { handle: 'reminder', name: 'Reminder', note: 'bot', slack: { email: '', is_bot: true }, salesforce: [] },
];

/** Somebody of another company, whom Slack shows in channels that are shared with it. */
const STRANGER: UserSeed = {
  id: 'U0NIELS',
  name: 'niels',
  real_name: 'Niels Bohr',
  team_id: 'T0ELSE',
  is_stranger: true,
};

/** What has been said in #general before anybody looks: a question, and what was answered to it in its thread. */
const TALK = [
  { handle: 'ada', text: 'Shall we show the engine on Friday?' },
  { handle: 'katherine', text: 'Yes. I have checked the numbers.' },
  { handle: 'alan', text: 'Then I will bring the tape.' },
] as const;

/** Notes on the people who stand for something that goes wrong, by Slack user id. */
export const NOTES: ReadonlyMap<string, string> = new Map([
  ...EMPLOYEES.flatMap(({ handle, note }): [string, string][] => (note ? [[userId(handle), note]] : [])),
  [STRANGER.id, 'of another company'],
]);

/** Lets people say what they have said before: the app, which is not there yet, does not hear of it. */
export function haveTalked(workspace: Workspace): void {
  let root: string | undefined;
  for (const { handle, text } of TALK) {
    const thread = root ? { thread_ts: root } : {};
    const said = workspace.add({ channel: 'C0GENERAL', user: userId(handle), text, ...thread });
    root ??= said.ts;
  }
}

/** The Slack id of the person with this handle. */
export function userId(handle: string): string {
  return `U0${handle.toUpperCase()}`;
}

/** The workspace of a small company: four colleagues, and one of each kind that cannot be written to. */
export function companyWorkspace(): WorkspaceSeed {
  const ids = EMPLOYEES.map(({ handle }) => userId(handle));
  return {
    team: { id: 'T0CORP', name: 'Corp', domain: 'corp' },
    app: { app_id: 'A0BRIDGE', bot_id: 'B0BRIDGE', user_id: 'U0BRIDGE', name: 'Chatter Bridge' },
    users: [
      { id: 'U0BRIDGE', name: 'chatter_bridge', real_name: 'Chatter Bridge', is_bot: true },
      ...EMPLOYEES.map(({ handle, name, slack: { email = emailOf(handle), ...rest } = {} }) => ({
        id: userId(handle),
        name: handle,
        real_name: name,
        // Times in messages are the reader's: here the same as on the page.
        tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(email === '' ? {} : { email }),
        ...rest,
      })),
      STRANGER,
    ],
    channels: [
      { id: 'C0GENERAL', name: 'general', members: ['U0BRIDGE', ...ids] },
      // Where the app has not been invited yet.
      { id: 'C0ENGINES', name: 'engines', members: ids.slice(0, 4) },
      {
        id: 'C0PARTNERS',
        name: 'partners',
        is_ext_shared: true,
        members: ['U0BRIDGE', ...ids.slice(0, 4), STRANGER.id],
      },
    ],
    userGroups: [
      {
        id: 'S0ENGINEERS',
        name: 'Engineers',
        handle: 'engineers',
        users: ['ada', 'grace', 'alan', 'katherine', 'charles', 'blaise', 'george', 'kurt', 'reminder'].map(
          userId,
        ),
      },
    ],
  };
}

/** Everybody's Salesforce users, the bridge's own among them. */
export function companyOrg(): NewUser[] {
  return [
    { name: 'Chatter Bridge', email: BRIDGE_USERNAME },
    ...EMPLOYEES.flatMap(({ handle, name, salesforce = [{}] }) =>
      salesforce.map((user) => ({ name, email: emailOf(handle), ...user })),
    ),
  ];
}

function emailOf(handle: string): string {
  return `${handle}@corp.example`;
}
