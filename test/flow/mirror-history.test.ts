import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/slack/shapes.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { ask, begin, mirroredAs, newReader, openForm, settled, submit, untimed } from './mirroring.ts';
import { longTest, notes, patience } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterEach(() => {
  bridge.slack.faults.clear();
  bridge.salesforce.faults.clear();
});
afterAll(() => bridge?.close());

const WRITERS = ['U0ADA', 'U0GRACE', 'U0ALAN'];
const TIMED = /: \(sent \d\d:\d\d( UTC)?\) /;

/** A thread of Grace's, in which three people have written in turn. */
async function talked(replies: number, text = (n: number) => `reply ${n}`): Promise<Message> {
  const { slack } = bridge;
  const said = slack.say('U0GRACE', 'C0GENERAL', 'the root');
  const thread_ts = said.ts;
  const all = Array.from({ length: replies }, (_, n) =>
    slack.say(WRITERS[n % 3] ?? '', 'C0GENERAL', text(n + 1), { thread_ts }),
  );
  await Promise.all([said, ...all].map(({ delivered }) => delivered));
  return said.message;
}

/** How a reply of such a thread reads in Chatter: by whoever has written it, or by the bridge for Alan. */
function line(n: number): string {
  return [
    `Ada Lovelace: reply ${n}`,
    `Grace Hopper: reply ${n}`,
    `Chatter Bridge: Alan Turing (in Slack): reply ${n}`,
  ][(n - 1) % 3] as string;
}
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => line(from + i));

