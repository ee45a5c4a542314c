import { describe, expect, it } from 'vitest';
import type { Ephemeral, Message, View } from '../../../sandbox/slack/shapes.ts';
import { makeThreadId } from '../../../src/slack/ids.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import { words } from '../../../src/slack/words.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';
import { mirrorOf } from '../fake-mirror.ts';

/** A mirrored thread in #general with its notice. */
async function startMirrored(options: EdgeOptions = {}, value?: string) {
  const edge = await startEdge(options);
  const { slack, core } = edge;
  const root = slack.say('U0GRACE', 'C0GENERAL', 'root').message;
  const thread = makeThreadId({ team: 'T0CORP', channel: 'C0GENERAL', ts: root.ts });
  core.mirrored.known.push(mirrorOf(thread));
  const element = { type: 'button', action_id: 'stop_mirror', value: value ?? thread };
  const notice = slack.workspace.add({
    channel: 'C0GENERAL',
    user: 'U0BRIDGE',
    text: 'This thread is mirrored.',
    thread_ts: root.ts,
    blocks: [{ type: 'actions', block_id: 'b', elements: [element] }],
  });
  const press = (by = 'U0GRACE', where: Message | Ephemeral | View = notice) =>
    slack.press(by, where, 'stop_mirror');
  const told = (to = 'U0GRACE') => slack.ephemeralsOf(to).map(({ text }) => text);
  return { ...edge, thread, notice, press, told, ...core.mirrored };
}

describe('Stop, in the notice of a mirror', () => {
  it('stops it for whoever may, and tells them alone', async () => {
    const { slack, press, told, stopped, thread, notice } = await startMirrored();
    const before = JSON.stringify(notice);
    expect(await press()).toMatchObject({ status: 200 });
    expect(stopped).toEqual([{ thread, by: 'T0CORP-U0GRACE', isAdmin: false }]);
    await expect.poll(told).toEqual([mirrorWords.stopped]);
    expect(JSON.stringify(notice)).toBe(before);
    expect(slack.calls.map(({ method }) => method)).not.toContain('users.info');
  });

  it.each([
    ['not-live', mirrorWords.notLive],
    ['not-theirs', mirrorWords.notTheirs],
  ] as const)('says so when it is %s', async (outcome, said) => {
    const { core, press, told } = await startMirrored();
    core.answers.stopped = outcome;
    await press();
    await expect.poll(told).toEqual([said]);
  });

  it.each([
    ['an admin of the workspace', 'U0ADA', new Set<string>()],
    ['somebody who was named as one', 'U0GRACE', new Set(['U0GRACE'])],
  ])('lets %s stop any', async (_who, by, adminUsers) => {
    const { core, press, told, stopped } = await startMirrored({ ingress: { adminUsers } });
    core.answers.stopped = 'not-theirs';
    await press(by);
    await expect.poll(() => told(by)).toEqual([mirrorWords.stopped]);
    expect(stopped.map(({ isAdmin }) => isAdmin)).toEqual([false, true]);
  });

  it('answers Slack in time however long Slack itself takes to say who is an admin', async () => {
    const { core, slack, press, told } = await startMirrored();
    core.answers.stopped = 'not-theirs';
    slack.faults.arm({ method: 'users.info', kind: 'delay', ms: 2_500 });
    const { status, ms } = await press('U0ADA');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2_400);
    await expect.poll(() => told('U0ADA'), { timeout: 3_000 }).toEqual([mirrorWords.stopped]);
  });

  it('says so when it could not be stored, and can be pressed again', async () => {
    const { core, press, told, stopped } = await startMirrored();
    core.answers.broken = true;
    expect(await press()).toMatchObject({ status: 200 });
    await expect.poll(told).toEqual([words.notStored]);
    core.answers.broken = false;
    await press();
    expect(stopped).toHaveLength(1);
  });

  it.each(['', 'null', 'C0GENERAL-1.2'])('does nothing with %j for a thread', async (value) => {
    const { press, stopped } = await startMirrored({}, value);
    expect(await press()).toMatchObject({ status: 200 });
    expect(stopped).toEqual([]);
  });
});

describe('/chatter-dm stop', () => {
  it('lists the threads that somebody has started or writes in, with a button each', async () => {
    const { slack, thread } = await startMirrored();
    const { body } = await slack.command('U0GRACE', 'C0GENERAL', '/chatter-dm', 'stop');
    const [list] = slack.ephemeralsOf('U0GRACE');
    expect(JSON.parse(body)).toMatchObject({ response_type: 'ephemeral', text: '*1 mirrored thread*' });
    const shown = JSON.stringify(list?.blocks);
    expect(shown).toContain('A thread in <#C0GENERAL>, with Grace Hopper, Alan Turing');
    expect(shown).toContain(thread);
  });

  it('shows what is left after a press', async () => {
    const { slack, press, known } = await startMirrored();
    await slack.command('U0GRACE', 'C0GENERAL', '/chatter-dm', 'stop');
    const [list] = slack.ephemeralsOf('U0GRACE');
    if (!list) throw new Error('no list');
    known.length = 0;
    await press('U0GRACE', list);
    const shown = () => JSON.stringify(slack.ephemeralsOf('U0GRACE')[0]?.blocks);
    await expect.poll(shown).toContain(mirrorWords.stopped);
    expect(shown()).toContain('No thread that you have started or write in is mirrored');
    expect(slack.ephemeralsOf('U0GRACE')).toHaveLength(1);
  });

  it('says so when there are none, and when that cannot be looked up', async () => {
    const { slack, core } = await startEdge();
    const typed = async () =>
      JSON.parse((await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'stop')).body).text;
    expect(await typed()).toBe(mirrorWords.noMirrors);
    core.answers.broken = true;
    expect(await typed()).toBe(words.notRead);
  });
});
