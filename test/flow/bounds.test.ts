import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeWeb, composeWorker, type Overrides } from '../../src/compose.ts';
import { composeOperator } from '../../src/compose-operator.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/ops/log.ts';
import { quickTiming, type RunningBridge, startBridge } from './bridge.ts';
import {
  command,
  decidable,
  hasButtons,
  longTest,
  notes,
  patience,
  press,
  reply,
  rootOf,
  told,
  wordsOf,
} from './seen.ts';
import { createWorld, freshNamespace } from './world.ts';

/** A bridge that is paused, so that all that is sent waits. */
async function pausedBridge(bounds: NonNullable<Overrides['bounds']>) {
  const bridge = await startBridge({ bounds });
  const { config, namespace } = bridge;
  const operator = await composeOperator(config, createLogger('silent', 'operate'), { namespace });
  onTestFinished(async () => {
    await operator.stop();
    await bridge.close();
  });
  await command(bridge, '@grace the beginning');
  await expect.poll(() => notes(bridge, 'the beginning'), patience).toHaveLength(1);
  const root = rootOf(bridge, 'the beginning');
  await expect
    .poll(() => bridge.slack.ephemeralsOf('U0ADA').map(wordsOf).join(), patience)
    .toContain('Sent to');
  await operator.pause();
  return { bridge, operator, root };
}

/** Slack sends an event once more, as it does when an answer got lost. */
async function sendAgain({ slack }: RunningBridge, text: string): Promise<void> {
  const event = slack.deliveries.find(({ payload }) => JSON.stringify(payload).includes(text));
  const body = JSON.stringify(event?.payload);
  const answered = await slack.post(body, { ...slack.sign(body), 'content-type': 'application/json' });
  expect(answered).toMatchObject({ status: 200 });
}

describe('as many messages as are taken of one person', longTest, () => {
  it('wait: one more command is answered with the reason, others go on, and there is room again later', async () => {
    const { bridge, operator } = await pausedBridge({ ofPerson: 2 });
    for (const text of ['one', 'two'])
      expect(await command(bridge, `@grace ${text}`)).toContain('Sending to');
    expect(await command(bridge, '@alan three')).toMatch(
      /^Nothing was sent: .* of your messages wait or have failed/,
    );
    expect(await command(bridge, '@ada of grace', 'grace')).toContain('Sending to');
    await operator.resume();
    await expect.poll(() => bridge.texts(), patience).toHaveLength(4);
    expect(await command(bridge, '@alan four')).toContain('Sending to');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('four');
    expect(bridge.texts()).not.toContain('three');
  });

  it('wait: a reply is acknowledged, and its writer told once, in its thread, that it was not taken', async () => {
    const { bridge, operator, root } = await pausedBridge({ ofPerson: 1 });
    await command(bridge, '@grace one');
    bridge.slack.faults.arm({ method: 'events', kind: 'twice' });
    await reply(bridge, root, 'one too many').delivered;
    await expect.poll(() => notes(bridge, '*Not taken.*'), patience).toHaveLength(1);
    const [note] = notes(bridge, '*Not taken.*');
    expect(note?.thread_ts).toBe(root);
    expect(note && wordsOf(note)).toMatch(/Nothing was sent: .* have failed[\s\S]*one too many/);
    expect(bridge.slack.deliveries.filter(({ status }) => status !== 200)).toEqual([]);
    await operator.resume();
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('one');
    await sendAgain(bridge, 'one too many');
    await command(bridge, '@grace two');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('two');
    expect(bridge.texts()).not.toContain('one too many');
    expect(notes(bridge, '*Not taken.*')).toHaveLength(1);
  });
});

describe('as many messages as are taken in all', longTest, () => {
  it('wait: commands are refused in so many words, replies told about', async () => {
    const { bridge, root } = await pausedBridge({ inAll: 1 });
    await command(bridge, '@grace one');
    expect(await command(bridge, '@ada two', 'grace')).toContain('too many messages wait in the bridge');
    await reply(bridge, root, 'three').delivered;
    await expect
      .poll(() => notes(bridge, '*Not taken.*').map(wordsOf).join(), patience)
      .toContain('too many messages wait');
  });

  it('wait, and there is no room left even to say so: a reply is not acknowledged, so that it comes again', async () => {
    const { bridge, operator, root } = await pausedBridge({ inAll: 2, inAllToSay: 2 });
    for (const text of ['one', 'two']) await command(bridge, `@grace ${text}`);
    const said = reply(bridge, root, 'three');
    await expect
      .poll(() => bridge.slack.deliveries.some(({ status }) => status === 500), patience)
      .toBe(true);
    await operator.resume();
    await said.delivered;
    // By then it counts as not taken; what matters is that this is said.
    await expect.poll(() => notes(bridge, '*Not taken.*'), patience).toHaveLength(1);
  });
});

describe('a stored text whose key was taken away', longTest, () => {
  const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
  const timing = { ...quickTiming, holdMs: 600, giveUpMs: 4_000 };

  /** A message that waits, stored with a key that the processes which go on with it do not have. */
  async function sealedAway() {
    const world = await createWorld();
    const namespace = freshNamespace();
    const running: { stop(): Promise<void> }[] = [];
    const stop = async () => {
      for (const each of running.splice(0).reverse()) await each.stop();
    };
    onTestFinished(async () => {
      await stop();
      await world.close();
    });
    const start = async (keys: string, changed: Overrides['timing'] = timing) => {
      await stop();
      const config = readConfig({ ...world.env, ENCRYPTION_KEYS: keys });
      const log = createLogger('silent', 'bridge');
      const overrides: Overrides = { namespace, timing: changed };
      const operator = await composeOperator(config, log, overrides);
      const web = await composeWeb(config, log, overrides);
      running.push(await composeWorker(config, log, overrides), web, operator);
      world.slack.pointAt(`http://127.0.0.1:${web.port}/slack/events`);
      return operator;
    };
    const old = key('old');
    await (await start(old)).pause();
    await command(world, '@grace sealed away');
    return { world, start, old };
  }

  it('fails after a bounded time with a true sentence; its lane goes on, and it can be discarded', async () => {
    const { world, start } = await sealedAway();
    await (await start(key('new'))).resume();
    await command(world, '@grace in its lane');
    await expect
      .poll(() => notes(world, '*Waiting.*').map(wordsOf).join(), patience)
      .toContain('cannot read the stored text of this message');
    await expect.poll(() => world.texts(), patience).toEqual(['in its lane']);
    await expect.poll(() => notes(world, '*Not sent.*').some(hasButtons), patience).toBe(true);
    await command(world, 'failed');
    expect(told(world).join('\n')).toContain('(its text cannot be read any more)');
    expect(decidable(world, '*Not sent.*')).toBeDefined();
    await press(world, '*Not sent.*', 'discard_delivery');
    await expect.poll(() => notes(world, '*Discarded.*'), patience).toHaveLength(1);
    expect(world.texts()).toEqual(['in its lane']);
  });

  it('goes when the key is put back in time', async () => {
    const { world, start, old } = await sealedAway();
    const patient = { ...timing, holdMs: 60_000, giveUpMs: 60_000 };
    const now = key('new');
    await (await start(now, patient)).resume();
    await expect.poll(() => notes(world, '*Waiting.*'), patience).toHaveLength(1);
    await start(`${now},${old}`, patient);
    await expect.poll(() => world.texts(), patience).toEqual(['sealed away']);
  });
});
