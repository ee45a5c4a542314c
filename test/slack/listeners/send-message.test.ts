import { describe, expect, it } from 'vitest';
import type { Message } from '../../../sandbox/slack/shapes.ts';
import { checkView } from '../../../sandbox/slack/view-check.ts';
import type { FilledIn } from '../../../sandbox/slack/view-state.ts';
import { laneOf } from '../../../src/bridge/lane.ts';
import type { WrittenMessage } from '../../../src/bridge/message.ts';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import { createSlackLookUps } from '../../../src/slack/slack.ts';
import { openGates } from '../../setup/open-gates.ts';
import { memoryLog, startEdge } from '../edge.ts';
import { user } from '../fake-mirror.ts';
import { fieldOf, opened, textOf } from './in-form.ts';

const ADA = 'T0CORP-U0ADA' as ChatPersonId;
const GRACE = { kind: 'person' as const, id: 'T0CORP-U0GRACE' as ChatPersonId };

async function start() {
  const edge = await startEdge();
  const { slack } = edge;
  const { people } = createSlackLookUps({
    ...slack,
    teams: new Map(),
    gates: openGates,
    log: memoryLog().log,
  });
  /** Opens Ada's form about a message. */
  const openOn = (message: Message) => opened(slack, 'U0ADA', 'send_message', message);
  const submit = (filledIn: FilledIn = { people: ['U0GRACE'] }) => slack.submitView('U0ADA', filledIn);
  /** What Chatter will get of the one message that was taken. */
  const sent = async () => {
    const [taken] = edge.core.taken;
    return taken && people.plainText(taken.incoming.message as WrittenMessage);
  };
  return { ...edge, openOn, submit, sent };
}

describe('Send to Chatter, in the menu of a message', () => {
  it('shows one’s own message as it will be, and sends it as it was written', async () => {
    const { slack, core, openOn, submit, sent } = await start();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'lunch, @grace? https://a.com');
    const form = await openOn(message);
    expect(textOf(form)).toContain('lunch, @Grace Hopper?');
    const { body, payload } = await submit({ people: ['U0GRACE', 'U0ADA'], users: [user(7)] });
    const people = [GRACE, { kind: 'user' as const, id: user(7), name: user(7) }];
    expect(core.taken).toMatchObject([
      {
        redelivered: true,
        incoming: {
          id: `view-T0CORP-${form.id}`,
          lane: laneOf(ADA, people),
          message: { v: 1, author: ADA, text: message.text, to: { kind: 'people', people } },
        },
      },
    ]);
    expect(core.taken[0]?.incoming.message).not.toHaveProperty('answer');
    expect(await sent()).toBe('lunch, @Grace Hopper? https://a.com');
    expect(payload).toMatchObject({ view: { id: form.id } });
    expect(checkView(JSON.parse(body).view, true)).toEqual([]);
    expect(textOf(slack.viewsOf('U0ADA')[0])).toContain('The confirmation comes in your direct messages');
  });

  it('says whose words it is when they are somebody else’s, and where they were written', async () => {
    const { slack, openOn, submit, sent } = await start();
    const { message } = slack.say('U0ALAN', 'C0GENERAL', 'tea & cake?');
    expect(textOf(await openOn(message))).toContain('Alan Turing wrote in #general:\ntea &amp; cake?');
    await submit();
    expect(await sent()).toBe('Alan Turing wrote in #general:\ntea & cake?');
  });

  it.each([
    ['a private channel', 'G0SECRET', 'Alan Turing wrote in a private channel:'],
    ['a private channel that the app does not see', 'G0CLOSED', 'Alan Turing wrote in a private channel:'],
  ])('never names %s', async (_where, channel, line) => {
    const { slack, openOn, submit, sent } = await start();
    slack.join('U0ADA', channel);
    await openOn(slack.say('U0ALAN', channel, 'tea?').message);
    await submit();
    expect(await sent()).toBe(`${line}\ntea?`);
    expect(JSON.stringify(slack.viewsOf('U0ADA'))).not.toMatch(/secret|closed/);
  });

  it('names a guest, and an app, as whoever reads the channel does', async () => {
    const { slack, openOn } = await start();
    const { message } = slack.say('U0GUEST', 'C0GENERAL', 'hello');
    expect(textOf(await openOn(message))).toContain('A Guest wrote in #general:');
    await slack.submitView('U0ADA', { people: ['U0GRACE'] });
    const robot = slack.sayAsBot('C0GENERAL', 'deployed', { classic: true }).message;
    expect(textOf(await openOn({ ...robot, username: 'Deployer' }))).toContain('Deployer wrote in #general:');
  });

  it('brings lists and files along, below that line', async () => {
    const { slack, openOn, submit, sent } = await start();
    const item = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
    const list = { type: 'rich_text_list', style: 'ordered', elements: [item('one'), item('two')] };
    const file = {
      id: 'F1',
      name: 'plan.pdf',
      title: 'plan.pdf',
      pretty_type: 'PDF',
      filetype: 'pdf',
      size: 1_000,
      permalink: 'https://corp.slack.com/files/U/F1/plan.pdf',
    };
    const { message } = slack.say('U0ALAN', 'C0GENERAL', 'one\ntwo', {
      blocks: [{ type: 'rich_text', elements: [list] }],
      files: [file],
    });
    await openOn(message);
    await submit();
    expect(await sent()).toMatch(/^Alan Turing wrote in #general:\n1\. one\n2\. two\n.*plan\.pdf.*https:/s);
  });

  it('carries a message of any length', async () => {
    const { slack, openOn, submit, sent } = await start();
    const text = 'all work & no play '.repeat(1_900);
    await openOn(slack.say('U0ADA', 'C0GENERAL', text).message);
    await submit();
    expect(await sent()).toBe(text);
  });

  it('says so when there is nothing in it', async () => {
    const { slack, openOn } = await start();
    const view = await openOn(slack.say('U0ADA', 'C0GENERAL', ' ').message);
    expect(textOf(view)).toContain(mirrorWords.nothingInIt);
  });

  it('is not for guests: they are told before they choose anybody', async () => {
    const { slack } = await start();
    const { message } = slack.say('U0GUEST', 'C0GENERAL', 'hello');
    const view = await opened(slack, 'U0GUEST', 'send_message', message);
    expect(textOf(view)).toContain('guests cannot use the bridge');
    expect(view.submit).toBeNull();
  });

  it('forgets the message when the form is closed, and soon after it was sent', async () => {
    const { slack, openOn, submit, drafts } = await start();
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'lunch?');
    await openOn(message);
    expect(drafts.size).toBe(1);
    await slack.closeView('U0ADA');
    await expect.poll(() => drafts.size).toBe(0);
    const form = await openOn(message);
    await submit();
    await expect.poll(() => [...drafts.keys()]).toContain(`faded ${form.id}`);
  });

  it('asks to open it again when the message is gone', async () => {
    const { slack, core, openOn, submit, drafts } = await start();
    await openOn(slack.say('U0ADA', 'C0GENERAL', 'lunch?').message);
    drafts.clear();
    expect((await submit()).errors).toEqual({ people: mirrorWords.stale });
    expect(core.taken).toEqual([]);
  });
});

