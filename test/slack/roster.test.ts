import { describe, expect, it } from 'vitest';
import { type Gates, heldBack } from '../../src/bridge/gates.ts';
import type { Scope } from '../../src/bridge/people.ts';
import { crowdOf, everybody, group, person, place, seedWith, start } from './audience.ts';

describe('many people', () => {
  it('are read from the list of all, three pages for five hundred', async () => {
    const { meant, callsOf } = await start({ seed: seedWith(crowdOf(500)) });
    expect((await meant(place('C0CROWD'))).people).toHaveLength(500);
    expect([callsOf('users.list'), callsOf('users.info'), callsOf('conversations.members')]).toEqual([
      3, 0, 1,
    ]);
    await meant(place('C0CROWD'), group('@team'));
    expect([callsOf('users.list'), callsOf('users.info')]).toEqual([3, 0]);
  });

  it('are asked for one by one while they are few', async () => {
    const { meant, callsOf } = await start({ seed: seedWith(crowdOf(10)) });
    await meant(place('C0CROWD'));
    expect([callsOf('users.list'), callsOf('users.info')]).toEqual([0, 10]);
  });

  it('are the same by the list and one by one, whether strangers are listed or not', async () => {
    const alike = await Promise.all(
      [
        { seed: seedWith([]) },
        { seed: seedWith(crowdOf(20)) },
        { seed: seedWith(crowdOf(20)), switches: { strangersAreListed: false } },
      ].map(async (options) => {
        const { expand, callsOf } = await start({ ...options, teams: new Map([['T0CORP', []]]) });
        const { people, leftOut } = await expand([group('@all'), place('C0CROWD')]);
        const isListed = callsOf('users.list') > 0;
        return { isListed, leftOut, people: people.filter(({ id }) => !id?.includes('U1P')) };
      }),
    );
    expect(alike.map(({ isListed }) => isListed)).toEqual([false, true, true]);
    expect(alike[1]).toEqual({ ...alike[0], isListed: true });
    expect(alike[2]).toEqual(alike[1]);
  });

  it('are not looked for again in a list that was read to its end', async () => {
    const strangers = crowdOf(12).map((user) => ({ ...user, team_id: 'T0ELSE', is_stranger: true }));
    const switches = { strangersAreListed: false };
    const { meant, callsOf } = await start({ seed: seedWith(strangers), switches });
    for (let n = 0; n < 2; n++) expect((await meant(place('C0CROWD'))).leftOut).toHaveLength(12);
    expect([callsOf('users.list'), callsOf('users.info')]).toEqual([1, 12]);
  });

  it('of an enterprise are judged by it, whichever of its workspaces is named', async () => {
    const seed = seedWith(crowdOf(20).map((user) => ({ ...user, team_id: 'T0SISTER' })));
    const team = { ...seed.team, enterprise_id: 'E0CORP' };
    const { meant, callsOf } = await start({ seed: { ...seed, team }, teams: new Map([['E0CORP', []]]) });
    expect((await meant(place('C0CROWD'))).people).toHaveLength(20);
    expect(callsOf('users.list')).toBe(1);
  });

  it('of a channel larger than a page are all read', async () => {
    const { meant, callsOf } = await start({ seed: seedWith(crowdOf(1_200)) });
    expect((await meant(place('C0CROWD'))).people).toHaveLength(1_200);
    expect(callsOf('conversations.members')).toBe(2);
  });

  it('in a large workspace are asked for when the list would take longer', async () => {
    const crowd = crowdOf(4_000);
    const members = crowd.slice(-40).map(({ id }) => id);
    const { meant, callsOf } = await start({ seed: seedWith(crowd, members) });
    expect((await meant(place('C0CROWD'))).people).toHaveLength(40);
    expect([callsOf('users.list'), callsOf('users.info')]).toEqual([8, 40]);
  });

  it('are looked up once by several who ask at the same time', async () => {
    const { meant, callsOf } = await start({ seed: seedWith(crowdOf(300)) });
    await Promise.all([meant(place('C0CROWD')), meant(place('C0CROWD')), meant(place('C0CROWD'))]);
    expect(callsOf('users.list')).toBe(2);
  });

  it('are believed for ten minutes; who belongs to what is always asked', async () => {
    let nowMs = Date.now();
    const { meant, slack, callsOf } = await start({ seed: seedWith(crowdOf(50)), now: () => nowMs });
    await meant(place('C0CROWD'));
    slack.workspace.channel('C0CROWD').members.delete('U1P0');
    nowMs += 10 * 60_000 - 1;
    expect((await meant(place('C0CROWD'))).people).toHaveLength(49);
    expect(callsOf('users.list')).toBe(1);
    nowMs += 2;
    await meant(place('C0CROWD'));
    expect(callsOf('users.list')).toBe(2);
  });

  it('beyond all measure are refused', async () => {
    const members = Array.from({ length: 10_001 }, (_, n) => `U9X${n}`);
    const { meant, callsOf } = await start({ seed: seedWith([], members) });
    await expect(meant(place('C0CROWD'))).rejects.toMatchObject({
      code: 'audience-too-large',
      retry: { kind: 'never' },
      sentence: expect.stringMatching(/more than 10,000 people/),
    });
    expect(callsOf('users.list')).toBe(0);
  });
});

