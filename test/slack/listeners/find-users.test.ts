import { describe, expect, it } from 'vitest';
import type { SlackIngressOptions } from '../../../src/slack/slack.ts';
import { startEdge } from '../edge.ts';
import { user } from '../fake-mirror.ts';
import { opened } from './in-form.ts';

type Search = SlackIngressOptions['directory']['search'];

/** Ada's form, with a directory that answers like that. */
async function startTyping(search: Search) {
  const asked: string[] = [];
  const directory = {
    search: (name: string) => {
      asked.push(name);
      return search(name);
    },
    findByEmail: () => Promise.reject(new Error('not asked here')),
  };
  const edge = await startEdge({ ingress: { directory } });
  await opened(edge.slack, 'U0ADA', 'compose');
  const type = async (typed: string, by = 'U0ADA') => {
    const { status, body, ms } = await edge.slack.suggest(by, 'find_users', typed);
    return { status, ms, options: JSON.parse(body).options };
  };
  return { ...edge, asked, type };
}
const grace = { id: user(1), username: 'g@corp.com', name: 'Grace Hopper', email: 'grace@corp.com' };

describe('the menu of people in Salesforce', () => {
  it('offers those whose name was begun, told apart by their address', async () => {
    const { type, asked } = await startTyping(async () => [
      grace,
      { ...grace, id: user(2), email: undefined },
    ]);
    expect(await type('hop')).toMatchObject({
      status: 200,
      options: [
        {
          text: { type: 'plain_text', text: 'Grace Hopper' },
          description: { type: 'plain_text', text: 'grace@corp.com' },
          value: user(1),
        },
        { text: { type: 'plain_text', text: 'Grace Hopper' }, value: user(2) },
      ],
    });
    expect(asked).toEqual(['hop']);
  });

  it('keeps to what Slack takes of a name, and cuts no character in two', async () => {
    const { type } = await startTyping(async () => [
      { ...grace, name: `${'x'.repeat(73)}😀 and more`, email: `${'e'.repeat(80)}@corp.com` },
      { ...grace, name: ' ' },
    ]);
    const { options } = await type('xx');
    expect(options[0].text.text).toBe(`${'x'.repeat(73)}…`);
    expect(options[0].description.text).toHaveLength(75);
    expect(options[1].text.text).toBe('?');
  });

  it('is empty when nobody can be found just now', async () => {
    const { type, lines } = await startTyping(() => Promise.reject(new Error('away')));
    expect(await type('hop')).toMatchObject({ status: 200, options: [] });
    expect(lines.join()).toContain('people not found');
  });

  it('is empty rather than late', async () => {
    const { type } = await startTyping(() => new Promise(() => {}));
    const { status, options, ms } = await type('hop');
    expect({ status, options }).toEqual({ status: 200, options: [] });
    expect(ms).toBeLessThan(3_000);
  });

  it('tells who may not use the bridge nothing', async () => {
    const { slack, asked } = await startTyping(async () => [grace]);
    const body = new URLSearchParams({
      payload: JSON.stringify({
        type: 'block_suggestion',
        user: { id: 'U0GUEST', team_id: 'T0CORP' },
        team: { id: 'T0CORP' },
        action_id: 'find_users',
        block_id: 'users',
        value: 'hop',
      }),
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await slack.post(body, { ...slack.sign(body), ...headers });
    expect(JSON.parse(answer.body)).toEqual({ options: [] });
    expect(asked).toEqual([]);
  });
});
