import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { createIsAdmin } from '../../src/slack/admins.ts';
import { createAsk } from '../../src/slack/asking.ts';
import { createWebClient } from '../../src/slack/web-client.ts';
import { openGates } from '../setup/open-gates.ts';

async function start() {
  const seed = sampleWorkspace();
  const users = [
    ...seed.users,
    { id: 'U0OWNER', name: 'owner', real_name: 'An Owner', is_owner: true },
    { id: 'U0FORMER', name: 'former', real_name: 'A Former Admin', is_admin: true, deleted: true },
    { id: 'U0THEIRS', name: 'theirs', real_name: 'Their Admin', is_admin: true, is_stranger: true },
  ];
  const slack = await startSlack({ seed: { ...seed, users } });
  onTestFinished(() => slack.close());
  const client = createWebClient(slack.botToken, slack.apiUrl, pino({ level: 'silent' }));
  return { slack, isAdmin: createIsAdmin(client, createAsk(openGates), new Set(['U0GRACE'])) };
}

describe('an admin', () => {
  it.each([
    ['U0ADA', true],
    ['U0OWNER', true],
    ['U0ALAN', false],
    ['U0FORMER', false],
    ['U0THEIRS', false],
  ])('is who Slack says is one: %s %s', async (user, expected) => {
    const { isAdmin } = await start();
    expect(await isAdmin(user)).toBe(expected);
  });

  it('is who was named as one, and nobody is asked about them', async () => {
    const { isAdmin, slack } = await start();
    expect(await isAdmin('U0GRACE')).toBe(true);
    expect(slack.calls).toEqual([]);
  });

  it('is nobody when Slack does not say', async () => {
    const { isAdmin, slack } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'status', status: 500 });
    await expect(isAdmin('U0ADA')).rejects.toMatchObject({ retry: { kind: 'later' } });
  });
});