describe('New Chatter message, among the shortcuts', () => {
  it('asks for people and a text, and sends what was typed, character for character', async () => {
    const { slack, core, submit, sent } = await start();
    const form = await opened(slack, 'U0ADA', 'compose');
    expect(fieldOf(form, 'text')).toMatchObject({ type: 'plain_text_input', multiline: true });
    expect(fieldOf(form, 'people')).toMatchObject({ max_selected_items: 9 });
    const text = 'is 1 < 2 & 3 > 2?\n<@U0GRACE> <!channel>';
    expect((await submit({ people: ['U0GRACE'], text })).errors).toBeUndefined();
    expect(core.taken[0]?.incoming).toMatchObject({
      id: `view-T0CORP-${form.id}`,
      lane: laneOf(ADA, [GRACE]),
      message: { author: ADA, to: { people: [GRACE] } },
    });
    expect(await sent()).toBe(text);
    expect(textOf(slack.viewsOf('U0ADA')[0])).toContain('The confirmation comes in your direct messages');
  });

  it.each([
    ['nobody', { text: 'lunch?' }, { people: mirrorWords.nobody }],
    ['oneself alone', { people: ['U0ADA'], text: 'lunch?' }, { people: mirrorWords.nobody }],
    ['no words', { people: ['U0GRACE'], text: ' \n' }, { text: mirrorWords.noText }],
    [
      'ten people',
      { people: Array.from({ length: 9 }, (_, n) => `U${n}`), users: [user(9)], text: 'lunch?' },
      { users: mirrorWords.tooMany(9, 10) },
    ],
  ])('with %s is corrected on the field', async (_what, filledIn, mistakes) => {
    const { slack, core, submit } = await start();
    await opened(slack, 'U0ADA', 'compose');
    expect((await submit(filledIn)).errors).toEqual(mistakes);
    expect(slack.viewsOf('U0ADA')).toHaveLength(1);
    expect(core.taken).toEqual([]);
  });

  it.each([
    ['refused', /press again/],
    ['unsure', /not sure yet/],
    ['person-full', /^Nothing was sent: 5,000/],
    ['bridge-full', /^Nothing was sent: too many/],
  ] as const)(
    'stays open when it is %s, and is sent once however often it is pressed',
    async (taken, said) => {
      const { slack, core, submit } = await start();
      await opened(slack, 'U0ADA', 'compose');
      const filledIn = { people: ['U0GRACE'], text: 'lunch?' };
      core.answers.taken = taken;
      expect((await submit(filledIn)).errors).toEqual({ people: expect.stringMatching(said) });
      core.answers.taken = 'stored';
      expect((await submit(filledIn)).errors).toBeUndefined();
      expect(new Set(core.asked).size).toBe(1);
    },
  );

  it('is stored before it is answered', async () => {
    const { slack, core, submit } = await start();
    await opened(slack, 'U0ADA', 'compose');
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    let isAnswered = false;
    const submitted = submit({ people: ['U0GRACE'], text: 'lunch?' }).then(() => {
      isAnswered = true;
    });
    await expect.poll(() => core.asked).toHaveLength(1);
    expect(isAnswered).toBe(false);
    store();
    await submitted;
  });

  it('is an error to Slack when no form could be opened, as there is nowhere else to say it', async () => {
    const { slack } = await start();
    slack.faults.arm({ method: 'views.open', kind: 'status', status: 500 });
    expect(await slack.shortcut('U0ADA', 'compose')).toMatchObject({ status: 500 });
  });
});
