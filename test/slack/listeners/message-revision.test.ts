import { describe, expect, it } from 'vitest';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { ADA, LANE, PAIR, startInThread } from './in-thread.ts';

describe('what becomes of a reply', () => {
  it('is taken in lanes of its own, with what it is about', async () => {
    const { slack, core, dm, inThread, thread } = await startInThread();
    const { message, ts } = slack.say('U0ADA', dm, 'hello', inThread);
    await slack.edit('U0ADA', message, 'good & bad').delivered;
    await slack.delete('U0ADA', message).delivered;
    await expect.poll(() => core.taken).toHaveLength(3);
    const id = `msg-T0CORP-${dm}-${ts}`;
    const about = { of: `${id}-new`, writtenAtMs: Math.floor(Number(ts) * 1_000) };
    const to = { kind: 'thread', thread };
    expect(core.taken.slice(1)).toMatchObject([
      {
        redelivered: true,
        incoming: {
          id: `${id}-edit-${message.edited?.ts}`,
          lane: `revises-${id}-edit-${message.edited?.ts}`,
          message: { v: 1, author: ADA, text: 'good &amp; bad', to },
          revises: { ...about, how: 'edit' },
        },
      },
      {
        redelivered: true,
        incoming: {
          id: `${id}-delete`,
          message: { text: '', to },
          revises: { ...about, how: 'delete' },
        },
      },
    ]);
    expect(core.hints).toEqual([]);
  });

  it('is nothing when a link gets its preview', async () => {
    const { slack, core, dm, inThread } = await startInThread();
    const said = slack.say('U0ADA', dm, 'see https://corp.com', inThread);
    await said.delivered;
    expect(await slack.unfurl(said.message, 'https://corp.com').delivered).toMatchObject([{ status: 200 }]);
    expect(core.asked).toHaveLength(1);
  });

  it('comes again until it is stored', async () => {
    const { slack, core, dm, inThread } = await startInThread({ slack: { retryDelaysMs: [] } });
    const said = slack.say('U0ADA', dm, 'hello', inThread);
    await said.delivered;
    core.answers.taken = 'refused';
    expect(await slack.delete('U0ADA', said.message).delivered).toMatchObject([{ status: 500 }]);
  });

  it('is nobody\u2019s business outside of the known threads, and in those of others', async () => {
    const { slack, core, dm, inThread, thread } = await startInThread();
    const alone = slack.say('U0ADA', dm, 'to the app', {});
    const inOthers = slack.say('U0ADA', dm, 'hello', inThread);
    await Promise.all([alone.delivered, inOthers.delivered]);
    core.links.set(thread, { v: 1, person: 'T0CORP-U0GRACE' as ChatPersonId, lane: LANE, pair: PAIR });
    const asked = core.asked.length;
    for (const { message } of [alone, inOthers]) {
      expect(await slack.edit('U0ADA', message, 'bye').delivered).toMatchObject([{ status: 200 }]);
    }
    expect(core.asked).toHaveLength(asked);
  });
});
