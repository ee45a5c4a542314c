import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { begin, type Mirrored, readAgain, settled, startMirroring } from './mirroring.ts';
import { command, longTest, notes, patience, told, wordsOf } from './seen.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startMirroring();
});
afterEach(() => {
  bridge.slack.faults.clear();
  bridge.salesforce.faults.clear();
});
afterAll(() => bridge?.close());

/** The last lines in Chatter, once there are so many after the root. */
async function lines(mirror: Mirrored, count: number): Promise<string[]> {
  await expect.poll(() => mirror.inChatter().length, patience).toBe(1 + count);
  return mirror.inChatter().slice(1);
}

describe('what is written in a mirrored thread', longTest, () => {
  it('goes to Chatter in order: as themselves by who takes part, by the bridge for everybody else', async () => {
    const mirror = await begin(bridge);
    for (const [writer, text] of [
      ['ada', 'one'],
      ['alan', 'two'],
      ['grace', 'three'],
      ['alan', 'four'],
      ['ada', 'five'],
    ] as const)
      mirror.say(writer, text);
    expect(await lines(mirror, 5)).toEqual([
      'Ada Lovelace: one',
      'Chatter Bridge: Alan Turing (in Slack): two',
      'Grace Hopper: three',
      'Chatter Bridge: Alan Turing (in Slack): four',
      'Ada Lovelace: five',
    ]);
    // Each of them to all others: it is one conversation.
    expect(new Set(mirror.conversation().map(({ recipientIds }) => recipientIds.length))).toEqual(
      new Set([3]),
    );
  });

  it('is never shown in its thread again, whoever has said it in Chatter', async () => {
    const mirror = await begin(bridge);
    mirror.say('ada', 'mine');
    mirror.say('alan', 'not mine');
    await lines(mirror, 2);
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('is not shown again, either, when its answer was lost and it was found by looking', async () => {
    const mirror = await begin(bridge);
    bridge.salesforce.faults.arm({ do: 'drop-after', kind: 'post', text: 'in doubt', times: 2 });
    mirror.say('ada', 'in doubt');
    mirror.say('alan', 'in doubt, too');
    expect(await lines(mirror, 2)).toEqual([
      'Ada Lovelace: in doubt',
      'Chatter Bridge: Alan Turing (in Slack): in doubt, too',
    ]);
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('is once in Chatter however often Slack brings it, also to the channel', async () => {
    const mirror = await begin(bridge);
    bridge.slack.faults.arm({ method: 'events', kind: 'two-ids', times: 2 });
    await mirror.say('ada', 'twice').delivered;
    await mirror.say('grace', 'for all', { subtype: 'thread_broadcast' }).delivered;
    expect(await lines(mirror, 2)).toEqual(['Ada Lovelace: twice', 'Grace Hopper: for all']);
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(3);
  });

  it('is not what other apps say there', async () => {
    const mirror = await begin(bridge);
    const thread_ts = mirror.root.ts;
    await bridge.slack.sayAsBot('C0GENERAL', 'beep', { thread_ts }).delivered;
    await bridge.slack.sayAsBot('C0GENERAL', 'beep', { thread_ts, classic: true }).delivered;
    await settled(bridge);
    expect(mirror.inChatter()).toHaveLength(1);
  });

  it('reads as what it means: /me, lists, mentions, files', async () => {
    const mirror = await begin(bridge);
    const item = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
    const list = { type: 'rich_text_list', style: 'ordered', elements: [item('tea'), item('cake')] };
    mirror.say('ada', 'waves', { subtype: 'me_message' });
    mirror.say('alan', 'tea\ncake', { blocks: [{ type: 'rich_text', elements: [list] }] });
    mirror.say('grace', 'ask @ada');
    const permalink = 'https://corp.slack.com/files/U0ADA/F1/plan.pdf';
    mirror.say('ada', '', {
      files: [{ id: 'F1', title: 'plan.pdf', size: 2_048, pretty_type: 'PDF', permalink }],
    });
    const [me, listed, asked, file] = await lines(mirror, 4);
    expect([me, listed, asked]).toEqual([
      'Ada Lovelace: *Ada Lovelace waves*',
      'Chatter Bridge: Alan Turing (in Slack): 1. tea\n2. cake',
      'Grace Hopper: ask @Ada Lovelace',
    ]);
    expect(file).toContain('plan.pdf');
    expect(file).toContain(permalink);
  });
});

describe('what is answered in Chatter', longTest, () => {
  it('appears in the thread under its writer’s name, in order, once', async () => {
    const mirror = await begin(bridge);
    mirror.type('reader', 'From *Joan*');
    mirror.type('grace', 'From <Grace>');
    mirror.type('reader', 'Once more');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(4);
    await readAgain(bridge);
    const [, ...shown] = mirror.inSlack();
    expect(shown).toHaveLength(3);
    for (const [n, name, words] of [
      [0, mirror.reader.name, 'From *Joan*'],
      [1, 'Grace Hopper', 'From <Grace>'],
      [2, mirror.reader.name, 'Once more'],
    ] as const) {
      expect(shown[n]).toContain(name);
      expect(shown[n]).toContain(words);
    }
  });

  it('is shown, too, when somebody who writes in the thread types it there themselves', async () => {
    const mirror = await begin(bridge);
    mirror.say('ada', 'From the thread');
    await lines(mirror, 1);
    mirror.type('ada', 'From Chatter');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(2);
    expect(mirror.inSlack()[1]).toContain('Ada Lovelace');
    expect(mirror.inSlack()[1]).toContain('From Chatter');
    expect(mirror.inSlack()[1]).not.toContain('You, in Chatter');
  });

  it('is plain text there: links live, and nothing in it alerts, mentions or formats', async () => {
    const mirror = await begin(bridge);
    mirror.type('reader', '<!channel> <@U0ADA> *b* & <b>\nsee https://corp.com/a?b=1&c=2');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(2);
    const [, , shown] = bridge.slack.thread('C0GENERAL', mirror.root.ts);
    const all = JSON.stringify(shown?.blocks);
    expect(all).toContain('"type":"link","url":"https://corp.com/a?b=1&c=2"');
    expect(all).not.toMatch(/"type":"(broadcast|user|usergroup|channel)"/);
    expect(mirror.inSlack()[1]).toContain('<!channel> <@U0ADA> *b* & <b>');
    // What is shown where blocks are not.
    expect(shown?.text).not.toMatch(/<[!@]/);
  });

  it('waits where Slack wants to be left alone, in order, and holds nothing that goes to Chatter', async () => {
    const mirror = await begin(bridge);
    const limit = { kind: 'rate-limited', retryAfterSeconds: 1, channel: 'C0GENERAL' } as const;
    bridge.slack.faults.arm({ ...limit, method: 'chat.postMessage' });
    for (const text of ['one', 'two']) mirror.type('reader', text);
    await expect.poll(() => bridge.slack.faults.active(), patience).toEqual([]);
    mirror.say('ada', 'three');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Ada Lovelace: three');
    expect(mirror.inSlack()).toHaveLength(1);
    await expect.poll(() => mirror.inSlack().slice(1).join(' '), patience).toMatch(/one.*two/s);
  });

  it('never goes back to Chatter', async () => {
    const mirror = await begin(bridge);
    mirror.type('reader', 'There and not back');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(2);
    await settled(bridge);
    expect(mirror.inChatter().filter((line) => line.includes('not back'))).toHaveLength(1);
  });

  it('is found again when Slack’s answer was lost: shown once', async () => {
    const mirror = await begin(bridge);
    bridge.slack.faults.arm({ method: 'chat.postMessage', kind: 'drop-after', channel: 'C0GENERAL' });
    mirror.type('reader', 'Once all the same');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(2);
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(2);
  });

  it('reaches nobody’s own conversation with the app', async () => {
    const said = () => (['ada', 'grace', 'alan'] as const).map((name) => told(bridge, name));
    const mirror = await begin(bridge);
    await settled(bridge);
    const before = said();
    mirror.type('reader', 'For the thread');
    mirror.type('ada', 'For the thread as well');
    await expect.poll(() => mirror.inSlack().length, patience).toBe(3);
    await readAgain(bridge);
    expect(said()).toEqual(before);
  });
});

describe('a private conversation among people of a mirror', longTest, () => {
  it('stays private: in Chatter it is another one, and nothing of it reaches the thread', async () => {
    const mirror = await begin(bridge);
    await command(bridge, '@grace just between us');
    await expect.poll(() => notes(bridge, 'just between us'), patience).toHaveLength(1);
    bridge.salesforce.type(bridge.salesforceId('grace'), { to: [bridge.salesforceId('ada')] }, 'just us two');
    await expect.poll(() => notes(bridge, 'just us two'), patience).toHaveLength(1);
    // The same people without the bridge's own user, and somebody who writes to that one alone.
    const { reader } = mirror;
    bridge.salesforce.type(
      reader.id,
      { to: ['ada', 'grace'].map((name) => bridge.salesforceId(name as 'ada')) },
      'us three',
    );
    const own = bridge.salesforce.users.find(({ name }) => name === 'Chatter Bridge')?.id ?? '';
    bridge.salesforce.type(reader.id, { to: [own] }, 'to the bridge');
    await readAgain(bridge);
    expect(mirror.inSlack()).toHaveLength(1);
    expect(JSON.stringify(bridge.slack.messages('C0GENERAL'))).not.toMatch(
      /between us|us two|us three|to the bridge/,
    );
  });
});

describe('who is not in the conversation', longTest, () => {
  const SPEAKS = '*The bridge speaks for you.*';

  it('is told once that the bridge speaks for them, and why they cannot be added', async () => {
    const mirror = await begin(bridge);
    const before = notes(bridge, SPEAKS, 'alan').length;
    mirror.say('alan', 'one');
    mirror.say('alan', 'two');
    await lines(mirror, 2);
    await expect.poll(() => notes(bridge, SPEAKS, 'alan').length, patience).toBe(before + 1);
    await settled(bridge);
    const note = notes(bridge, SPEAKS, 'alan').map(wordsOf);
    expect(note).toHaveLength(before + 1);
    expect(note.at(-1)).toContain(`with Ada Lovelace, Grace Hopper and ${mirror.reader.name}`);
    expect(note.at(-1)).toContain('Chatter fixes the people of a conversation with its first message');
    // Whoever is in it hears nothing of that kind, and the thread does not, either.
    expect(notes(bridge, SPEAKS, 'grace')).toEqual([]);
    expect(mirror.inSlack()).toHaveLength(1);
  });

  it('is spoken for, too, when they have no Salesforce user, or have opted out', async () => {
    const mirror = await begin(bridge, { people: ['grace'] });
    await command(bridge, 'opt-out', 'grace');
    mirror.say('grace', 'opted out');
    bridge.slack.join('U0NOMAIL', 'C0GENERAL');
    mirror.say('U0NOMAIL', 'nowhere to be found');
    expect(await lines(mirror, 2)).toEqual([
      'Chatter Bridge: Grace Hopper (in Slack): opted out',
      'Chatter Bridge: No Mail (in Slack): nowhere to be found',
    ]);
    await command(bridge, 'opt-in', 'grace');
    mirror.say('grace', 'opted in');
    await expect.poll(() => mirror.inChatter().at(-1), patience).toBe('Grace Hopper: opted in');
  });
});

describe('a message that Chatter has', longTest, () => {
  it('is marked when Slack takes marks again; nothing waits for that', async () => {
    const mirror = await begin(bridge);
    bridge.slack.faults.arm({ method: 'reactions.add', kind: 'rate-limited', retryAfterSeconds: 1 });
    const said = ['one', 'two', 'three'].map((text) => mirror.say('ada', text).message);
    expect(await lines(mirror, 3)).toEqual(['Ada Lovelace: one', 'Ada Lovelace: two', 'Ada Lovelace: three']);
    await expect.poll(() => said.map(({ reactions }) => reactions?.length), patience).toEqual([1, 1, 1]);
  });

  it('is marked in the thread', async () => {
    const mirror = await begin(bridge);
    const { message } = mirror.say('ada', 'mark me');
    const relayed = mirror.say('alan', 'and me').message;
    await expect
      .poll(() => [message, relayed].map(({ reactions }) => reactions?.[0]?.name), patience)
      .toEqual(['white_check_mark', 'white_check_mark']);
  });
});
