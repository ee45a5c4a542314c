import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { respond, standIn, standInWithApp } from './stand-in.ts';

type Thrown = { code?: string; statusCode?: number; retryAfter?: number; data?: { error?: string } };

/** What the caller and the channel get to see of one post under a fault. */
async function postUnder(fault: Fault) {
  const { slack, client } = await standIn();
  slack.faults.arm(fault);
  const posted = client.chat.postMessage({ channel: 'C0GENERAL', text: 'hello' });
  const thrown: Thrown = await posted.then(
    () => ({ code: 'ok' }),
    (error: Thrown) => error,
  );
  return { slack, client, thrown, stored: () => slack.messages('C0GENERAL').length };
}

const method = 'chat.postMessage';
const CUT = 'slack_webapi_request_error';

describe('a fault armed for a method', () => {
  it('cuts the connection before or after the deed', async () => {
    const before = await postUnder({ method, kind: 'drop-before' });
    expect([before.thrown.code, before.stored()]).toEqual([CUT, 0]);
    const after = await postUnder({ method, kind: 'drop-after' });
    expect([after.thrown.code, after.stored()]).toEqual([CUT, 1]);
  });

  it('cuts the connection and does the deed later', async () => {
    const { thrown, stored } = await postUnder({ method, kind: 'late-commit', afterMs: 50 });
    expect([thrown.code, stored()]).toEqual([CUT, 0]);
    await expect.poll(stored).toBe(1);
  });

  it('never answers', async () => {
    const { slack, client } = await standIn();
    slack.faults.arm({ method, kind: 'hang', commit: true });
    const posted = client.chat.postMessage({ channel: 'C0GENERAL', text: 'hello' }).catch(() => 'cut');
    await expect.poll(() => slack.messages('C0GENERAL')).toHaveLength(1);
    expect(slack.calls[0]).not.toHaveProperty('status');
    await slack.close();
    expect(await posted).toBe('cut');
  });

  it('answers with a status, a rate limit or an error', async () => {
    const status = await postUnder({ method, kind: 'status', status: 503 });
    expect([status.thrown.statusCode, status.stored()]).toEqual([503, 0]);
    const limited = await postUnder({ method, kind: 'rate-limited', retryAfterSeconds: 7 });
    expect([limited.thrown.retryAfter, limited.stored()]).toEqual([7, 0]);
    const error = await postUnder({ method, kind: 'error', error: 'fatal_error', commit: true });
    expect([error.thrown.data?.error, error.stored()]).toEqual(['fatal_error', 1]);
  });

  it('strikes as often as it says, after as many calls as it says, and no other method', async () => {
    const { slack, client } = await standIn();
    slack.faults.arm({ method, kind: 'error', error: 'fatal_error', times: 2, skip: 1 });
    const outcomes: string[] = [];
    for (let call = 0; call < 4; call += 1) {
      await client.auth.test();
      const post = client.chat.postMessage({ channel: 'C0GENERAL', text: `${call}` });
      outcomes.push(
        await post.then(
          () => 'ok',
          () => 'error',
        ),
      );
    }
    expect(outcomes).toEqual(['ok', 'error', 'error', 'ok']);
    expect(slack.faults.active()).toEqual([]);
  });

  it('can be called off', async () => {
    const { slack, client } = await standIn();
    slack.faults.arm({ method: '*', kind: 'hang', times: 9 });
    expect(slack.faults.active()).toMatchObject([{ method: '*', kind: 'hang', left: 9 }]);
    slack.faults.clear();
    expect((await client.auth.test()).ok).toBe(true);
  });

  it('strikes response_urls as well', async () => {
    const { slack } = await standInWithApp();
    const { payload } = await slack.command('U0ADA', 'C0RANDOM', '/chatter-dm', 'hi');
    slack.faults.arm({ method: 'response_url', kind: 'status', status: 500 });
    expect((await respond(payload.response_url, { text: 'x' })).status).toBe(500);
    expect((await respond(payload.response_url, { text: 'x' })).status).toBe(200);
  });
});

describe('a fault with a probability', () => {
  const strikes = async (probability: number, seed: number) => {
    const { slack, client } = await standIn();
    const struck: string[] = [];
    slack.faults.onStrike = (fault) => struck.push(fault.kind);
    slack.faults.arm({ method: 'auth.test', kind: 'error', error: 'fatal_error', probability, seed });
    const outcomes: boolean[] = [];
    for (let call = 0; call < 20; call += 1) {
      outcomes.push(
        await client.auth.test().then(
          () => true,
          () => false,
        ),
      );
    }
    expect(struck).toHaveLength(outcomes.filter((ok) => !ok).length);
    return outcomes;
  };

  it('strikes now and then without end, the same with the same seed, and each strike is heard of', async () => {
    const first = await strikes(0.5, 3);
    expect(new Set(first)).toEqual(new Set([true, false]));
    expect(await strikes(0.5, 3)).toEqual(first);
    expect(await strikes(0.5, 4)).not.toEqual(first);
  });
});
