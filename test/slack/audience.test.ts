import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { email, group, person, place, start } from './audience.ts';

describe('who is meant', () => {
  it('is somebody with name and address, by mention or by address alone', async () => {
    const { expand } = await start();
    expect(await expand([person('U0GRACE'), email('Joan@corp.com')])).toEqual({
      people: [
        { id: 'T0CORP-U0GRACE', name: 'Grace Hopper', email: 'grace@corp.com' },
        { name: 'Joan@corp.com', email: 'Joan@corp.com' },
      ],
      leftOut: [],
    });
  });

  it.each([
    ['S0TEAM', 'by its id'],
    ['S0TEAM|@team', 'as it was escaped'],
    ['@team', 'by its handle'],
    ['@TEAM', 'by its handle, however it is written'],
    ['team', 'by its handle alone'],
  ])('are the members of a user group: %s, %s', async (name) => {
    const { meant } = await start();
    expect(await meant(group(name))).toEqual({ people: ['Grace Hopper', 'Alan Turing'], leftOut: [] });
  });

  it.each(['C0RANDOM', 'C0RANDOM|random'])('are the members of a channel: %s', async (name) => {
    const { meant } = await start();
    expect(await meant(place(name))).toEqual({ people: ['Grace Hopper'], leftOut: ['Ada Lovelace: sender'] });
  });

  it('are the members of a private channel that the sender and the app are in', async () => {
    const { meant } = await start();
    expect(await meant(place('G0SECRET'))).toEqual({
      people: ['Alan Turing'],
      leftOut: ['Chatter Bridge: bot', 'Ada Lovelace: sender'],
    });
  });

  it('is everybody once, however often and by whatever they are named', async () => {
    const { meant } = await start();
    const all = [
      email('GRACE@corp.com'),
      group('S0TEAM'),
      group('@team'),
      place('C0RANDOM'),
      person('U0GRACE'),
      email('grace@corp.com'),
      email('ada@corp.com'),
      email('x@corp.com'),
      email('X@corp.com'),
    ];
    expect(await meant(...all)).toEqual({
      people: ['Grace Hopper', 'Alan Turing', 'x@corp.com'],
      leftOut: ['Ada Lovelace: sender'],
    });
  });

  it('is nobody for whom it is not: each is left out with the reason', async () => {
    const { expand } = await start();
    const { people, leftOut } = await expand([group('@all'), person('U0NOBODY')]);
    expect(people.map(({ name }) => name)).toEqual(['Grace Hopper', 'Alan Turing']);
    expect(leftOut).toEqual([
      { name: 'Chatter Bridge', why: 'bot' },
      { name: 'Ada Lovelace', why: 'sender', email: 'ada@corp.com' },
      { name: 'A Guest', why: 'guest', email: 'guest@else.com' },
      { name: 'A Stranger', why: 'other-company' },
      { name: 'A Robot', why: 'bot' },
      { name: 'Gone Away', why: 'deactivated', email: 'gone@corp.com' },
      { name: 'No Mail', why: 'no-email' },
      { name: 'U0NOBODY', why: 'unknown' },
    ]);
  });

  it('leaves out whose address is in no approved domain', async () => {
    const { meant } = await start({ teams: new Map([['T0CORP', ['else.com']]]) });
    expect(await meant(person('U0GRACE'))).toEqual({ people: [], leftOut: ['Grace Hopper: other-company'] });
  });

  it('takes an address as it is, also of somebody who would be left out', async () => {
    const { meant } = await start();
    expect(await meant(person('U0GUEST'), email('Guest@else.com'))).toEqual({
      people: ['Guest@else.com'],
      leftOut: [],
    });
  });

  it('may be anybody when no person sends it', async () => {
    const { expand } = await start();
    const { people, leftOut } = await expand([place('G0SECRET'), email('ada@corp.com')], 'nobody');
    expect(people.map(({ name }) => name)).toEqual(['Ada Lovelace', 'Alan Turing']);
    expect(leftOut).toMatchObject([{ name: 'Chatter Bridge', why: 'bot' }]);
  });
});

describe('what is not there', () => {
  it.each([
    ['a group that nobody has made', group('S0NONE'), 'user group S0NONE'],
    ['a handle that no group has', group('@nobody'), '@nobody'],
    ['a group that is switched off', group('S0OLD|@old'), '@old'],
    ['a group that is switched off, by its handle', group('@old'), '@old'],
    ['a group without anybody in it', group('@empty'), '@empty'],
    ['a channel that nobody has made', place('C0NONE'), 'channel C0NONE'],
    ['a private channel that the app is not in', place('G0CLOSED|closed'), '#closed'],
    ['what is no channel at all', place('D0ADA'), 'channel D0ADA'],
  ])('is said by the name that it was given: %s', async (_, named, name) => {
    const { meant } = await start();
    expect(await meant(named, person('U0GRACE'))).toEqual({
      people: ['Grace Hopper'],
      leftOut: [`${name}: unknown`],
    });
  });

  it.each(['empty', 'members'] as const)(
    'is a group that is switched off, also where Slack says: %s',
    async (told) => {
      const { meant } = await start({ switches: { disabledGroup: told } });
      expect(await meant(group('S0OLD'))).toEqual({ people: [], leftOut: ['user group S0OLD: unknown'] });
    },
  );

  it('is a private channel for whoever is not in it, and neither its name nor its members are told', async () => {
    const { expand } = await start();
    const grace = 'T0CORP-U0GRACE' as ChatPersonId;
    expect(await expand([place('G0SECRET')], grace)).toEqual({
      people: [],
      leftOut: [{ name: 'channel G0SECRET', why: 'unknown' }],
    });
    const { people } = await expand([place('C0RANDOM')], 'T0CORP-U0ALAN' as ChatPersonId);
    expect(people).toHaveLength(2);
  });

  it('are private channels without the scope for them', async () => {
    const scopes = ['users:read', 'users:read.email', 'channels:read', 'usergroups:read'];
    const { meant } = await start({ scopes });
    expect(await meant(place('G0SECRET|'))).toEqual({ people: [], leftOut: ['channel G0SECRET: unknown'] });
    expect((await meant(place('C0RANDOM'))).people).toEqual(['Grace Hopper']);
  });

  it('are groups on a plan without them', async () => {
    const { meant, slack } = await start();
    slack.faults.arm({ method: 'usergroups.list', kind: 'error', error: 'plan_upgrade_required' });
    expect((await meant(group('@team'))).leftOut).toEqual(['@team: unknown']);
  });
});
