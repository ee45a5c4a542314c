import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { sampleWorkspace } from '../../../sandbox/slack/sample-workspace.ts';
import type { SlackOptions } from '../../../sandbox/slack/server.ts';
import type { UserSeed } from '../../../sandbox/slack/shapes.ts';
import { standIn } from './stand-in.ts';

const sample = sampleWorkspace();
const crowd: UserSeed[] = Array.from({ length: 1_000 }, (_, n) => ({
  id: `U1${n}`,
  name: `p${n}`,
  real_name: `Person ${n}`,
}));
const crowded = { ...sample, users: [...sample.users, ...crowd] };
const withOldGroup = {
  ...sample,
  userGroups: [
    ...sample.userGroups,
    { id: 'S0OLD', name: 'Old', handle: 'old', users: ['U0ADA'], is_disabled: true },
  ],
};

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { data?: { error: string }; retryAfter?: number }) => error.data?.error ?? error.retryAfter,
  );

async function everybody(client: WebClient, limit: number) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await client.users.list({ limit, ...(cursor && { cursor }) });
    pages.push((page.members ?? []).map(({ id }) => id ?? ''));
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return pages;
}

describe('users.list of the stand-in Slack', () => {
  it('lists everybody page by page, deactivated people and apps as well', async () => {
    const { client } = await standIn();
    const pages = await everybody(client, 4);
    expect(pages.map((page) => page.length)).toEqual([4, 4, 1]);
    expect(pages.flat()).toEqual(sample.users.map(({ id }) => id));
    expect(await refusal(client.users.list({ cursor: 'bm9uc2Vuc2U=' }))).toBe('invalid_cursor');
  });

  it('wants a limit when there are many', async () => {
    const { client } = await standIn({ seed: crowded });
    expect(await refusal(client.users.list({}))).toBe('limit_required');
    expect((await everybody(client, 200)).flat()).toHaveLength(crowded.users.length);
  });

  it('lists people of other companies, told by their team alone; or not', async () => {
    const stranger = async (options: SlackOptions) => {
      const { members = [] } = await (await standIn(options)).client.users.list({ limit: 100 });
      return members.find(({ id }) => id === 'U0CONNECT');
    };
    expect(await stranger({})).toMatchObject({ team_id: 'T0ELSE' });
    expect(await stranger({})).not.toHaveProperty('is_stranger');
    expect(await stranger({ switches: { strangersAreListed: false } })).toBeUndefined();
  });

  it('shows e-mail addresses only to apps with the scope for it', async () => {
    const { client } = await standIn({ scopes: ['users:read'] });
    const { members = [] } = await client.users.list({ limit: 100 });
    expect(members.filter(({ profile }) => profile?.email)).toEqual([]);
  });
});

describe('a user group that is switched off', () => {
  it('is listed only for whoever asks for those', async () => {
    const { client } = await standIn({ seed: withOldGroup });
    const handles = async (include_disabled: boolean) => {
      const { usergroups = [] } = await client.usergroups.list({ include_disabled });
      return usergroups.map(({ handle, date_delete }) => [handle, date_delete === 0]);
    };
    expect(await handles(false)).toEqual([['team', true]]);
    expect(await handles(true)).toEqual([
      ['team', true],
      ['old', false],
    ]);
  });

  it.each([
    ['no_such_subteam', 'no_such_subteam'],
    ['empty', []],
    ['members', ['U0ADA']],
  ] as const)('has its members told as the switch says: %s', async (disabledGroup, told) => {
    const { client } = await standIn({ seed: withOldGroup, switches: { disabledGroup } });
    const members = (include_disabled?: boolean) =>
      client.usergroups.users
        .list({ usergroup: 'S0OLD', ...(include_disabled !== undefined && { include_disabled }) })
        .then(
          ({ users }) => users,
          (error) => error.data.error,
        );
    expect(await members()).toEqual(told);
    expect(await members(true)).toEqual(['U0ADA']);
  });
});

describe('the tiers of the stand-in Slack', () => {
  it('are each method’s own, by the minute, and say when to come again', async () => {
    let nowMs = 1_700_000_000_000;
    const { client } = await standIn({ switches: { tiersAreStrict: true }, now: () => nowMs });
    const list = () => refusal(client.usergroups.list());
    for (let n = 0; n < 20; n++) {
      expect(await list()).toBe('ok');
      nowMs += 1_000;
    }
    expect(await list()).toBe(40);
    expect(await refusal(client.users.list({ limit: 1 }))).toBe('ok');
    nowMs += 40_000;
    expect(await list()).toBe('ok');
    expect(await list()).toBe(1);
  });

  it('limit nobody unless they are wanted', async () => {
    const { client } = await standIn();
    for (let n = 0; n < 25; n++) expect(await refusal(client.usergroups.list())).toBe('ok');
  });
});
