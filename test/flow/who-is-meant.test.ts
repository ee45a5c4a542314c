import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { createPreviews } from '../../src/bridge/previews.ts';
import { createSlack } from '../../src/slack/slack.ts';
import { startOrg } from '../chatter/org.ts';
import { openGates } from '../setup/open-gates.ts';

const PEOPLE = 500;
const WITHOUT_USER = 30;
const INACTIVE = 5;

/** A channel of five hundred people, as both platforms know them: some without a Salesforce user, some inactive. */
async function startCompany() {
  const crowd = Array.from({ length: PEOPLE }, (_, n) => ({
    id: `U1P${n}`,
    name: `p${n}`,
    real_name: `Person ${String(n).padStart(3, '0')}`,
    email: `first.surname${n}@corp.com`,
  }));
  const sample = sampleWorkspace();
  const seed = {
    ...sample,
    users: [...sample.users, ...crowd],
    channels: [{ id: 'C0CROWD', name: 'crowd', members: ['U0ADA', ...crowd.map(({ id }) => id)] }],
  };
  const slack = await startSlack({ seed, switches: { tiersAreStrict: true } });
  onTestFinished(() => slack.close());
  const org = await startOrg();
  onTestFinished(() => org.close());
  for (const [n, { real_name: name, email }] of crowd.slice(WITHOUT_USER).entries()) {
    org.server.addUser({ name, email, isActive: n >= INACTIVE });
  }
  const { botToken, apiUrl } = slack;
  const log = pino({ level: 'silent' });
  const { audience, people } = await createSlack({
    gates: openGates,
    botToken,
    apiUrl,
    teams: new Map(),
    log,
  });
  const previews = createPreviews({
    audience,
    people,
    directory: org.salesforce.directory,
    log: {
      optedOut: async () => [],
      person: async () => ({ optedOut: false, allowed: true, noticed: true }),
    },
  });
  return { slack, org, previews };
}

it('tells five hundred people apart with a few calls on either side', async () => {
  const { slack, org, previews } = await startCompany();
  const preview = () =>
    previews.preview('T0CORP-U0ADA' as ChatPersonId, [{ kind: 'place', name: 'C0CROWD|crowd' }]);
  const { reachable, leftOut } = await preview();
  expect(reachable).toHaveLength(PEOPLE - WITHOUT_USER - INACTIVE);
  expect(new Set(reachable.map(({ user }) => user)).size).toBe(reachable.length);
  const reasons = leftOut.map(({ why }) => why);
  expect(reasons.filter((why) => why === 'no-user')).toHaveLength(WITHOUT_USER);
  expect(reasons.filter((why) => why === 'inactive')).toHaveLength(INACTIVE);
  expect(reasons.filter((why) => why === 'sender')).toHaveLength(1);
  const names = reachable.map(({ name }) => name);
  expect(names).toEqual([...names].sort());

  const calls = () => {
    const counts: Record<string, number> = {};
    const methods = slack.calls.map(({ method }) => method);
    const kinds = org.server.requests.map(({ kind }) => kind);
    for (const each of [...methods, ...kinds]) counts[each] = (counts[each] ?? 0) + 1;
    return counts;
  };
  const once = {
    'auth.test': 1,
    'conversations.members': 1,
    'users.info': 1,
    'users.list': 3,
    token: 1,
    query: 3,
  };
  expect(calls()).toEqual(once);
  await preview();
  expect(calls()).toEqual({ ...once, 'conversations.members': 2 });
});
