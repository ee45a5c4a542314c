import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import { type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { ChatPersonId, ChatPlaceId } from '../../src/bridge/people.ts';
import { createSlack } from '../../src/slack/slack.ts';
import type { Teams } from '../../src/slack/teams.ts';
import { openGates } from '../setup/open-gates.ts';

async function start(teams: Teams = new Map(), options: SlackOptions = {}) {
  const slack = await startSlack(options);
  onTestFinished(() => slack.close());
  const { botToken, apiUrl } = slack;
  const { people } = await createSlack({
    gates: openGates,
    botToken,
    apiUrl,
    teams,
    connect: new Set(['C0OPEN']),
    log: pino({ level: 'silent' }),
  });
  const person = (user: string) => `T0CORP-${user}` as ChatPersonId;
  return {
    slack,
    find: (user: string, as: 'sender' | 'recipient' = 'recipient') => people.find(person(user), as),
    author: (user: string, channel = 'C0GENERAL') =>
      people.author(person(user), `T0CORP-${channel}` as ChatPlaceId),
    name: (email: string) => people.nameByEmail(email),
    plain: (text: string) =>
      people.plainText({ v: 1, author: person('U0ADA'), text, to: { kind: 'people', people: [] } }),
    callsOf: (method: string) => slack.calls.filter((call) => call.method === method).length,
  };
}

describe('a person', () => {
  it('is found with name, e-mail and time zone', async () => {
    const { find } = await start();
    expect(await find('U0ADA')).toMatchObject({
      id: 'T0CORP-U0ADA',
      name: 'Ada Lovelace',
      email: 'ada@corp.com',
      timeZone: expect.stringMatching(/\w/),
    });
  });

  it.each([
    ['U0ROBOT', 'person-bot', 'A Robot is an app, not a person.', 'A Robot is an app, not a person.'],
    ['U0GUEST', 'person-guest', /^A Guest is a guest/, /^You are a guest/],
    ['U0CONNECT', 'person-stranger', /^A Stranger is from another/, /^You are from another/],
    ['U0GONE', 'person-deactivated', /^Gone Away's account/, /^Your account/],
    ['U0NOMAIL', 'person-without-email', /^No Mail has no e-mail/, /^You have no e-mail/],
    ['U0NOBODY', 'person-unknown', /one of the people named/, /does not know you/],
  ])('%s is refused for good: %s', async (user, code, ofRecipient, ofSender) => {
    const { find } = await start();
    const refusal = { retry: { kind: 'never' }, certain: true, code };
    const saying = (words: string | RegExp) =>
      expect.objectContaining({ ...refusal, sentence: expect.stringMatching(words) });
    await expect(find(user)).rejects.toEqual(saying(ofRecipient));
    await expect(find(user, 'sender')).rejects.toEqual(saying(ofSender));
  });

  it('counts as a stranger by the team alone', async () => {
    const sample = sampleWorkspace();
    const users = [
      ...sample.users,
      { id: 'U0ELSE', name: 'else', real_name: 'E', email: 'e@corp.com', team_id: 'T0ELSE' },
    ];
    const { find } = await start(new Map([['T0CORP', []]]), { seed: { ...sample, users } });
    await expect(find('U0ELSE')).rejects.toMatchObject({ code: 'person-stranger' });
  });

  it.each([
    ['any domain', [], true],
    ['one of several domains', ['else.com', 'CORP.com'], true],
    ['another domain', ['else.com'], false],
    ['a domain that merely ends alike', ['orp.com'], false],
    ['a domain above', ['com'], false],
  ])('is checked against %s', async (_, domains, allowed) => {
    const { find } = await start(new Map([['T0CORP', domains]]));
    if (allowed) await expect(find('U0ADA')).resolves.toMatchObject({ email: 'ada@corp.com' });
    else
      await expect(find('U0ADA')).rejects.toMatchObject({ code: 'person-domain', retry: { kind: 'never' } });
  });

  it('is asked for once, however many want to know', async () => {
    const { find, callsOf } = await start();
    await Promise.all(Array.from({ length: 20 }, () => find('U0ADA')));
    await find('U0ADA', 'sender');
    expect(callsOf('users.info')).toBe(1);
  });

  it('is asked for again soon after Slack failed', async () => {
    const { find, slack, callsOf } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'status', status: 503 });
    await expect(find('U0ADA')).rejects.toMatchObject({ retry: { kind: 'later' }, certain: true });
    await expect.poll(() => find('U0ADA').catch(() => undefined), { timeout: 5_000 }).toBeDefined();
    expect(callsOf('users.info')).toBe(2);
  });

  it('waits as long as Slack wants it to', async () => {
    const { find, slack, callsOf } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'rate-limited', retryAfterSeconds: 30 });
    for (let n = 0; n < 3; n += 1) {
      await expect(find('U0ADA')).rejects.toMatchObject({ retry: { kind: 'after', ms: 30_000 } });
    }
    expect(callsOf('users.info')).toBe(1);
  });
});

