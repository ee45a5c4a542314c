import { describe, expect, it } from 'vitest';
import { laneOf } from '../../../src/bridge/lane.ts';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { words } from '../../../src/slack/words.ts';
import { startEdge } from '../edge.ts';

const ADA = 'T0CORP-U0ADA' as ChatPersonId;
const GRACE = 'T0CORP-U0GRACE' as ChatPersonId;

describe('/chatter-dm', () => {
  it('is stored before it is answered, and answered to the sender alone', async () => {
    const { slack, core } = await startEdge();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    let answered = false;
    const typed = slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace ann@else.com  lunch?\nToday?');
    void typed.then(() => {
      answered = true;
    });
    await expect.poll(() => core.asked).toHaveLength(1);
    expect(answered).toBe(false);
    store();
    const { payload, status, body } = await typed;

    const people = [
      { kind: 'person' as const, id: GRACE },
      { kind: 'email' as const, email: 'ann@else.com' },
    ];
    expect(core.taken).toEqual([
      {
        redelivered: false,
        incoming: {
          id: `cmd-T0CORP-U0ADA-${payload.trigger_id}`,
          lane: laneOf(ADA, people),
          message: {
            v: 1,
            author: ADA,
            text: 'lunch?\nToday?',
            to: { kind: 'people', people },
            answer: payload.response_url,
          },
        },
      },
    ]);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      response_type: 'ephemeral',
      text: 'Sending to <@U0GRACE>, <mailto:ann@else.com|ann@else.com>…',
    });
    expect(slack.messages('C0GENERAL')).toEqual([]);
  });

  it.each([
    ['', /Send a Salesforce Chatter private message/],
    ['help', /opt-out/],
    ['hello', /^Nothing was sent: say who/],
    ['@nobody hello', /^Nothing was sent: Slack did not turn/],
    ['@team hello', /^Nothing was sent: .* not groups/],
    ['@ada hello', /^Nothing was sent: .* other than yourself/],
    ['@grace', /^Nothing was sent: the message is missing/],
  ])('%j stores nothing and is explained', async (text, explained) => {
    const { slack, core } = await startEdge();
    const { status, body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', text);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      response_type: 'ephemeral',
      text: expect.stringMatching(explained),
    });
    expect(core.asked).toEqual([]);
  });

  it.each([
    ['duplicate', /^Sending to <@U0GRACE>/],
    ['refused', /^Nothing was sent: .*try again/],
    ['unsure', /^It is not sure yet .*wait for the confirmation/],
  ] as const)('says the truth about a message that is %s', async (taken, said) => {
    const { slack, core } = await startEdge();
    core.answers.taken = taken;
    const { body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(JSON.parse(body)).toMatchObject({ text: expect.stringMatching(said) });
  });

  it('opts out and in', async () => {
    const { slack, core } = await startEdge();
    const typed = async (text: string) =>
      JSON.parse((await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', text)).body).text;
    expect(await typed('opt-out')).toMatch(/no longer acts for you/);
    expect(await typed('opt-in')).toMatch(/may send/);
    expect(core.decided).toEqual([{ optOut: ADA }, { optIn: ADA }]);
    core.answers.broken = true;
    expect(await typed('opt-out')).toMatch(/could not be stored/);
  });

  it('works for approved workspaces alone', async () => {
    const teams = new Map([['T0OTHER', []]]);
    const { slack, core } = await startEdge({ ingress: { teams } });
    const { status, body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      text: expect.stringMatching(/^Nothing was sent: this workspace/),
    });
    const said = slack.say('U0ADA', slack.dmOf('U0ADA'), 'hello');
    expect(await said.delivered).toMatchObject([{ status: 200 }]);
    expect([...core.asked, ...core.hints]).toEqual([]);
  });

  it("works for an approved enterprise's workspaces", async () => {
    const { sampleWorkspace } = await import('../../../sandbox/slack/sample-workspace.ts');
    const sample = sampleWorkspace();
    const seed = { ...sample, team: { ...sample.team, enterprise_id: 'E0CORP' } };
    const { slack, core } = await startEdge({
      slack: { seed },
      ingress: { teams: new Map([['E0CORP', []]]) },
    });
    await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(core.taken).toHaveLength(1);
  });

  it('asks Slack for nothing while it waits, and logs no text', async () => {
    const { slack, lines } = await startEdge();
    await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace the secret word');
    await slack.say('U0ADA', slack.dmOf('U0ADA'), 'the secret word').delivered;
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test']);
    expect(lines.join('\n')).not.toContain('secret word');
  });
});

describe('/chatter-dm failed', () => {
  const ask = async (edge: Awaited<ReturnType<typeof startEdge>>) => {
    const { body } = await edge.slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', 'failed');
    return JSON.parse(body) as { response_type: string; text: string };
  };

  it('is answered with the list, to the sender alone', async () => {
    const edge = await startEdge();
    expect(await ask(edge)).toMatchObject({ response_type: 'ephemeral', text: words.nothingFailed });
    expect(edge.core.taken).toEqual([]);
  });

  it('says so when it cannot be looked up', async () => {
    const edge = await startEdge();
    edge.core.answers.broken = true;
    expect(await ask(edge)).toEqual({ response_type: 'ephemeral', text: words.notRead });
  });
});

describe('a command of which as much waits as is taken', () => {
  it.each([
    ['person-full', /^Nothing was sent: 5,000 of your messages/],
    ['bridge-full', /^Nothing was sent: too many messages wait/],
  ] as const)('is answered with the reason: %s', async (taken, reason) => {
    const { slack, core } = await startEdge();
    core.answers.taken = taken;
    const { body } = await slack.command('U0ADA', 'C0GENERAL', '/chatter-dm', '@grace lunch?');
    expect(JSON.parse(body).text).toMatch(reason);
  });
});
