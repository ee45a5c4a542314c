import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../src/bridge/people.ts';
import { checkPerson } from '../../src/slack/check-person.ts';
import type { Teams } from '../../src/slack/teams.ts';

const sister = {
  id: 'U0ADA',
  team_id: 'T0SISTER',
  real_name: 'Ada Lovelace',
  profile: { email: 'ada@corp.com' },
  enterprise_user: { enterprise_id: 'E0CORP', teams: ['T0SISTER', 'T0CORP'] },
};
const asked = { id: 'T0CORP-U0ADA' as ChatPersonId, team: 'T0CORP', as: 'recipient' } as const;
const check = (user: object, teams: Teams) => checkPerson(user, asked, teams);

// The other rules are told in people.test.ts, through Slack's Web API.
describe("a person of an enterprise, by another of their workspaces' id", () => {
  it.each([
    ['their workspace', 'T0CORP'],
    ['their other workspace', 'T0SISTER'],
    ['their enterprise', 'E0CORP'],
  ])('may be written to when %s is approved', (_, approved) => {
    expect(check(sister, new Map([[approved, ['corp.com']]]))).toMatchObject({ name: 'Ada Lovelace' });
    expect(() => check(sister, new Map([[approved, ['else.com']]]))).toThrow('person-domain');
  });

  it('is a stranger when none of them is', () => {
    expect(() => check(sister, new Map([['T0ELSE', []]]))).toThrow('person-stranger');
    expect(() => check({ ...sister, is_stranger: true }, new Map([['E0CORP', []]]))).toThrow(
      'person-stranger',
    );
  });
});

it('somebody of whom Slack gives no time zone has UTC', () => {
  expect(check(sister, new Map([['T0CORP', []]]))).toMatchObject({ timeZone: 'UTC' });
});
