import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nameOf, notify, report, startCompany } from './notifying.ts';
import { longTest, patience } from './seen.ts';
import { slackIds } from './world.ts';

const TOKEN = 'a-token-for-programs-0123456789-abcdefghij';

interface Shown {
  id: string;
  state: string;
  counts: Record<string, number>;
  paused?: { sentence: string };
  leftOut: { name: string; code: string }[];
}

/** The bridge, asked by a program. */
async function start(crowd = 0, options: Parameters<typeof startCompany>[1] = {}) {
  const world = await startCompany(crowd, { ...options, env: { API_TOKEN: TOKEN } });
  async function ask(method: string, path = '', body?: object) {
    const response = await fetch(`${world.webUrl}/api/notifications${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Shown };
  }
  const send = async (recipients: string[], text = 'The build is red.') => {
    const sent = await ask('POST', '', { recipients, text });
    expect(sent.status).toBe(202);
    return sent.body.id;
  };
  const state = async (id: string) => (await ask('GET', `/${id}`)).body.state;
  return { world, ask, send, state };
}

describe('a notification by a program', longTest, () => {
  it('is sent as the bridge’s own, says so, and is told person by person', async () => {
    const { world, ask, send, state } = await start();
    const id = await send(['grace@corp.com', `T0CORP:${slackIds.alan}`, '@team', 'nobody@corp.com']);
    await expect.poll(() => state(id), patience).toBe('done');
    const { counts, leftOut } = (await ask('GET', `/${id}`)).body;
    expect(counts).toMatchObject({ delivered: 2, waiting: 0, leftOut: 1 });
    expect(leftOut).toMatchObject([{ name: 'nobody@corp.com', code: 'no-user' }]);
    const { salesforce } = world;
    const bridge = salesforce.users.find(({ name }) => name === 'Chatter Bridge');
    expect(new Set(salesforce.messages().map(({ senderId }) => senderId))).toEqual(new Set([bridge?.id]));
    for (const text of world.texts()) expect(text).toMatch(/^The build is red\.\n\(Sent automatically\./);
    // Nobody in Slack hears anything.
    for (const user of Object.values(slackIds))
      expect(world.slack.messages(world.slack.dmOf(user))).toEqual([]);
  });

  it('is one way: nobody reads for answers to it', async () => {
    const { world, send, state } = await start();
    const id = await send(['grace@corp.com']);
    await expect.poll(() => state(id), patience).toBe('done');
    const redis = new Redis(world.redis.url);
    onTestFinished(() => redis.disconnect());
    expect(await redis.keys('*:delivery:notify-*')).toHaveLength(2);
    expect(await redis.keys('*:reader*')).toEqual([]);
  });

  it('is known from the answer on, also while nobody is looked up, and can be stopped then', async () => {
    const { world, ask, send, state } = await start(3);
    world.salesforce.faults.arm({ do: 'status', answer: '503-page', kind: 'query', probability: 1 });
    const id = await send(['@crowd']);
    expect(await state(id)).toBe('looking-up');
    expect((await ask('DELETE', `/${id}`)).status).toBe(204);
    world.salesforce.faults.clear();
    await expect.poll(() => state(id), patience).toBe('stopped');
    await expect
      .poll(async () => (await ask('GET', `/${id}`)).body.counts, patience)
      .toMatchObject({ stopped: 3, delivered: 0 });
    expect(world.texts()).toEqual([]);
  });

  it('shows nothing of what people send', async () => {
    const { world, ask } = await start(1);
    await notify(world, '@p0 hello');
    await expect.poll(() => report(world), patience).toContain('*Delivered 1.*');
    const shown = JSON.stringify(world.slack.messages(world.slack.dmOf(slackIds.ada)));
    const id =
      /"action_id":"csv_notification","value":"([^"]+)"/.exec(shown)?.[1] ??
      /"value":"([^"]+)"/.exec(shown)?.[1];
    expect(id).toBeDefined();
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ask(method, `/${id}`);
      expect(status).toBe(404);
      expect(JSON.stringify(body)).not.toContain(nameOf(0));
    }
  });
});
