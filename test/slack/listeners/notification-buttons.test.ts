import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/bridge/notification.ts';
import type { NotificationId } from '../../../src/bridge/people.ts';
import { notifyWords } from '../../../src/slack/notify-words.ts';
import { words } from '../../../src/slack/words.ts';
import { startEdge } from '../edge.ts';
import { ADA } from './in-notify.ts';

const report: Report = {
  id: 'n1' as NotificationId,
  by: ADA,
  createdAtMs: Date.UTC(2030, 4, 6, 12),
  state: 'done',
  people: [{ name: 'Zoë', email: 'zoe@corp.com', outcome: 'delivered' }],
  leftOut: [],
};

/** A report in Ada's conversation with the app, with all the buttons that there are. */
async function start(value = 'n1') {
  const edge = await startEdge();
  const { slack, core } = edge;
  core.answers.report = report;
  const elements = ['stop', 'resume', 'retry', 'csv'].map((what) => ({
    type: 'button',
    action_id: `${what}_notification`,
    value,
  }));
  const shown = slack.workspace.add({
    channel: slack.dmOf('U0ADA'),
    user: 'U0BRIDGE',
    text: 'report',
    blocks: [{ type: 'actions', block_id: 'b', elements }],
  });
  const press = (what: string, by = 'U0ADA') => slack.press(by, shown, `${what}_notification`);
  const told = (to = 'U0ADA') => slack.ephemeralsOf(to).map(({ text }) => text);
  const files = () => slack.messages(slack.dmOf('U0ADA')).flatMap((message) => message.files ?? []);
  return { ...edge, press, told, files, shown, ...core.notifying };
}

describe('the buttons of a report', () => {
  it.each([
    ['stop', notifyWords.stopped],
    ['resume', notifyWords.resumed],
    ['retry', notifyWords.retried(3)],
  ])('%s is done before Slack is answered, and said to whoever has pressed', async (what, said) => {
    const { core, press, told, decided, shown } = await start();
    core.answers.retried = 3;
    const before = JSON.stringify(shown);
    expect(await press(what)).toMatchObject({ status: 200 });
    expect(decided).toEqual([{ what, id: 'n1', by: ADA }]);
    await expect.poll(told).toEqual([said]);
    expect(JSON.stringify(shown)).toBe(before);
  });

  it.each([
    ['stop', notifyWords.notStopped],
    ['resume', notifyWords.notResumed],
    ['retry', notifyWords.notRetried],
  ])('%s says so when there is nothing to do, or it is another’s', async (what, said) => {
    const { core, press, told } = await start();
    core.answers.isTheirs = false;
    await press(what, 'U0GRACE');
    await expect.poll(() => told('U0GRACE')).toEqual([said]);
  });

  it('answers Slack in time however many there are to try again, and says it then', async () => {
    const { core, press, told } = await start();
    let finish = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      finish = resolve;
    });
    core.answers.retried = 400;
    const { status, ms } = await press('retry');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2_400);
    expect(told()).toEqual([]);
    finish();
    await expect.poll(told).toEqual(['Trying again: 400 messages.']);
  });

  it('says so when nothing could be stored', async () => {
    const { core, press, told } = await start();
    core.answers.broken = true;
    expect(await press('stop')).toMatchObject({ status: 200 });
    await expect.poll(told).toEqual([words.notStored]);
  });

  it.each(['', ' ', '{}', 'n'.repeat(400)])('does nothing with %j for a notification', async (value) => {
    const { press, decided } = await start(value);
    expect(await press('stop')).toMatchObject({ status: 200 });
    expect(decided).toEqual([]);
  });
});

describe('CSV', () => {
  it('comes as a file into the conversation with the app', async () => {
    const { slack, press, files, told } = await start();
    expect(await press('csv')).toMatchObject({ status: 200 });
    await expect.poll(files).toHaveLength(1);
    const [file] = files();
    expect(file).toMatchObject({ name: 'notification-2030-05-06.csv', title: 'Notification of 2030-05-06' });
    expect(slack.fileText(String(file?.id))).toBe(
      'name,e-mail,outcome,reason\r\nZoë,zoe@corp.com,delivered,\r\n',
    );
    expect(told()).toEqual([]);
  });

  it('is its sender’s alone', async () => {
    const { slack, core, press, told } = await start();
    await press('csv', 'U0GRACE');
    await expect.poll(() => told('U0GRACE')).toEqual([notifyWords.noReport]);
    core.answers.report = undefined;
    await press('csv');
    await expect.poll(told).toEqual([notifyWords.noReport]);
    expect(slack.calls.filter(({ method }) => method.startsWith('files.'))).toEqual([]);
  });

  it.each([
    [
      'files.getUploadURLExternal',
      { kind: 'error', error: 'missing_scope' },
      /needs an administrator \(missing_scope\)/,
    ],
    ['upload', { kind: 'status', status: 500 }, /did not take the file/],
    ['upload', { kind: 'drop-before' }, /did not take the file/],
    ['files.completeUploadExternal', { kind: 'error', error: 'internal_error' }, /did not answer properly/],
  ] as const)('says why when Slack does not take it: %s %j', async (method, fault, said) => {
    const { slack, press, files, told } = await start();
    slack.faults.arm({ method, ...fault });
    expect(await press('csv')).toMatchObject({ status: 200 });
    await expect.poll(told).toEqual([expect.stringMatching(said)]);
    expect(told()[0]).toMatch(/^The CSV could not be sent\./);
    expect(files()).toEqual([]);
    await press('csv');
    await expect.poll(files).toHaveLength(1);
  });
});
