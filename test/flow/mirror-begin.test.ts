import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBridge, startBridge } from './bridge.ts';
import { begin, newReader, openForm, settled, submit, untilPrepared } from './mirroring.ts';
import { longTest, notes, patience, told, wordsOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

const own = () => bridge.salesforce.users.find(({ name }) => name === 'Chatter Bridge')?.id ?? '';

describe('a mirror that is begun in the menu of a message', longTest, () => {
  it('is a conversation of the bridge’s own user, its starter, and whoever was chosen on either side', async () => {
    const mirror = await begin(bridge);
    const [first] = mirror.conversation();
    expect(first?.senderId).toBe(own());
    expect([...(first?.recipientIds ?? [])].sort()).toEqual(
      [bridge.salesforceId('ada'), bridge.salesforceId('grace'), mirror.reader.id].sort(),
    );
  });

  it('says in Chatter first that it is mirrored, by whom, and where', async () => {
    const mirror = await begin(bridge);
    const text = mirror.conversation()[0]?.text ?? '';
    expect(text).toMatch(/^Ada Lovelace has mirrored a Slack thread here\./);
    expect(text).toContain('in #general, for everybody there to read');
    expect(text).toContain(`https://corp.slack.com/archives/C0GENERAL/p${mirror.root.ts.replace('.', '')}`);
  });

  it('says in its thread, once and for all to see, with whom, by whom, how it is stopped, and where it goes on', async () => {
    const { slack } = bridge;
    const mirror = await begin(bridge);
    await settled(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
    const [notice = ''] = mirror.inSlack();
    expect(notice).toContain(`with Ada Lovelace, Grace Hopper and ${mirror.reader.name}`);
    expect(notice).toContain('Started by Ada Lovelace');
    expect(notice).toContain('`/chatter-dm stop`');
    expect(notice).toContain('Stop mirroring');
    const shown = JSON.stringify(slack.thread('C0GENERAL', mirror.root.ts).at(-1));
    expect(shown).toContain(
      `https://bridge.corp.com/conversations/${mirror.conversation()[0]?.conversationId}`,
    );
  });

  it('is of the whole thread, also when a reply’s menu was used', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0GRACE', 'C0GENERAL', 'Who brings the cake?');
    const { message: on } = slack.say('U0ALAN', 'C0GENERAL', 'Not me.', { thread_ts: root.ts });
    const mirror = await begin(bridge, { root, on });
    await expect.poll(mirror.inChatter, patience).toHaveLength(1);
    expect(mirror.inChatter()[0]).toMatch(/^Grace Hopper: \(sent .*\) Who brings the cake\?$/);
    await mirror.say('ada', 'Me neither.').delivered;
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: Me neither.');
  });

  it('tells readers elsewhere nothing of a private channel, and says so in its thread all the same', async () => {
    const mirror = await begin(bridge, { channel: 'G0SECRET', people: ['alan'] });
    expect(mirror.conversation()[0]?.text).toContain('in a private channel, for everybody there to read');
    expect(JSON.stringify(mirror.conversation())).not.toContain('secret');
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('may be of a group conversation that the app is in', async () => {
    const channel = bridge.slack.openGroupDm('U0ADA', 'U0ALAN', 'U0BRIDGE');
    const mirror = await begin(bridge, { channel, people: ['grace'] });
    expect(mirror.conversation()[0]?.text).toContain('in a group conversation');
    await mirror.say('alan', 'Hello.').delivered;
    await expect
      .poll(() => mirror.inChatter().at(-1), patience)
      .toBe('Chatter Bridge: Alan Turing (in Slack): Hello.');
  });

  it('has room for eight beside its starter', async () => {
    const { slack, salesforce } = bridge;
    const users = Array.from({ length: 7 }, () => newReader(bridge));
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'All hands');
    await openForm(bridge, 'U0ADA', message);
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: users.map(({ id }) => id), bring: 'root' });
    const first = () =>
      salesforce.messages().find(({ recipientIds }) => recipientIds.includes(users[6]?.id ?? ''));
    await expect.poll(() => first()?.recipientIds, patience).toHaveLength(9);
  });

  it('puts nothing into anybody’s own conversation with the app', async () => {
    const said = () => ['ada', 'grace', 'alan'].map((name) => told(bridge, name as 'ada').filter(isNoNotice));
    const before = said();
    const mirror = await begin(bridge);
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(1);
    expect(said()).toEqual(before);
  });

  const isNoNotice = (words: string): boolean => !words.includes('now sends Chatter private messages as you');
});

