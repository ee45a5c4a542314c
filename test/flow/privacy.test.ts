import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeError } from '../../src/ops/log.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { begin } from './mirroring.ts';
import { command, longTest, notes, patience, reply, rootOf } from './seen.ts';

const lines: string[] = [];
let bridge: RunningBridge;
let redis: Redis;
beforeAll(async () => {
  const stream = { write: (line: string) => void lines.push(line) };
  bridge = await startBridge({
    log: pino({ level: 'trace', serializers: { err: describeError } }, stream),
  });
  redis = new Redis(bridge.redis.url);
});
afterAll(async () => {
  redis?.disconnect();
  await bridge?.close();
});

const SECRET = 'the merger is called Project Xylophone';

/** Every key and value that Redis holds now. */
async function everythingIn(): Promise<string> {
  const found: string[] = [];
  for (const key of await redis.keys('*')) {
    found.push(key, JSON.stringify(await valueAt(key)));
  }
  return found.join('\n');
}

async function valueAt(key: string): Promise<unknown> {
  const readers: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, '0', '-1'),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, '0', '-1'),
    stream: () => redis.xrange(key, '-', '+'),
  };
  const type = await redis.type(key);
  if (type === 'none') return undefined; // Gone since its name was read.
  const read = readers[type];
  if (!read) throw new Error(`no reader for ${type}`);
  return read();
}

/** What Redis has written to its disk: every command since it was started. */
async function everythingOnDisk(): Promise<string> {
  const entries = await readdir(bridge.redis.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.includes('.aof'));
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return texts.join('\n');
}

function secrets(): [string, string][] {
  const { env, slack, salesforce } = bridge;
  const url = slack.deliveries.map(({ payload }) => payload.response_url).find((one) => one !== undefined);
  return [
    ['a message', 'Xylophone'],
    ['the bot token', slack.botToken],
    ['the signing secret', slack.signingSecret],
    ['the encryption key', env.ENCRYPTION_KEYS?.split(':')[1] ?? ''],
    ['the private key', 'PRIVATE KEY'],
    ["somebody's session in Salesforce", `${salesforce.orgId.slice(0, 15)}!`],
    ['an address to answer a command at', String(url)],
    ['an e-mail address', '@corp.com'],
  ];
}

async function expectNothingOf(secrets: readonly [string, string][]): Promise<void> {
  const [kept, written, logged] = [await everythingIn(), await everythingOnDisk(), lines.join('')];
  expect(kept).toContain('delivery');
  expect(written).toContain('delivery');
  for (const [what, secret] of secrets) {
    expect.soft(kept.includes(secret), `${what} is kept in Redis`).toBe(false);
    expect.soft(written.includes(secret), `${what} is on Redis's disk`).toBe(false);
    expect.soft(logged.includes(secret), `${what} is logged`).toBe(false);
  }
}

describe('what the bridge keeps and logs', longTest, () => {
  it('holds no words, no secrets and no addresses, whatever becomes of a message', async () => {
    const { salesforce, slack } = bridge;
    await command(bridge, `@grace ${SECRET}: delivered`);
    await expect.poll(() => notes(bridge, 'delivered'), patience).toHaveLength(1);
    reply(bridge, rootOf(bridge, 'delivered'), `${SECRET}: replied`);
    await expect.poll(() => bridge.texts(), patience).toHaveLength(2);
    slack.say('U0ADA', slack.dmOf('U0ADA'), `${SECRET}: shown`, {
      thread_ts: rootOf(bridge, 'delivered'),
      files: [{ name: `${SECRET}.pdf`, permalink: 'https://corp.slack.com/files/F1/Xylophone.pdf' }],
    });
    await expect.poll(() => bridge.texts().at(-1), patience).toContain('Xylophone.pdf');
    salesforce.faults.arm({ do: 'drop-after', kind: 'post' });
    await command(bridge, `grace@corp.com ${SECRET}: found`);
    await expect.poll(() => notes(bridge, 'found'), patience).toHaveLength(1);
    await command(bridge, `nobody@corp.com ${SECRET}: failed`);
    await expect.poll(() => notes(bridge, 'failed'), patience).not.toHaveLength(0);
    salesforce.faults.arm({ do: 'hang', afterMs: 60_000, commit: false, kind: 'post' });
    await command(bridge, `@alan ${SECRET}: uncertain`);
    await expect.poll(() => notes(bridge, '*Not confirmed.*'), patience).not.toHaveLength(0);
    salesforce.switches.vetoText = `Nobody may say "${SECRET}".`;
    await command(bridge, `@grace @alan ${SECRET}: refused`);
    await expect.poll(() => notes(bridge, 'Nobody may say'), patience).not.toHaveLength(0);
    salesforce.switches.vetoText = null;

    expect(lines.join('')).toContain('delivery uncertain');
    await expectNothingOf(secrets());
  });

  it('holds none when a thread is mirrored, either', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0ALAN', 'C0GENERAL', `${SECRET}: the root`);
    const mirror = await begin(bridge, { root, bring: 'all' });
    const { message } = mirror.say('ada', `${SECRET}: as oneself`);
    mirror.say('alan', `${SECRET}: by the bridge`);
    await expect.poll(() => mirror.inChatter().length, patience).toBe(3);
    await slack.edit('U0ADA', message, `${SECRET}: edited`).delivered;
    await expect.poll(() => mirror.inChatter().at(-1), patience).toContain('Edited');
    await expectNothingOf([...secrets(), ['an e-mail address elsewhere', '@elsewhere.com']]);
    const logged = lines.join('');
    for (const name of [mirror.reader.name, 'Alan Turing', 'general'])
      expect.soft(logged.includes(name), `${name} is logged`).toBe(false);
  });

  it('keeps no body of what was delivered or discarded, not even encrypted', async () => {
    const { slack } = bridge;
    for (const note of notes(bridge, SECRET)) {
      if (note.blocks?.some(({ type }) => type === 'actions'))
        await slack.press('U0ADA', note, 'discard_delivery');
    }
    await expect.poll(() => redis.keys('*:content:*'), patience).toEqual([]);
    await expect.poll(async () => (await redis.keys('*:lane:*')).length, patience).toBe(0);
  });
});
