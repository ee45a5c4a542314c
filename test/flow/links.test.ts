import { describe, expect, it, onTestFinished } from 'vitest';
import { startBridge } from './bridge.ts';
import { command, longTest, notes, patience, told } from './seen.ts';

async function start(env: Record<string, string> = {}) {
  const bridge = await startBridge({ env });
  onTestFinished(() => bridge.close());
  return bridge;
}

describe('the link to a conversation', longTest, () => {
  it.each<[string, Record<string, string>, (at: { instance: string; id: string }) => string]>([
    ['leads to our own page', {}, ({ id }) => `https://bridge.corp.com/conversations/${id}`],
    [
      "leads to Classic's Chatter tab where the bridge has no public address",
      { PUBLIC_URL: '' },
      ({ instance }) => `${instance}/_ui/core/chatter/ui/ChatterPage`,
    ],
    [
      'is made of what the operator wants in it',
      { SALESFORCE_CONVERSATION_URL: '{publicUrl}/to?c={conversationId}&in={instanceUrl}' },
      ({ instance, id }) => `https://bridge.corp.com/to?c=${id}&amp;in=${instance}`,
    ],
  ])('%s', async (_, env, link) => {
    const bridge = await start(env);
    await command(bridge, '@grace see you there');
    await expect.poll(() => told(bridge).join(), patience).toContain('Sent to Grace Hopper');
    await expect.poll(() => notes(bridge, 'see you there'), patience).toHaveLength(1);
    const [message] = bridge.salesforce.messages();
    const expected = link({ instance: bridge.salesforce.url, id: message?.conversationId ?? '' });
    const said = told(bridge).filter((words) => words.includes('Open conversation'));
    expect(said).toHaveLength(2);
    for (const words of said) expect(words).toContain(`<${expected}|Open conversation>`);
  });
});

describe('the pages of the web process', longTest, () => {
  it('say where a conversation can be read and reveal nothing, not even whether it exists', async () => {
    const bridge = await start();
    await command(bridge, '@grace secret words');
    await expect.poll(() => bridge.texts(), patience).toHaveLength(1);
    const id = bridge.salesforce.messages()[0]?.conversationId;
    const [known, unknown] = await Promise.all(
      [id, 'x'].map((one) => fetch(`${bridge.webUrl}/conversations/${one}`)),
    );
    expect(known?.status).toBe(200);
    const page = await known?.text();
    expect(page).toContain('This conversation is in Salesforce Chatter');
    expect(page).not.toContain('secret');
    expect(page).not.toContain('Grace');
    expect(await unknown?.text()).toBe(page);
  });

  it('tell that the process lives and that it can work', async () => {
    const bridge = await start();
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(bridge.webUrl + path)).status).toBe(200);
    }
    expect((await fetch(`${bridge.webUrl}/admin`)).status).toBe(404);
  });
});