describe('while Slack asks to wait', () => {
  it.each([
    ['users.list', place('C0CROWD')],
    ['users.info', person('U0GRACE')],
    ['conversations.members', place('C0RANDOM')],
    ['usergroups.list', group('@team')],
    ['usergroups.users.list', group('S0TEAM')],
  ])('%s says until when', async (method, named) => {
    const { expand, slack } = await start({ seed: seedWith(crowdOf(20)) });
    slack.faults.arm({ method, kind: 'rate-limited', retryAfterSeconds: 7 });
    await expect(expand([named])).rejects.toMatchObject({
      retry: { kind: 'after', ms: 7_000 },
      certain: true,
      concerns: { scope: `slack-method:${method}`, reason: 'chat-limit' },
    });
  });

  it('waits where Slack could not read the members, rather than notify some of them', async () => {
    const { expand, slack } = await start();
    slack.faults.arm({ method: 'conversations.members', kind: 'error', error: 'fetch_members_failed' });
    await expect(expand([place('C0RANDOM')])).rejects.toMatchObject({ retry: { kind: 'after' } });
  });

  it('asks for no more people one by one than are under way', async () => {
    const { expand, slack, callsOf } = await start();
    slack.faults.arm({ method: 'users.info', kind: 'rate-limited', retryAfterSeconds: 7 });
    await expect(expand(everybody.map(person))).rejects.toMatchObject({ retry: { kind: 'after' } });
    expect(callsOf('users.info')).toBeLessThanOrEqual(5);
  });

  it('goes on later where it was, and comes to an end within the tiers', async () => {
    let nowMs = Date.now();
    const crowd = crowdOf(5_000);
    const { expand, callsOf } = await start({
      seed: seedWith(crowd),
      switches: { tiersAreStrict: true },
      now: () => nowMs,
    });
    let waits = 0;
    const result = await untilDone(
      async () => (await expand([place('C0CROWD')])).people.length,
      (ms) => {
        waits += 1;
        nowMs += ms;
      },
    );
    expect(result).toBe(5_000);
    expect(waits).toBe(1);
    // Of 5,009 people 25 pages and a refused call; the last nine are asked for one by one.
    expect([callsOf('users.list'), callsOf('users.info')]).toEqual([26, 9]);
  });

  it('begins the list again when its place in it is forgotten', async () => {
    const { meant, slack, expand } = await start({ seed: seedWith(crowdOf(700)) });
    slack.faults.arm({ method: 'users.list', kind: 'rate-limited', retryAfterSeconds: 1, skip: 1 });
    await expect(expand([place('C0CROWD')])).rejects.toMatchObject({ retry: { kind: 'after' } });
    slack.faults.arm({ method: 'users.list', kind: 'error', error: 'invalid_cursor' });
    expect((await meant(place('C0CROWD'))).people).toHaveLength(700);
  });

  it('asks nothing where a gate is closed, and everything through one', async () => {
    const asked: string[] = [];
    const held = {
      scope: 'slack-method:users.list' as Scope,
      reason: 'chat-limit',
      sinceMs: 0,
      untilMs: 9_000,
      isLong: false,
    } as const;
    const gates: Gates = {
      through: async (scopes, work) => {
        if (scopes.includes(held.scope)) throw heldBack(held, 9_000);
        asked.push(...scopes);
        return work();
      },
      check: async () => {},
    };
    const { expand, slack } = await start({ seed: seedWith(crowdOf(20)), gates });
    await expect(expand([group('@team'), place('C0CROWD')])).rejects.toMatchObject({
      held,
      retry: { kind: 'after', ms: 9_000 },
    });
    const called = slack.calls.map(({ method }) => `slack-method:${method}`);
    expect(called.filter((scope) => scope !== 'slack-method:auth.test').sort()).toEqual(asked.sort());
    expect(called).not.toContain(held.scope);
  });
});

/** Tries again after as long as each refusal says. */
async function untilDone<T>(work: () => Promise<T>, wait: (ms: number) => void): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { retry } = error as { retry?: { kind: string; ms?: number } };
      if (retry?.kind !== 'after' || retry.ms === undefined) throw error;
      wait(retry.ms);
    }
  }
}
