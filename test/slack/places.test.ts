import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { createAsk } from '../../src/slack/asking.ts';
import { createPlaces, whereabouts } from '../../src/slack/places.ts';
import { createWebClient } from '../../src/slack/web-client.ts';
import { openGates } from '../setup/open-gates.ts';

async function start() {
  const seed = sampleWorkspace();
  const crowd = Array.from({ length: 2_500 }, (_, n) => `U0CROWD${n}`);
  const big = { id: 'G0BIG', name: 'big', is_private: true, members: ['U0BRIDGE', ...crowd, 'U0LAST'] };
  const shared = { id: 'C0SHARED', name: 'shared', is_ext_shared: true, members: ['U0BRIDGE'] };
  const slack = await startSlack({ seed: { ...seed, channels: [...seed.channels, big, shared] } });
  onTestFinished(() => slack.close());
  const client = createWebClient(slack.botToken, slack.apiUrl, pino({ level: 'silent' }));
  return { slack, places: createPlaces(client, createAsk(openGates)) };
}

describe('a place', () => {
  it.each([
    ['C0GENERAL', { kind: 'public', name: 'general', isIn: true, isShared: false }, 'in #general'],
    ['C0RANDOM', { kind: 'public', name: 'random', isIn: false }, 'in #random'],
    ['G0SECRET', { kind: 'private', name: undefined, isIn: true }, 'in a private channel'],
    ['G0CLOSED', { kind: 'private', name: undefined, isIn: false }, 'in a private channel'],
    ['C0SHARED', { kind: 'public', isIn: true, isShared: true }, 'in #shared'],
    ['D0ADA', { kind: 'direct', name: undefined }, 'in a direct message'],
  ])('%s is what Slack shows of it', async (channel, shown, where) => {
    const { places } = await start();
    const place = await places.look(channel);
    expect(place).toMatchObject(shown);
    expect(whereabouts(place)).toBe(where);
  });

  it('is looked at anew each time: people invite the app and try again', async () => {
    const { slack, places } = await start();
    expect((await places.look('C0RANDOM')).isIn).toBe(false);
    slack.workspace.channel('C0RANDOM').members.add('U0BRIDGE');
    expect((await places.look('C0RANDOM')).isIn).toBe(true);
  });

  it('fails with a reason when Slack does not answer', async () => {
    const { slack, places } = await start();
    slack.faults.arm({ method: 'conversations.info', kind: 'status', status: 500 });
    await expect(places.look('C0GENERAL')).rejects.toMatchObject({ retry: { kind: 'later' } });
  });

  it('has the members that Slack tells, page by page', async () => {
    const { slack, places } = await start();
    expect(await places.isMember('G0BIG', 'U0LAST')).toBe(true);
    expect(slack.calls.filter(({ method }) => method === 'conversations.members')).toHaveLength(3);
    expect(await places.isMember('G0BIG', 'U0ADA')).toBe(false);
    expect(await places.isMember('G0SECRET', 'U0ADA')).toBe(true);
  });
});
