import { describe, expect, it, onTestFinished } from 'vitest';
import { composeOperator } from '../../src/compose-operator.ts';
import { createLogger } from '../../src/ops/log.ts';
import { startBridge } from './bridge.ts';
import { asked, command, longTest, notes, patience, reply, rootOf } from './seen.ts';

describe('the operator', longTest, () => {
  it('pauses sending, while messages are taken in; resuming sends all of them, in order', async () => {
    const bridge = await startBridge();
    const operator = await composeOperator(bridge.config, createLogger('silent', 'operate'), {
      namespace: bridge.namespace,
    });
    onTestFinished(async () => {
      await operator.stop();
      await bridge.close();
    });
    await command(bridge, '@grace before');
    await expect.poll(() => notes(bridge, 'before'), patience).toHaveLength(1);
    const root = rootOf(bridge, 'before');

    await operator.pause();
    expect((await operator.status()).join('\n')).toContain('sending to Salesforce: paused');
    const posts = asked(bridge, 'post');
    const texts = Array.from({ length: 5 }, (_, i) => `meanwhile ${i}`);
    for (const text of texts) expect(await command(bridge, `@grace ${text}`)).toContain('Sending to');
    await reply(bridge, root, 'a reply meanwhile').delivered;
    // What is said in Slack is not paused.
    expect(await command(bridge, 'help')).toContain('Send a Salesforce Chatter private message');
    expect(asked(bridge, 'post')).toBe(posts);
    expect((await operator.status()).join('\n')).toContain('to-chatter');

    await operator.resume();
    await expect.poll(() => bridge.texts(), patience).toHaveLength(7);
    expect(bridge.texts().filter((text) => text.startsWith('meanwhile'))).toEqual(texts);
    expect(bridge.texts()).toContain('a reply meanwhile');
    expect((await operator.status()).join('\n')).toContain('sending to Salesforce: on');
  });

  it('says how Redis is set, and what a restart may have lost', async () => {
    const bridge = await startBridge({ redis: { appendfsync: 'everysec' } });
    const operator = await composeOperator(bridge.config, createLogger('silent', 'operate'), {
      namespace: bridge.namespace,
    });
    onTestFinished(async () => {
      await operator.stop();
      await bridge.close();
    });
    const status = async () => (await operator.status().catch(() => [])).join('\n');
    expect(await status()).toContain('Redis has `appendfsync everysec`: a crash loses about the last second');
    expect(await status()).not.toContain('its data reach until');
    expect((await operator.review().next()).value).toBe(
      'Redis has not been restarted since the bridge began.',
    );
    await bridge.redis.restart();
    await expect.poll(status, patience).toContain('its data reach until');
  });
});