describe('of what was written before', longTest, () => {
  it('the root alone goes along when no more is wished for', async () => {
    const mirror = await begin(bridge, { root: await talked(4), bring: 'root' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root']);
  });

  it('the root and the last twenty replies go along', async () => {
    const mirror = await begin(bridge, { root: await talked(25), bring: 'last' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root', ...lines(6, 25)]);
  });

  it('all goes along that Slack gives: in order, by who wrote it, each with its time', async () => {
    const mirror = await begin(bridge, { root: await talked(60), bring: 'all' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root', ...lines(1, 60)]);
    expect(mirror.inChatter().filter((each) => !TIMED.test(each))).toEqual([]);
    // Nobody is told, nor thanked, for what they wrote before anybody knew.
    expect(notes(bridge, 'The bridge speaks for you', 'alan')).toEqual([]);
  });

  it('what was changed is as it is now, and what was deleted is not there', async () => {
    const { slack } = bridge;
    const root = await talked(3);
    const [, first, second] = slack.thread('C0GENERAL', root.ts);
    if (!first || !second) throw new Error('nothing was said');
    await slack.edit('U0ADA', first, 'reply 1, corrected').delivered;
    await slack.delete('U0GRACE', second).delivered;
    const mirror = await begin(bridge, { root, bring: 'all' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual([
      'Grace Hopper: the root',
      'Ada Lovelace: reply 1, corrected',
      line(3),
    ]);
  });

  it('a root that another app has written is brought along under its name', async () => {
    const { slack } = bridge;
    slack.workspace.users.set('U0OTHERBOT', {
      ...slack.workspace.user('U0ROBOT'),
      id: 'U0OTHERBOT',
      real_name: 'Incident Bot',
    });
    const { message: root } = slack.sayAsBot('C0GENERAL', 'The engine has stopped');
    slack.say('U0ALAN', 'C0GENERAL', 'I see', { thread_ts: root.ts });
    slack.sayAsBot('C0GENERAL', 'Still stopped', { thread_ts: root.ts });
    const mirror = await begin(bridge, { root, bring: 'all' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual([
      'Chatter Bridge: Incident Bot (in Slack): The engine has stopped',
      'Chatter Bridge: Alan Turing (in Slack): I see',
    ]);
  });

  it('files, /me and a reply that was also sent to the channel go along as they would have then', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0ADA', 'C0GENERAL', 'the root');
    const thread_ts = root.ts;
    const permalink = 'https://corp.slack.com/files/U0ADA/F1/plan.pdf';
    const file = {
      id: 'F1',
      name: 'plan.pdf',
      title: 'plan.pdf',
      size: 2_048,
      pretty_type: 'PDF',
      permalink,
    };
    slack.say('U0ADA', 'C0GENERAL', 'here', { thread_ts, files: [file] });
    slack.say('U0ADA', 'C0GENERAL', 'waves', { thread_ts, subtype: 'me_message' });
    slack.say('U0ADA', 'C0GENERAL', 'for all', { thread_ts, subtype: 'thread_broadcast' });
    const mirror = await begin(bridge, { root, bring: 'all' });
    await settled(bridge);
    const [, withFile = '', ...rest] = mirror.inChatter().map(untimed);
    expect(withFile).toMatch(/^Ada Lovelace: here\n.*plan\.pdf.*https:\/\/corp\.slack\.com\/files/s);
    expect(rest).toEqual(['Ada Lovelace: *Ada Lovelace waves*', 'Ada Lovelace: for all']);
  });
});

describe('what is written while a mirror is being opened', longTest, () => {
  it('is neither lost nor doubled, and comes after what was written before, without a time of its own', async () => {
    const { slack, salesforce } = bridge;
    const root = await talked(5);
    slack.faults.arm({ method: 'conversations.replies', kind: 'delay', ms: 400 });
    salesforce.faults.arm({ do: 'slow', delayMs: 60, kind: 'post', times: 10 });
    const mirror = await ask(bridge, { root, bring: 'all' });
    for (let n = 6; n <= 20; n += 1) {
      slack.say(WRITERS[(n - 1) % 3] ?? '', 'C0GENERAL', `reply ${n}`, { thread_ts: root.ts });
      await pause(50);
    }
    await expect.poll(() => mirror.inChatter().length, patience).toBe(21);
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root', ...lines(1, 20)]);
    expect(
      mirror
        .inChatter()
        .slice(6)
        .filter((each) => TIMED.test(each)),
    ).toEqual([]);
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('goes along also when it was written between opening the form and sending it, whatever was to be brought', async () => {
    const { slack } = bridge;
    const root = await talked(3);
    await openForm(bridge, 'U0ADA', root);
    await slack.say('U0ALAN', 'C0GENERAL', 'reply 6', { thread_ts: root.ts }).delivered;
    const reader = newReader(bridge);
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [reader.id], bring: 'root' });
    const mirror = mirroredAs(bridge, root, reader);
    await expect
      .poll(() => mirror.inChatter().map(untimed), patience)
      .toEqual(['Grace Hopper: the root', line(6)]);
  });

  it('takes back what is deleted before it has gone', async () => {
    const { slack, salesforce } = bridge;
    const root = await talked(4);
    salesforce.faults.arm({ do: 'slow', delayMs: 400, kind: 'post', times: 2 });
    const last = slack.thread('C0GENERAL', root.ts).at(-1);
    const mirror = await ask(bridge, { root, bring: 'all' });
    await expect.poll(() => mirror.conversation().length, patience).toBe(1);
    if (last) await slack.delete('U0ADA', last).delivered;
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root', ...lines(1, 3)]);
  });
});

describe('when Slack wants to be read more slowly', longTest, () => {
  it('the mirror waits for it and loses nothing, and nobody else waits', async () => {
    const { slack } = bridge;
    const root = await talked(5);
    slack.faults.arm({ method: 'conversations.replies', kind: 'rate-limited', retryAfterSeconds: 1 });
    const mirror = await ask(bridge, { root, bring: 'all' });
    await expect.poll(() => slack.faults.active(), patience).toEqual([]);
    const typed = slack.command('U0ALAN', 'C0GENERAL', '/chatter-dm', '@grace in a hurry');
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('in a hurry');
    await typed;
    expect(mirror.conversation()).toEqual([]);
    await expect.poll(mirror.inChatter, patience).toHaveLength(6);
    expect(mirror.inChatter().map(untimed)).toEqual(['Grace Hopper: the root', ...lines(1, 5)]);
  });
});