describe('somebody who writes in a channel', () => {
  it('is who they are everywhere', async () => {
    const { find, author } = await start();
    const person = await find('U0ADA', 'sender');
    expect(await author('U0ADA')).toEqual({ name: 'Ada Lovelace', timeZone: person.timeZone, person });
  });

  it('is spoken for when the bridge cannot act for them: without an e-mail address', async () => {
    const { author } = await start();
    expect(await author('U0NOMAIL')).toMatchObject({ name: 'No Mail', person: undefined });
  });

  it('is spoken for when the bridge cannot act for them: outside of the domains', async () => {
    const { author } = await start(new Map([['T0CORP', ['else.com']]]));
    expect(await author('U0ADA')).toMatchObject({ name: 'Ada Lovelace', person: undefined });
  });

  it.each([
    ['U0GUEST', 'person-guest', /^You are a guest/, 'A Guest'],
    ['U0CONNECT', 'person-stranger', /^You are from another/, 'A Stranger'],
  ])(
    '%s is refused with the reason, unless an administrator has opened the channel',
    async (user, code, sentence, name) => {
      const { author } = await start();
      await expect(author(user)).rejects.toMatchObject({
        ...{ retry: { kind: 'never' }, certain: true, code },
        sentence: expect.stringMatching(sentence),
      });
      expect(await author(user, 'C0OPEN')).toEqual({ name, timeZone: expect.any(String), person: undefined });
    },
  );

  it.each([
    ['U0ROBOT', 'A Robot'],
    ['U0GONE', 'Gone Away'],
  ])('%s wrote what is brought along, and is spoken for', async (user, name) => {
    const { author } = await start();
    expect(await author(user)).toEqual({ name, timeZone: expect.any(String), person: undefined });
  });

  it('whom Slack does not know is refused', async () => {
    const { author } = await start();
    await expect(author('U0NOBODY')).rejects.toMatchObject({ code: 'person-unknown' });
  });

  it('is waited for while Slack is busy', async () => {
    const { author, slack } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'rate-limited', retryAfterSeconds: 5 });
    await expect(author('U0ADA')).rejects.toMatchObject({ retry: { kind: 'after', ms: 5_000 } });
  });
});

