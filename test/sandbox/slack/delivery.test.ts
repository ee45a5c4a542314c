import { describe, expect, it } from 'vitest';
import { SLACK_RETRY_DELAYS_MS } from '../../../sandbox/slack/delivery.ts';
import { standIn, standInWithApp } from './stand-in.ts';

const FAST = { retryDelaysMs: [0, 5, 5] };
const parsed = (body: string | undefined) => JSON.parse(body ?? 'null');

describe('the delivery of events', () => {
  it("follows Slack's own times unless told otherwise", () => {
    expect(SLACK_RETRY_DELAYS_MS).toEqual([0, 60_000, 300_000]);
  });

  it('sends an event once when it is taken', async () => {
    const { slack, app } = await standInWithApp(FAST);
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    expect(app.received).toHaveLength(1);
    expect(app.received[0]?.headers['x-slack-retry-num']).toBeUndefined();
  });

  it('sends it again up to three times, counted and with the reason', async () => {
    const { slack, app } = await standInWithApp(FAST, () => ({ status: 500 }));
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts.map(({ retryNum }) => retryNum)).toEqual([0, 1, 2, 3]);
    expect(app.received.slice(1).map(({ headers }) => headers['x-slack-retry-num'])).toEqual(['1', '2', '3']);
    expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(app.received.map(({ body }) => parsed(body).event_id)).size).toBe(1);
  });

  it('calls a missed deadline a time-out', async () => {
    const options = { retryDelaysMs: [0], answerDeadlineMs: 60 };
    const { slack, app } = await standInWithApp(options, (_, index) => (index === 0 ? 'hang' : {}));
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts.map(({ failure }) => failure)).toEqual(['http_timeout', undefined]);
    expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
  });

  it('calls a cut connection, or nobody there, a failed connection', async () => {
    const { slack } = await standInWithApp(FAST, (_, index) => (index === 0 ? 'cut' : {}));
    const attempts = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(attempts.map(({ failure }) => failure)).toEqual(['connection_failed', undefined]);
    slack.pointAt('http://127.0.0.1:1/');
    const [first] = await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(first?.failure).toBe('connection_failed');
  });

  it('goes to several places in turn', async () => {
    const { slack, app } = await standInWithApp(FAST);
    slack.pointAt(`${app.url}?web=1`, `${app.url}?web=2`);
    for (let i = 0; i < 4; i += 1) await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered;
    expect(app.received.map(({ path }) => path?.slice(-1))).toEqual(['1', '2', '1', '2']);
  });

  it('stops when the app asks for it', async () => {
    const reply = { status: 503, headers: { 'x-slack-no-retry': '1' } };
    const { slack } = await standInWithApp(FAST, () => reply);
    expect(await slack.say('U0ADA', 'C0GENERAL', 'hello').delivered).toHaveLength(1);
  });

  it('never sends a command or an interaction again', async () => {
    const { slack, app } = await standInWithApp(FAST, () => ({ status: 500 }));
    expect((await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'hi')).status).toBe(500);
    await slack.shortcut('U0ADA', 'compose');
    await expect.poll(() => slack.deliveries.length).toBe(2);
    expect(app.received).toHaveLength(2);
  });

  it('tells the app only of conversations that it is in and has subscribed to', async () => {
    const { slack, app } = await standInWithApp({ subscriptions: ['message.channels'] });
    await slack.say('U0ADA', 'C0RANDOM', 'the app is not here').delivered;
    await slack.say('U0ADA', 'G0SECRET', 'not subscribed').delivered;
    await slack.say('U0ADA', 'C0GENERAL', 'heard').delivered;
    expect(app.received.map(({ body }) => parsed(body).event.text)).toEqual(['heard']);
  });
});

describe('the faults of delivery', () => {
  it('sends one event twice, under one id or under two', async () => {
    const { slack, app } = await standInWithApp();
    slack.faults.arm({ method: 'events', kind: 'twice' });
    await slack.say('U0ADA', 'C0GENERAL', 'a').delivered;
    slack.faults.arm({ method: 'events', kind: 'two-ids' });
    await slack.say('U0ADA', 'C0GENERAL', 'b').delivered;
    const ids = app.received.map(({ body }) => parsed(body).event_id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
  });

  it('sends an event after its successor', async () => {
    const { slack, app } = await standInWithApp();
    slack.faults.arm({ method: 'events', kind: 'held-back' });
    const first = slack.say('U0ADA', 'C0GENERAL', 'first');
    await slack.say('U0ADA', 'C0GENERAL', 'second').delivered;
    await first.delivered;
    expect(app.received.map(({ body }) => parsed(body).event.text)).toEqual(['second', 'first']);
  });

  it('loses an event', async () => {
    const { slack, app } = await standInWithApp();
    slack.faults.arm({ method: 'events', kind: 'lost' });
    expect(await slack.say('U0ADA', 'C0GENERAL', 'gone').delivered).toEqual([]);
    expect(app.received).toEqual([]);
  });
});

describe('closing', () => {
  it('does not wait for redeliveries that are due later', async () => {
    const { slack } = await standIn({ retryDelaysMs: [600_000], requestUrl: 'http://127.0.0.1:1/' });
    const { delivered } = slack.say('U0ADA', 'C0GENERAL', 'hello');
    await expect.poll(() => slack.deliveries.length).toBe(1);
    await slack.close();
    expect(await delivered).toHaveLength(1);
  });
});
