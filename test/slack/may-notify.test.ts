import { describe, expect, it } from 'vitest';
import { createWhyNotSoMany, type NotifyAllowed } from '../../src/slack/may-notify.ts';
import { notifyWords } from '../../src/slack/notify-words.ts';

function start(allowed: NotifyAllowed) {
  const asked: string[] = [];
  const why = createWhyNotSoMany(
    { free: 20, allowed },
    {
      isAdmin: async (user) => {
        asked.push(user);
        return user === 'U0ADA';
      },
      members: {
        ofGroup: async (name) => {
          asked.push(name);
          return name === 'S0GONE' ? undefined : ['U0GRACE'];
        },
      },
    },
  );
  return { why, asked };
}

describe('who may notify many', () => {
  it.each<[NotifyAllowed, string, string | undefined]>([
    ['everyone', 'U0ALAN', undefined],
    ['admins', 'U0ADA', undefined],
    ['admins', 'U0GRACE', notifyWords.limited.admins(20)],
    [{ group: 'S0TEAM' }, 'U0GRACE', undefined],
    // An admin who is not in the group is not, either.
    [{ group: 'S0TEAM' }, 'U0ADA', notifyWords.limited.group(20)],
    [{ group: 'S0GONE' }, 'U0GRACE', notifyWords.limited.group(20)],
  ])('with %j: %s, %j', async (allowed, user, expected) => {
    expect(await start(allowed).why(user, 21)).toBe(expected);
  });

  it.each<NotifyAllowed>(['everyone', 'admins', { group: 'S0TEAM' }])(
    'is everybody up to the limit, and nobody is asked: %j',
    async (allowed) => {
      const { why, asked } = start(allowed);
      expect(await why('U0ALAN', 20)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );
});
