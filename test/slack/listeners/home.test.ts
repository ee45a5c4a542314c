import { describe, expect, it } from 'vitest';
import { makeThreadId } from '../../../src/slack/ids.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import { words } from '../../../src/slack/words.ts';
import { startEdge } from '../edge.ts';
import { mirrorOf } from '../fake-mirror.ts';
import { textOf } from './in-form.ts';

const thread = (n: number) =>
  makeThreadId({ team: 'T0CORP', channel: 'C0GENERAL', ts: `170000000${n}.000100` });

async function startAtHome() {
  const edge = await startEdge();
  const { slack } = edge;
  const home = () => textOf(slack.homeOf('U0ADA'));
  const open = async (tab?: 'home' | 'messages') => {
    expect(await slack.openHome('U0ADA', tab)).toMatchObject([{ status: 200 }]);
  };
  return { ...edge, home, open };
}

describe('the Home tab', () => {
  it('says what the app does when it is opened', async () => {
    const { home, open } = await startAtHome();
    await open();
    await expect.poll(home).toContain('Salesforce Chatter private messages, from Slack');
    expect(home()).toContain(words.actsForYou);
    expect(home()).toContain(mirrorWords.noMirrors);
  });

  it('is left alone when somebody looks at the messages', async () => {
    const { slack, open } = await startAtHome();
    await open('messages');
    await open('home');
    await expect.poll(() => slack.calls.filter(({ method }) => method === 'views.publish')).toHaveLength(1);
  });

  it('shows mirrored threads, each with its button, opting out, and how much failed', async () => {
    const { slack, core, home, open } = await startAtHome();
    core.mirrored.known.push(mirrorOf(thread(1)), mirrorOf(thread(2)));
    core.answers.isOptedOut = true;
    core.answers.failed = { all: { count: 2, untilMs: 0 }, first: [] };
    await open();
    await expect.poll(home).toContain('2 mirrored threads');
    expect(home()).toContain(words.optedOut);
    expect(home()).toContain('2 messages for you to decide about');
    const buttons = slack.homeOf('U0ADA')?.blocks.filter(({ accessory }) => accessory !== undefined);
    expect(buttons).toMatchObject([
      { accessory: { action_id: 'stop_mirror', value: thread(1) } },
      { accessory: { action_id: 'stop_mirror', value: thread(2) } },
    ]);
  });

  it('shows as many threads as it has room for', async () => {
    const { core, home, open } = await startAtHome();
    for (let n = 0; n < 150; n += 1) core.mirrored.known.push(mirrorOf(thread(n % 10)));
    await open();
    await expect.poll(home).toContain('150 mirrored threads');
    expect(home()).toContain('130 more');
  });

  it('stops a mirror, and is shown as it is then', async () => {
    const { slack, core, home, open } = await startAtHome();
    core.mirrored.known.push(mirrorOf(thread(1)));
    await open();
    await expect.poll(home).toContain('1 mirrored thread');
    const view = slack.homeOf('U0ADA');
    if (!view) throw new Error('no Home tab');
    core.mirrored.known.length = 0;
    expect(await slack.press('U0ADA', view, 'stop_mirror')).toMatchObject({ status: 200 });
    await expect.poll(home).toContain(mirrorWords.stopped);
    expect(home()).toContain(mirrorWords.noMirrors);
    expect(core.mirrored.stopped).toEqual([{ thread: thread(1), by: 'T0CORP-U0ADA', isAdmin: false }]);
  });

  it('says so when it cannot be looked up', async () => {
    const { core, home, open } = await startAtHome();
    core.answers.broken = true;
    await open();
    await expect.poll(home).toContain(words.notRead);
  });

  it('is tried once: Slack gets its answer whatever becomes of it', async () => {
    const { slack, open, lines } = await startAtHome();
    slack.faults.arm({ method: 'views.publish', kind: 'status', status: 500 });
    await open();
    await expect.poll(() => lines.join()).toContain('Home tab not shown');
  });
});
