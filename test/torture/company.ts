import type { NewUser } from '../../sandbox/salesforce/org.ts';
import type { WorkspaceSeed } from '../../sandbox/slack/shapes.ts';

export interface Person {
  readonly handle: string;
  readonly name: string;
  readonly slackId: string;
  readonly email: string;
}

const NAMES = [
  'Ada Lovelace, Grace Hopper, Alan Turing, Katherine Johnson, Emmy Noether, George Boole, Blaise Pascal',
  'Charles Babbage, Claude Shannon, Alonzo Church, Edsger Dijkstra, Sophie Germain, Leonhard Euler',
  'Henri Poincare, David Hilbert, Sofia Kovalevskaya, Gottlob Frege, Haskell Curry, Stephen Kleene, Emil Post',
  'Rozsa Peter, Hedy Lamarr, Dorothy Vaughan, Mary Jackson, Annie Easley, Evelyn Granville, Kathleen Booth',
  'Jean Bartik, Betty Holberton, Ida Rhodes, Mary Keller, Konrad Zuse, Heinz Billing, Peter Naur, Niklaus Wirth',
  'Kristen Nygaard, Robin Milner, John McCarthy, John Backus, Julia Robinson',
]
  .join(', ')
  .split(', ');

/** Forty colleagues, each with one Slack and one Salesforce user. */
export const PEOPLE: readonly Person[] = NAMES.map((name) => {
  const handle = name.toLowerCase().replace(' ', '.');
  return {
    handle,
    name,
    slackId: `U0${handle.replace('.', '').toUpperCase()}`,
    email: `${handle}@corp.example`,
  };
});

export const CHANNEL = 'C0GENERAL';
export const BRIDGE_USERNAME = 'bridge@corp.example';

export function workspaceOf(people: readonly Person[]): WorkspaceSeed {
  return {
    team: { id: 'T0CORP', name: 'Corp', domain: 'corp' },
    app: { app_id: 'A0BRIDGE', bot_id: 'B0BRIDGE', user_id: 'U0BRIDGE', name: 'Chatter Bridge' },
    users: [
      { id: 'U0BRIDGE', name: 'chatter_bridge', real_name: 'Chatter Bridge', is_bot: true },
      ...people.map(({ slackId, handle, name, email }) => ({
        id: slackId,
        name: handle,
        real_name: name,
        email,
      })),
    ],
    channels: [{ id: CHANNEL, name: 'general', members: people.map(({ slackId }) => slackId) }],
    userGroups: [],
  };
}

export const orgOf = (people: readonly Person[]): NewUser[] => [
  { name: 'Chatter Bridge', email: BRIDGE_USERNAME },
  ...people.map(({ name, email }) => ({ name, email })),
];