describe('the name of somebody who is known by their e-mail address', () => {
  const at = (email: string) => ({ email, real_name: 'N N', name: 'nn' });
  const sample = sampleWorkspace();
  const seed = {
    ...sample,
    users: [
      ...sample.users,
      { ...at('stranger@corp.com'), id: 'U0S', team_id: 'T0ELSE', is_stranger: true },
      { ...at('elsewhere@corp.com'), id: 'U0E', team_id: 'T0ELSE' },
      { ...at('robot@corp.com'), id: 'U0B', is_bot: true },
    ],
  };

  it('is what they are called in Slack, however the address is written', async () => {
    const { name, slack } = await start();
    expect(await name('grace@corp.com')).toBe('Grace Hopper');
    expect(await name('GRACE@corp.com')).toBe('Grace Hopper');
    expect(slack.messages('C0GENERAL')).toEqual([]);
  });

  it.each([
    ['is only known in Chatter', 'nobody@corp.com'],
    ['has been deactivated', 'gone@corp.com'],
    ['is a guest', 'guest@else.com'],
    ['is from another company', 'stranger@corp.com'],
    ['is in another workspace', 'elsewhere@corp.com'],
    ['is an app', 'robot@corp.com'],
  ])('is not there when somebody %s', async (_, email) => {
    const { name } = await start(new Map([['T0CORP', []]]), { seed });
    expect(await name(email)).toBeUndefined();
  });

  it('is not there outside of the approved domains', async () => {
    const { name } = await start(new Map([['T0CORP', ['else.com']]]));
    expect(await name('grace@corp.com')).toBeUndefined();
  });

  it('is not there when Slack found them by another address', async () => {
    const { name, slack } = await start();
    slack.faults.arm({
      method: 'users.lookupByEmail',
      kind: 'status',
      status: 200,
      body: JSON.stringify({ ok: true, user: { id: 'U0GRACE' } }),
    });
    expect(await name('g.hopper@corp.com')).toBeUndefined();
  });

  it.each([
    ['somebody', 'grace@corp.com'],
    ['nobody', 'nobody@corp.com'],
  ])('is asked for once: %s', async (_, email) => {
    const { name, callsOf } = await start();
    await Promise.all([name(email), name(email)]);
    await name(email);
    expect(callsOf('users.lookupByEmail')).toBe(1);
  });

  it('is done without when the app may not look', async () => {
    const { name } = await start(new Map(), { scopes: ['users:read', 'chat:write'] });
    expect(await name('grace@corp.com')).toBeUndefined();
  });

  it('is waited for while Slack is busy', async () => {
    const { name, slack } = await start();
    slack.faults.arm({ method: 'users.lookupByEmail', kind: 'rate-limited', retryAfterSeconds: 5 });
    await expect(name('grace@corp.com')).rejects.toMatchObject({ retry: { kind: 'after', ms: 5_000 } });
  });
});

describe('plain text', () => {
  it('has names for people, public channels and groups', async () => {
    const { plain } = await start();
    expect(await plain('<@U0GRACE> and <!subteam^S0TEAM> in <#C0GENERAL>: a &lt; b')).toBe(
      '@Grace Hopper and @team in #general: a < b',
    );
  });

  it('names anybody, also those who could not be written to', async () => {
    const { plain } = await start();
    expect(await plain('<@U0GUEST> <@U0ROBOT>')).toBe('@A Guest @A Robot');
  });

  it('hides the names of private channels, also without the scope to see them', async () => {
    const { plain } = await start();
    expect(await plain('in <#G0SECRET|secret>')).toBe('in #private-channel');
    const scopes = ['users:read', 'channels:read'];
    const without = await start(new Map(), { scopes });
    expect(await without.plain('in <#G0SECRET|secret> <#G0CLOSED>')).toBe(
      'in #private-channel #private-channel',
    );
  });

  it.each([
    ['nobody knows them', {}, undefined],
    ['the scope is missing', { scopes: ['chat:write'] }, undefined],
    [
      'the plan has no groups',
      {},
      { method: 'usergroups.list', kind: 'error', error: 'plan_upgrade_required' },
    ],
  ] as const)('goes without names when %s', async (_, options, fault) => {
    const { plain, slack } = await start(new Map(), options);
    if (fault) slack.faults.arm(fault);
    expect(await plain('<@U0NOBODY|ada> <!subteam^S0NONE|@team>')).toBe('@ada @team');
  });

  it('waits for names while Slack is busy', async () => {
    const { plain, slack } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'rate-limited', retryAfterSeconds: 5 });
    await expect(plain('hello <@U0GRACE>')).rejects.toMatchObject({ retry: { kind: 'after', ms: 5_000 } });
  });

  it('without mentions asks Slack for nothing', async () => {
    const { plain, slack } = await start();
    expect(await plain('hello')).toBe('hello');
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test']);
  });
});
