import { describe, expect, it, onTestFinished } from 'vitest';
import type { Overrides } from '../../src/compose.ts';
import { composeOperator } from '../../src/compose-operator.ts';
import { createLogger } from '../../src/ops/log.ts';
import { collectLog } from '../collect-log.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { backUp, ready } from './redis-trouble.ts';
import { asked, command, notes, patience, press } from './seen.ts';

const slow = { timeout: 60_000 };
const lockMs = 1_500;

/** A bridge that takes a loss of more than half a second for a restore, and its operator. */
async function start(o: Pick<Overrides, 'pauseAfterLossMs'> & { env?: Record<string, string> } = {}) {
  const { log, lines } = collectLog();
  // What waits for an administrator sleeps while the backup is made: otherwise it might be just on its way.
  const backOffMs = { first: 6_000, most: 6_000 };
  const timing = { lockMs, stalledCheckMs: 300, backOffMs };
  const bridge = await startBridge({ pauseAfterLossMs: 500, ...o, timing, log });
  const operator = await composeOperator(bridge.config, createLogger('silent', 'operate'), {
    namespace: bridge.namespace,
  });
  onTestFinished(async () => {
    await operator.stop();
    await bridge.close();
  });
  const review = async (): Promise<string[]> => {
    const said: string[] = [];
    for await (const line of operator.review()) said.push(line);
    return said;
  };
  const status = async (): Promise<string> => (await operator.status()).join('\n');
  return { bridge, operator, lines, review, status };
}

function approve(bridge: RunningBridge, isApproved: boolean): void {
  const id = bridge.salesforceId('ada');
  bridge.salesforce.changeUser(id, { preAuthorised: isApproved });
  bridge.salesforce.expireSessions(id);
}

/** Waits for an administrator when the backup is made; later one is discarded by its writer, and one delivered. */
async function restoredWith(bridge: RunningBridge): Promise<() => Promise<void>> {
  approve(bridge, false);
  await command(bridge, '@grace regretted');
  await command(bridge, '@grace delivered since');
  await expect.poll(() => notes(bridge, '*Waiting.*'), patience).toHaveLength(1);
  const restore = await backUp(bridge);
  await ready(bridge);
  approve(bridge, true);
  await press(bridge, '*Waiting.*', 'discard_delivery');
  await expect.poll(() => notes(bridge, '*Discarded.*'), patience).toHaveLength(1);
  await expect.poll(() => bridge.texts(), patience).toEqual(['delivered since']);
  await expect.poll(() => notes(bridge, 'delivered since'), patience).toHaveLength(1);
  return restore;
}

/** Two processes that notice in the same moment may both say it. */
const once = <T>(said: readonly T[]): T[] => [...new Set(said)];

const idsIn = (said: readonly string[]): string[] =>
  said.filter((line) => / (queued|settling|begun) /.test(line)).map((line) => line.split(' ')[0] ?? '');

/** Longer than nothing is claimed after a restart anyway. */
async function graceIsOver(fromMs = performance.now()): Promise<void> {
  await expect.poll(() => performance.now() - fromMs, patience).toBeGreaterThan(lockMs * 2);
}

describe('a Redis that was restored from a backup while the bridge runs', slow, () => {
  it('sending pauses; what waits is listed; after resume nothing that was delivered is sent again', async () => {
    const { bridge, operator, lines, review, status } = await start();
    const restore = await restoredWith(bridge);
    const [posts, listed] = [asked(bridge, 'post'), lines.length];
    await restore();
    await ready(bridge);
    const since = () => lines.slice(listed);
    const said = (words: string) => since().filter(({ msg }) => msg.includes(words));
    await expect.poll(() => said('is paused').length, patience).toBeGreaterThan(0);
    await expect.poll(() => said('restarted, restored').length, patience).toBeGreaterThan(0);
    expect(said('restarted, restored')[0]).toMatchObject({ messagesWait: 2 });
    expect(said('certainly')[0]).toMatchObject({ forgottenSeconds: expect.any(Number) });
    await expect.poll(() => once(said('waits from before').map(({ delivery }) => delivery))).toHaveLength(2);
    const rows = once(said('waits from before').map(({ delivery }) => delivery));
    const pauses = said('is paused').length;
    expect(idsIn(await review())).toEqual(rows);
    expect(await status()).toContain('sending to Salesforce: paused');
    expect(await status()).toContain('It had certainly forgotten');
    expect(JSON.stringify([since(), await review()])).not.toMatch(
      /regretted|delivered since|@corp|Ada|Grace/,
    );

    expect(await command(bridge, '@grace meanwhile')).toContain('Sending to');
    await graceIsOver();
    expect(asked(bridge, 'post')).toBe(posts);

    await operator.resume();
    await command(bridge, '@grace closing');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('closing');
    const arrived = bridge.texts().map((text) => text.replace(/^\(sent .*?\) /, ''));
    expect(arrived).toEqual(['delivered since', 'regretted', 'meanwhile', 'closing']);
    await expect.poll(() => notes(bridge, 'closing'), patience).toHaveLength(1);
    expect((await review()).at(-1)).toContain('0 message(s)');
    // Once an epoch: the operator has said resume.
    expect(said('is paused')).toHaveLength(pauses);
    expect(await status()).toContain('sending to Salesforce: on');
  });

  it('goes on by itself where that is set, with the list in the log', async () => {
    const { bridge, lines } = await start({ env: { AFTER_RESTORE: 'go' } });
    const restore = await restoredWith(bridge);
    const listed = lines.length;
    await restore();
    await expect.poll(() => bridge.texts(), { timeout: 30_000 }).toHaveLength(2);
    const since = lines.slice(listed);
    const rows = since.filter(({ msg }) => msg.includes('waits from before'));
    expect(once(rows.map(({ delivery }) => delivery))).toHaveLength(2);
    expect(since.filter(({ msg }) => msg.includes('is paused'))).toEqual([]);
    expect(bridge.texts()[0]).toBe('delivered since');
    expect(bridge.texts()[1]).toMatch(/regretted$/);
  });
});

describe('a Redis that was restored while all processes were stopped', slow, () => {
  it('is paused by hand before they start, reviewed, and resumed', async () => {
    const { bridge, operator, review, status } = await start();
    const restore = await restoredWith(bridge);
    const posts = asked(bridge, 'post');
    await bridge.stopBridge();
    await restore();
    await expect.poll(() => operator.pause().then(() => 'paused', String), patience).toBe('paused');
    // The list can be had before any process has met the new Redis, and after.
    const before = idsIn(await review());
    expect(before).toHaveLength(2);
    await bridge.startAgain();
    await graceIsOver();
    expect(asked(bridge, 'post')).toBe(posts);
    expect(await status()).toContain('sending to Salesforce: paused');
    expect(idsIn(await review())).toEqual(before);
    await operator.resume();
    await expect.poll(() => bridge.texts(), patience).toHaveLength(2);
    expect(bridge.texts()[0]).toBe('delivered since');
  });
});

describe('a Redis that lost less', slow, () => {
  it('than a minute goes on by itself after the grace', async () => {
    const { bridge, lines } = await start({ pauseAfterLossMs: 60_000 });
    const restore = await restoredWith(bridge);
    await restore();
    await expect.poll(() => bridge.texts(), { timeout: 30_000 }).toHaveLength(2);
    expect(lines.filter(({ msg }) => msg.includes('certainly'))).toHaveLength(2);
    expect(lines.filter(({ msg }) => msg.includes('is paused'))).toEqual([]);
  });
});
