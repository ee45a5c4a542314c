import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { startBridge } from './bridge.ts';
import { asked, command, longTest, patience, told } from './seen.ts';

/** Olga is in the workspace with an address of another company. */
async function startWithTeams(SLACK_TEAMS: string) {
  const seed = sampleWorkspace();
  const olga = { id: 'U0OLGA', name: 'olga', real_name: 'Olga Other', email: 'olga@else.com' };
  const bridge = await startBridge({
    env: { SLACK_TEAMS },
    slack: { seed: { ...seed, users: [...seed.users, olga] } },
  });
  onTestFinished(() => bridge.close());
  bridge.salesforce.addUser({ name: 'Olga Other', email: 'olga@else.com' });
  return bridge;
}

describe('SLACK_TEAMS', longTest, () => {
  it('lets the approved workspace in, with the e-mail domains that are named for it', async () => {
    const bridge = await startWithTeams('T0CORP=corp.com,corp.de');
    await command(bridge, '@grace approved');
    await expect.poll(() => bridge.texts(), patience).toEqual(['approved']);
    await command(bridge, '@olga to the wrong domain');
    await expect
      .poll(() => told(bridge).join(), patience)
      .toContain("Olga Other's e-mail address is not in a domain that the bridge may use.");
    await bridge.slack.command('U0OLGA', 'C0GENERAL', '/chatter-dm', '@grace from the wrong domain');
    await expect
      .poll(() => JSON.stringify(bridge.slack.ephemeralsOf('U0OLGA')), patience)
      .toContain('Your e-mail address is not in a domain that the bridge may use.');
    expect(bridge.texts()).toEqual(['approved']);
  });

  it('lets any domain in where none is named', async () => {
    const bridge = await startWithTeams('T0CORP');
    await command(bridge, '@olga from anywhere');
    await expect.poll(() => bridge.texts(), patience).toEqual(['from anywhere']);
  });

  it('turns other workspaces away with a sentence, and takes nothing in', async () => {
    const bridge = await startWithTeams('T0OTHER=corp.com');
    expect(await command(bridge, '@grace not approved')).toContain(
      'this workspace is not one that the bridge works for',
    );
    expect(asked(bridge, 'post')).toBe(0);
  });
});