describe('a mistake in its form', longTest, () => {
  /** What the form says about what is filled in, by field. */
  async function mistakes(filledIn: Record<string, readonly string[]>) {
    const { slack } = bridge;
    const { message } = slack.say('U0ADA', 'C0GENERAL', 'Lunch?');
    await openForm(bridge, 'U0ADA', message);
    const { errors } = await slack.submitView('U0ADA', filledIn);
    expect(slack.viewsOf('U0ADA')).toMatchObject([{ callback_id: 'mirror_form' }]);
    await slack.closeView('U0ADA');
    return errors;
  }

  it('is shown on the field that it was made in, and nothing is begun', async () => {
    const { salesforce } = bridge;
    const gone = newReader(bridge, { name: 'Kurt Gone', isActive: false });
    const sent = salesforce.messages().length;
    expect(await mistakes({ people: ['U0NOMAIL'] })).toEqual({
      people: 'No Mail has no e-mail address in Slack.',
    });
    expect(await mistakes({ people: ['U0GRACE'], users: [gone.id] })).toEqual({
      users: expect.stringContaining('Kurt Gone'),
    });
    expect(await mistakes({ people: ['U0ROBOT'], users: [gone.id] })).toEqual({
      people: 'A Robot is an app, not a person.',
      users: expect.stringContaining('Kurt Gone'),
    });
    await settled(bridge);
    expect(salesforce.messages()).toHaveLength(sent);
  });

  it('is the bridge’s own user among those who are chosen', async () => {
    expect(await mistakes({ users: [own()] })).toEqual({ users: expect.any(String) });
  });

  it('is nobody but oneself, also by another name', async () => {
    expect(await mistakes({ users: [bridge.salesforceId('ada')] })).toEqual({
      people: 'Choose somebody other than yourself.',
    });
  });
});

describe('a thread, and a set of people', longTest, () => {
  it('has one live mirror: the menu says with whom and by whom', async () => {
    const { slack } = bridge;
    const mirror = await begin(bridge);
    expect(await slack.shortcut('U0GRACE', 'mirror_thread', mirror.root)).toMatchObject({ status: 200 });
    const said = await untilPrepared(slack, 'U0GRACE');
    expect(said).toContain(`mirrored already,* with Ada Lovelace, Grace Hopper, ${mirror.reader.name}`);
    expect(said).toContain('<@U0ADA> has started that');
    await slack.closeView('U0GRACE');
  });

  it('has one live mirror: just these people are refused in another thread, whoever asks', async () => {
    const { slack } = bridge;
    const { reader } = await begin(bridge);
    const { message } = slack.say('U0GRACE', 'C0GENERAL', 'Another thread');
    await openForm(bridge, 'U0GRACE', message);
    const { errors } = await slack.submitView('U0GRACE', { people: ['U0ADA'], users: [reader.id] });
    expect(errors).toEqual({ people: expect.stringContaining('Just these people have another') });
    await slack.closeView('U0GRACE');
  });

  it('has one live mirror when two ask for it at the same moment: the other one hears of it', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0ADA', 'C0GENERAL', 'Who is first?');
    const joan = newReader(bridge);
    await Promise.all(['U0ADA', 'U0ALAN'].map((by) => openForm(bridge, by, root)));
    await Promise.all([
      submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [joan.id], bring: 'root' }),
      submit(bridge, 'U0ALAN', { people: ['U0GRACE'], users: [joan.id], bring: 'root' }),
    ]);
    const refused = () => [...notes(bridge, '*Not mirrored.*'), ...notes(bridge, '*Not mirrored.*', 'alan')];
    await expect.poll(refused, patience).toHaveLength(1);
    expect(refused().map(wordsOf).join()).toContain('This thread is mirrored already.');
    await settled(bridge);
    const notices = slack.thread('C0GENERAL', root.ts).filter(({ bot_id }) => bot_id !== undefined);
    expect(notices).toHaveLength(1);
  });

  it('is told to whoever asked when the people were taken meanwhile', async () => {
    const { slack } = bridge;
    const joan = newReader(bridge);
    for (const by of ['U0ADA', 'U0GRACE'])
      await openForm(bridge, by, slack.say(by, 'C0GENERAL', `A thread of ${by}`).message);
    await Promise.all([
      submit(bridge, 'U0ADA', { people: ['U0GRACE'], users: [joan.id], bring: 'root' }),
      submit(bridge, 'U0GRACE', { people: ['U0ADA'], users: [joan.id], bring: 'root' }),
    ]);
    const refused = () => [
      ...notes(bridge, 'with just these people'),
      ...notes(bridge, 'with just these people', 'grace'),
    ];
    await expect.poll(refused, patience).toHaveLength(1);
    await settled(bridge);
  });
});

describe('Send to Chatter', longTest, () => {
  it('sends one message without tying its thread', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0ADA', 'C0GENERAL', 'Only this one.');
    await openForm(bridge, 'U0ADA', root, 'send_message');
    await submit(bridge, 'U0ADA', { people: ['U0GRACE'] });
    await expect.poll(() => bridge.texts().at(-1), patience).toBe('Only this one.');
    await slack.say('U0ADA', 'C0GENERAL', 'Not this one.', { thread_ts: root.ts }).delivered;
    await settled(bridge);
    expect(bridge.texts().at(-1)).toBe('Only this one.');
    expect(slack.thread('C0GENERAL', root.ts).some(({ bot_id }) => bot_id !== undefined)).toBe(false);
  });
});

describe('the bridge’s own user', longTest, () => {
  it('cannot be written to: a mirror’s conversation is nobody’s private one', async () => {
    const { slack } = bridge;
    const answered = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'bridge@corp.com hello');
    expect(answered.status).toBe(200);
    await expect.poll(() => notes(bridge, '*Not sent.*').map(wordsOf).join(), patience).toContain('bridge');
    expect(bridge.texts()).not.toContain('hello');
  });
});
