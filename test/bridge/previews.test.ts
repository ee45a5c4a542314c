import { describe, expect, it } from 'vitest';
import { DeliveryError, refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { AudienceMember, LeftOut, Named } from '../../src/bridge/notification.ts';
import { BRIDGE, type ChatPersonId, type SalesforceUser } from '../../src/bridge/people.ts';
import type { UserUnfit } from '../../src/bridge/ports.ts';
import { createPreviews } from '../../src/bridge/previews.ts';

const id = (name: string) => `T1-${name}` as ChatPersonId;
const user = (name: string, userId = `005${name}`) =>
  ({ id: userId, username: name, name: `${name} of Salesforce` }) as SalesforceUser;
const member = (name: string): AudienceMember => ({ id: id(name), name, email: `${name}@Corp.com` });
const ada = id('Ada');
const team: Named = { kind: 'group', name: '@team' };

interface Facts {
  people?: readonly AudienceMember[];
  leftOut?: readonly LeftOut[];
  /** By e-mail address; whoever is not in it has an ordinary user. */
  users?: Readonly<Record<string, SalesforceUser | UserUnfit | undefined>>;
  optedOut?: readonly string[];
  find?: () => never;
}

function previewsOf({ people = [], leftOut = [], users = {}, optedOut = [], find }: Facts) {
  const asked: { named: unknown[]; emails: string[] } = { named: [], emails: [] };
  const record = (isOut: boolean) => ({ optedOut: isOut, allowed: true, noticed: true });
  const userAt = (email: string) => (email in users ? users[email] : user(email.split('@')[0] ?? ''));
  const previews = createPreviews({
    audience: {
      expand: async (named, sender) => {
        asked.named.push([named, sender]);
        return { people, leftOut };
      },
    },
    people: {
      find: async (person, as) => {
        if (as === 'recipient' && optedOut.includes('Gone'))
          throw refusedForGood('person-deactivated', 'Gone.');
        if (as === 'recipient') return { ...member('Cyd'), id: person, timeZone: 'UTC' };
        return find ? find() : { id: person, name: 'Ada', email: 'ada@corp.com', timeZone: 'UTC' };
      },
    },
    directory: {
      findByEmail: async (email, called) => {
        expect(called).toBeUndefined();
        const found = userAt(email);
        if (found === undefined || typeof found === 'string')
          throw refusedForGood('user-unknown', 'No user.');
        return found;
      },
      findAll: async (emails) => {
        asked.emails.push(...emails);
        return new Map(
          emails.flatMap((email) => {
            const found = userAt(email);
            return found === undefined ? [] : [[email, found] as const];
          }),
        );
      },
    },
    log: {
      optedOut: async () => optedOut.map(id),
      person: async (person) => record(optedOut.some((name) => id(name) === person)),
    },
  });
  return { asked, preview: (by = ada) => previews.preview(by, [team]) };
}

describe('who can be told', () => {
  it('is whoever is meant and has one Salesforce user, in order of their names', async () => {
    const { preview, asked } = previewsOf({ people: ['Zoe', 'émile', 'Bob', 'Emma'].map(member) });
    const { reachable, leftOut } = await preview();
    expect(reachable.map(({ name }) => name)).toEqual(['Bob', 'émile', 'Emma', 'Zoe']);
    expect(reachable[0]).toEqual({ ...member('Bob'), user: '005bob' });
    expect(leftOut).toEqual([]);
    expect(asked).toEqual({
      named: [[[team], ada]],
      emails: ['zoe@corp.com', 'émile@corp.com', 'bob@corp.com', 'emma@corp.com'],
    });
  });

  it('is called by their name in Salesforce when they were named by address alone', async () => {
    const { preview } = previewsOf({ people: [{ name: 'joan@corp.com', email: 'joan@corp.com' }] });
    expect((await preview()).reachable).toEqual([
      { name: 'joan of Salesforce', email: 'joan@corp.com', user: '005joan' },
    ]);
  });

  it('is not whoever Salesforce does not know as one who can be', async () => {
    const { preview } = previewsOf({
      people: ['Two', 'None', 'Gone', 'Out', 'Mute', 'Odd'].map(member),
      leftOut: [{ name: 'A Robot', why: 'bot' }],
      users: {
        'none@corp.com': 'no-user',
        'two@corp.com': 'several-users',
        'gone@corp.com': 'inactive',
        'out@corp.com': 'other-company',
        'mute@corp.com': 'no-chatter',
        'odd@corp.com': undefined,
      },
    });
    expect(await preview()).toEqual({
      reachable: [],
      leftOut: [
        { name: 'A Robot', why: 'bot' },
        { name: 'Gone', email: 'Gone@Corp.com', why: 'inactive' },
        { name: 'Mute', email: 'Mute@Corp.com', why: 'no-chatter' },
        { name: 'None', email: 'None@Corp.com', why: 'no-user' },
        { name: 'Odd', email: 'Odd@Corp.com', why: 'no-user' },
        { name: 'Out', email: 'Out@Corp.com', why: 'other-company' },
        { name: 'Two', email: 'Two@Corp.com', why: 'several-users' },
      ],
    });
  });

  it('is not whoever has opted out', async () => {
    const { preview } = previewsOf({ people: ['Bob', 'Cyd'].map(member), optedOut: ['Cyd'] });
    const { reachable, leftOut } = await preview();
    expect(reachable.map(({ name }) => name)).toEqual(['Bob']);
    expect(leftOut).toEqual([{ name: 'Cyd', email: 'Cyd@Corp.com', why: 'opted-out' }]);
  });

  it('is not whoever has opted out, by their address alone either', async () => {
    const { preview } = previewsOf({
      people: ['bob@corp.com', 'CYD@corp.com'].map((email) => ({ name: email, email })),
      optedOut: ['Cyd'],
    });
    const { reachable, leftOut } = await preview();
    expect(reachable.map(({ email }) => email)).toEqual(['bob@corp.com']);
    expect(leftOut).toEqual([{ name: 'cyd of Salesforce', email: 'CYD@corp.com', why: 'opted-out' }]);
  });

  it('does not trip over who has opted out and is gone', async () => {
    const { preview } = previewsOf({
      people: [{ name: 'b@corp.com', email: 'b@corp.com' }],
      optedOut: ['Gone'],
    });
    expect((await preview()).reachable).toHaveLength(1);
  });

  it('counts once who is two people in chat and one in Salesforce', async () => {
    const { preview } = previewsOf({
      people: ['Bob', 'Robert'].map(member),
      users: { 'robert@corp.com': user('bob') },
    });
    const { reachable, leftOut } = await preview();
    expect(reachable.map(({ name }) => name)).toEqual(['Bob']);
    expect(leftOut).toEqual([]);
  });

  it('is never the sender, by whatever address', async () => {
    const { preview } = previewsOf({
      people: [{ name: 'a@corp.com', email: 'a@corp.com' }],
      users: { 'a@corp.com': user('ada') },
    });
    expect(await preview()).toEqual({
      reachable: [],
      leftOut: [{ name: 'a@corp.com', email: 'a@corp.com', why: 'sender' }],
    });
  });
});

describe('a sender who cannot send', () => {
  const failureOf = (facts: Facts) =>
    previewsOf({ people: [member('Bob')], ...facts })
      .preview()
      .catch((error: unknown) => error);

  it.each<[string, Facts, string]>([
    ['has opted out', { optedOut: ['Ada'] }, 'opted-out'],
    ['has no Salesforce user', { users: { 'ada@corp.com': 'no-user' } }, 'user-unknown'],
    [
      'may not use the bridge',
      {
        find: () => {
          throw refusedForGood('person-guest', 'You are a guest.');
        },
      },
      'person-guest',
    ],
  ])('%s, and is told so', async (_, facts, code) => {
    const error = await failureOf(facts);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ code, retry: { kind: 'never' } });
  });

  it('is nobody when the bridge sends as itself', async () => {
    const { preview, asked } = previewsOf({
      people: [member('Ada')],
      find: () => {
        throw new Error('not a person');
      },
    });
    expect((await preview(BRIDGE)).reachable.map(({ name }) => name)).toEqual(['Ada']);
    expect(asked.named).toEqual([[[team], undefined]]);
  });
});
