import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { UserSeed } from '../../sandbox/slack/shapes.ts';
import type { Gates } from '../../src/bridge/gates.ts';
import type { Named } from '../../src/bridge/notification.ts';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { createSlack } from '../../src/slack/slack.ts';
import type { Teams } from '../../src/slack/teams.ts';
import { openGates } from '../setup/open-gates.ts';

export const person = (user: string): Named => ({ kind: 'person', id: `T0CORP-${user}` as ChatPersonId });
export const email = (address: string): Named => ({ kind: 'email', email: address });
export const group = (name: string): Named => ({ kind: 'group', name });
export const place = (name: string): Named => ({ kind: 'place', name });
const ada = 'T0CORP-U0ADA' as ChatPersonId;

const sample = sampleWorkspace();
export const everybody = sample.users.map(({ id }) => id);
export const crowdOf = (count: number): UserSeed[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `U1P${n}`,
    name: `p${n}`,
    real_name: `Person ${n}`,
    email: `p${n}@corp.com`,
  }));
export const seedWith = (users: readonly UserSeed[], members = users.map(({ id }) => id)) => ({
  ...sample,
  users: [...sample.users, ...users],
  channels: [...sample.channels, { id: 'C0CROWD', name: 'crowd', members }],
  userGroups: [
    ...sample.userGroups,
    { id: 'S0OLD', name: 'Old', handle: 'old', users: ['U0GRACE'], is_disabled: true },
    { id: 'S0EMPTY', name: 'Empty', handle: 'empty', users: [] },
    { id: 'S0ALL', name: 'All', handle: 'all', users: everybody },
  ],
});

interface StartOptions extends SlackOptions {
  teams?: Teams;
  gates?: Gates;
}

/** A workspace and whom it takes names for, asked by Ada unless said. */
export async function start({ teams = new Map(), gates = openGates, ...options }: StartOptions = {}) {
  const slack = await startSlack({ seed: seedWith([]), ...options });
  onTestFinished(() => slack.close());
  const { botToken, apiUrl } = slack;
  const log = pino({ level: 'silent' });
  const now = options.now ?? Date.now;
  const { audience } = await createSlack({ gates, botToken, apiUrl, teams, log, now });
  const expand = (named: readonly Named[], sender: ChatPersonId | 'nobody' = ada) =>
    audience.expand(named, sender === 'nobody' ? undefined : sender);
  return {
    slack,
    expand,
    /** Who is told, by name, and who is not, by name and reason. */
    meant: async (...named: Named[]) => {
      const { people, leftOut } = await expand(named);
      return {
        people: people.map(({ name }) => name),
        leftOut: leftOut.map(({ name, why }) => `${name}: ${why}`),
      };
    },
    callsOf: (method: string) => slack.calls.filter((call) => call.method === method).length,
  };
}
