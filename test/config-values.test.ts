import { describe, expect, it } from 'vitest';
import {
  readChannelsOrOff,
  readNotifyAllowed,
  readTeams,
  readToken,
  readUsers,
  WrongValue,
} from '../src/config-values.ts';

describe('teams', () => {
  it('are named with enterprises, each with its domains', () => {
    expect([...readTeams('T0123=Corp.com, corp.de; E0456=corp.jp;T9;')]).toEqual([
      ['T0123', ['corp.com', 'corp.de']],
      ['E0456', ['corp.jp']],
      ['T9', []],
    ]);
  });

  it.each(['corp.com', 'U0123=corp.com', 't0123=corp.com', '=corp.com', 'T0123=a=b.com'])(
    'are not %j',
    (teams) => {
      expect(() => readTeams(teams)).toThrow(/^must look like T0123=corp\.com/);
    },
  );

  it('are named once: the second would silently replace the first', () => {
    expect(() => readTeams('T1=a.com;T1=b.com')).toThrow('names T1 twice.');
  });
});

describe('user ids', () => {
  it('are separated by commas, with blanks around them', () => {
    expect([...readUsers(' U0ADA, W0GRACE,,')]).toEqual(['U0ADA', 'W0GRACE']);
  });

  it.each(['ada', '@ada', 'u0ada', 'U0ADA;U0GRACE', 'C0GENERAL', 'off'])('are not %j', (value) => {
    expect(() => readUsers(value)).toThrow(WrongValue);
    expect(() => readUsers(value)).toThrow(/must be Slack user ids such as U0123,U0456/);
  });
});

describe('channel ids', () => {
  it('are separated by commas; `off` is none', () => {
    expect([...readChannelsOrOff('C0SHARED, G0OLD')]).toEqual(['C0SHARED', 'G0OLD']);
    expect([...readChannelsOrOff('off')]).toEqual([]);
  });

  it.each(['on', '#general', 'C0SHARED,off', 'D0ADA', 'U0ADA'])('are not %j', (value) => {
    expect(() => readChannelsOrOff(value)).toThrow(/must be off, or ids of channels/);
  });
});

describe('API_TOKEN', () => {
  it.each([
    ['of 32 characters', 'a'.repeat(32)],
    ['of openssl rand -hex 32', '0123456789abcdef'.repeat(4)],
    ['of openssl rand -base64 32', `${'aB3+/'.repeat(8)}abc=`],
  ])('%s is taken as it is', (_what, token) => {
    expect(readToken(token)).toBe(token);
  });

  it.each([
    ['short', 'a'.repeat(31)],
    ['with a blank', `${'a'.repeat(32)} b`],
    ['with what a header cannot carry', `${'a'.repeat(32)}é`],
  ])('that is %s is refused, and not repeated', (_what, token) => {
    const read = () => readToken(token);
    expect(read).toThrow(WrongValue);
    expect(read).toThrow(/^must have at least 32 characters.* openssl rand -hex 32\.$/);
    expect(read).not.toThrow(token);
  });
});

describe('who may notify many', () => {
  it.each([
    ['everyone', 'everyone'],
    ['admins', 'admins'],
    ['S0123', { group: 'S0123' }],
  ])('is %s', (value, allowed) => {
    expect(readNotifyAllowed(value)).toEqual(allowed);
  });

  it.each(['nobody', '@team', 's0123', 'U0ADA', 'S0123,S0456'])('is not %j', (value) => {
    expect(() => readNotifyAllowed(value)).toThrow(/must be everyone, admins, or the id of a user group/);
  });
});
