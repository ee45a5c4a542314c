import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { begin, openForm, settled, startMirroring, untilPrepared, untimed } from './mirroring.ts';
import { longTest, patience, wordsOf } from './seen.ts';

/** The app's own messages to somebody who is no employee. */
const toldTo = ({ slack }: RunningBridge, user: string) => slack.messages(slack.dmOf(user)).map(wordsOf);

/** A channel that another company reads and writes in, too. */
function share({ slack }: RunningBridge): string {
  const members = ['U0BRIDGE', 'U0ADA', 'U0GRACE', 'U0ALAN', 'U0GUEST', 'U0CONNECT'];
  return slack.workspace.addChannel({ id: 'C0SHARED', name: 'shared', is_ext_shared: true, members }).id;
}

describe('unless an administrator allows more', longTest, () => {
  let bridge: RunningBridge;
  beforeAll(async () => {
    bridge = await startMirroring({ env: { SLACK_TEAMS: 'T0CORP=corp.com' } });
    share(bridge);
  });
  afterAll(() => bridge?.close());

  /** What the menu of a message says instead of a form. */
  async function refusal(user: string, channel: string): Promise<string> {
    const { slack } = bridge;
    const { message } = slack.say('U0GRACE', channel, 'Lunch?');
    await openForm(bridge, user, message);
    const said = await untilPrepared(slack, user);
    expect(slack.viewsOf(user).at(-1)?.submit).toBeNull();
    await slack.closeView(user);
    return said;
  }

  it('a guest cannot mirror a thread, and is told why', async () => {
    expect(await refusal('U0GUEST', 'C0GENERAL')).toContain('guests cannot use the bridge');
  });

  it('nobody can mirror a thread of a channel that is shared with another company, and all are told why', async () => {
    expect(await refusal('U0ADA', 'C0SHARED')).toContain(
      'shared with another company, which would read what is answered in Chatter',
    );
  });

  it('neither a guest nor somebody of another company can be chosen: the field says why', async () => {
    const { slack } = bridge;
    await openForm(bridge, 'U0ADA', slack.say('U0ADA', 'C0GENERAL', 'Lunch?').message);
    for (const [user, why] of [
      ['U0GUEST', 'A Guest is a guest in Slack, and guests cannot use the bridge.'],
      ['U0CONNECT', 'A Stranger is from another organisation (Slack Connect).'],
    ] as const)
      expect((await slack.submitView('U0ADA', { people: [user] })).errors).toEqual({ people: why });
    await slack.closeView('U0ADA');
  });

  it('a guest’s words do not travel, and they are told so once', async () => {
    const { slack } = bridge;
    const mirror = await begin(bridge);
    const { message } = mirror.say('U0GUEST', 'Can you hear me?');
    mirror.say('U0GUEST', 'Hello?');
    await expect.poll(() => toldTo(bridge, 'U0GUEST').length, patience).toBe(1);
    await slack.edit('U0GUEST', message, 'Can anybody hear me?').delivered;
    await slack.delete('U0GUEST', message).delivered;
    mirror.say('ada', 'I can.');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: I can.');
    await settled(bridge);
    expect(toldTo(bridge, 'U0GUEST').join()).toContain('*That stays in Slack.*');
    expect(toldTo(bridge, 'U0GUEST').join()).toContain('guests cannot use the bridge');
    expect(toldTo(bridge, 'U0GUEST')).toHaveLength(1);
    expect(mirror.inChatter()).toHaveLength(2);
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('what a guest wrote before is not brought along, and they are not bothered with it', async () => {
    const { slack } = bridge;
    const { message: root } = slack.say('U0ADA', 'C0GENERAL', 'the root');
    slack.say('U0GUEST', 'C0GENERAL', 'a guest', { thread_ts: root.ts });
    slack.say('U0ALAN', 'C0GENERAL', 'no guest', { thread_ts: root.ts });
    const told = toldTo(bridge, 'U0GUEST').length;
    const mirror = await begin(bridge, { root, bring: 'all' });
    await settled(bridge);
    expect(mirror.inChatter().map(untimed)).toEqual([
      'Ada Lovelace: the root',
      'Chatter Bridge: Alan Turing (in Slack): no guest',
    ]);
    expect(toldTo(bridge, 'U0GUEST')).toHaveLength(told);
  });

  it('somebody whose address is in no approved domain is spoken for, and never taken for a Salesforce user', async () => {
    const { slack, salesforce } = bridge;
    slack.workspace.users.set('U0OTHER', {
      ...slack.workspace.user('U0ALAN'),
      id: 'U0OTHER',
      real_name: 'Al Othername',
      email: 'al@corp.example',
    });
    slack.join('U0OTHER', 'C0GENERAL');
    const mirror = await begin(bridge);
    // The same address belongs to somebody who is in the conversation.
    salesforce.changeUser(mirror.reader.id, { email: 'al@corp.example' });
    mirror.say('U0OTHER', 'Who am I?');
    await expect
      .poll(() => mirror.inChatter().at(-1), patience)
      .toBe('Chatter Bridge: Al Othername (in Slack): Who am I?');
  });
});

describe('with SLACK_CONNECT, in the channels that it names', longTest, () => {
  let bridge: RunningBridge;
  let channel: string;
  beforeAll(async () => {
    bridge = await startMirroring({ env: { SLACK_CONNECT: 'C0SHARED' } });
    channel = share(bridge);
  });
  afterAll(() => bridge?.close());

  it('a thread can be mirrored, and the bridge speaks for guests and for people of the other company', async () => {
    const mirror = await begin(bridge, { channel });
    mirror.say('U0GUEST', 'From a guest');
    mirror.say('U0CONNECT', 'From elsewhere');
    mirror.say('grace', 'From here');
    await expect
      .poll(() => mirror.inChatter().slice(1), patience)
      .toEqual([
        'Chatter Bridge: A Guest (in Slack): From a guest',
        'Chatter Bridge: A Stranger (in Slack): From elsewhere',
        'Grace Hopper: From here',
      ]);
    mirror.type('reader', 'To everybody');
    await expect.poll(() => mirror.inSlack().at(-1), patience).toContain('To everybody');
    await settled(bridge);
  });

  it('a guest cannot begin one all the same, nor a guest elsewhere speak in one', async () => {
    const { slack } = bridge;
    const { message } = slack.say('U0GUEST', channel, 'Lunch?');
    await openForm(bridge, 'U0GUEST', message);
    expect(await untilPrepared(slack, 'U0GUEST')).toContain('guests cannot use the bridge');
    const mirror = await begin(bridge);
    await mirror.say('U0GUEST', 'And here?').delivered;
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(1);
  });
});
