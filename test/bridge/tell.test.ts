import { describe, expect, it } from 'vitest';
import type { ChatterContent } from '../../src/bridge/chatter-content.ts';
import type { Delivery, Telling } from '../../src/bridge/delivery.ts';
import { newPair } from '../../src/bridge/pair.ts';
import type {
  AnswerHandle,
  ChatMessageId,
  ChatPersonId,
  ChatThreadId,
  LaneKey,
  SalesforceUser,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import { entriesFor, type TellOptions } from '../../src/bridge/tell.ts';
import { failed, follow, holdOver, pairName, queued, sent, uncertain, waiting } from './deliveries.ts';

const ada = 'ada' as ChatPersonId;
const thread = 'thread' as ChatThreadId;
const pair = newPair({
  key: pairName,
  sender: 'ada' as SalesforceUserId,
  recipients: [],
  names: ['Grace Hopper'],
});

const command: ChatterContent = {
  v: 1,
  message: {
    v: 1,
    author: ada,
    text: '*lunch?*',
    to: { kind: 'people', people: [] },
    answer: 'url' as AnswerHandle,
  },
};
const prepared: ChatterContent = {
  ...command,
  route: { sender: {} as SalesforceUser, recipients: [], names: [], pair: pairName, parts: ['lu', 'nch?'] },
};
const reply: ChatterContent = {
  v: 1,
  message: {
    v: 1,
    author: ada,
    text: 'lunch?',
    to: { kind: 'thread', thread },
    source: 'source' as ChatMessageId,
  },
};

const options: TellOptions = {
  link: () => 'https://link',
  reactions: true,
  holdMinutes: 10,
  failedKeepMs: 0,
  now: () => 0,
};

function said(after: Delivery, what: Telling, content = prepared, known: typeof pair | undefined = pair) {
  const entries = entriesFor(after, [{ do: 'tell', what }], content, known, options);
  return entries.map((entry) => JSON.parse(entry.content).entry);
}
const kinds = (entries: readonly { kind: string; say?: { words: string } }[]): string[] =>
  entries.map(({ kind, say }) => (say ? `${kind}: ${say.words}` : kind));

describe('a command that was sent', () => {
  it('is confirmed where it was typed and shown, whole, in the thread of its people', () => {
    expect(said(sent, 'sent')).toEqual([
      {
        kind: 'answer',
        handle: 'url',
        say: { words: 'sent', people: ['Grace Hopper'], link: 'https://link' },
      },
      {
        kind: 'conversation',
        pair: pairName,
        lane: 'to-grace' as LaneKey,
        people: ['Grace Hopper'],
        text: 'lunch?',
        link: 'https://link',
      },
    ]);
  });

  it('after a notice: the notice says so, and the message is not shown a second time', () => {
    const after: Delivery = { ...sent, told: 1, shownAt: 1 };
    expect(kinds(said(after, 'sent'))).toEqual(['answer: sent', 'notice: sent-after-all']);
  });

  it('after a notice from before anybody knew to whom it goes: its thread is opened now', () => {
    const after: Delivery = { ...sent, told: 1 };
    expect(kinds(said(after, 'sent'))).toEqual(['answer: sent', 'notice: sent-after-all', 'conversation']);
  });
});

describe('a reply in a thread that was sent', () => {
  it('gets a mark, and nothing else', () => {
    expect(said(sent, 'sent', reply)).toEqual([{ kind: 'mark', message: 'source', thread }]);
  });

  it('gets no mark where marks are off', () => {
    const off = { ...options, reactions: false };
    expect(entriesFor(sent, [{ do: 'tell', what: 'sent' }], reply, pair, off)).toEqual([]);
  });
});

describe('a message that did not go through', () => {
  const cases: [Telling, Delivery, string][] = [
    ['failed', failed, 'not-sent'],
    ['uncertain', uncertain, 'not-confirmed'],
    ['waiting', waiting, 'not-yet-sent'],
  ];

  it.each(cases)(
    '%s: said where it was typed, shown in its thread, with the choice there',
    (what, after, words) => {
      const [answer, conversation, notice] = said(after, what);
      const sentence = after.failure?.sentence ?? after.waiting?.sentence;
      expect(answer).toMatchObject({ kind: 'answer', say: { words, sentence } });
      expect(conversation).toMatchObject({ kind: 'conversation', text: 'lunch?' });
      expect(conversation).not.toHaveProperty('link');
      expect(notice).toMatchObject({
        kind: 'notice',
        about: after.id,
        pair: pairName,
        say: { words: what, sentence, excerpt: 'lu', retry: { delivery: after.id, version: 1 } },
      });
    },
  );

  it('of which nobody knows to whom it goes has its notice alone', () => {
    const { pair: _pair, shownAt: _shownAt, ...unknown } = failed;
    expect(kinds(said(unknown, 'failed', command, undefined))).toEqual([
      'answer: not-sent',
      'notice: failed',
    ]);
  });

  it('a reply has its notice in the thread that it was written in', () => {
    expect(said(failed, 'failed', reply)).toEqual([
      expect.objectContaining({ kind: 'notice', thread, say: expect.objectContaining({ words: 'failed' }) }),
    ]);
  });

  it('a second notice takes the place of the first, with buttons of its own', () => {
    const [notice, ...more] = said(follow(uncertain, holdOver(900_000)).delivery, 'set-aside');
    expect(more).toEqual([]);
    // It is as uncertain as before, and only its writer sends it again: it must not sound as if it went by itself.
    expect(notice).toMatchObject({
      kind: 'notice',
      say: { words: 'uncertain', isAside: true, retry: { version: 2 } },
    });
    const waits = follow(waiting, holdOver()).delivery;
    expect(said(waits, 'set-aside')[0].say).toMatchObject({ words: 'set-aside', retry: { version: 2 } });
  });

  it('one that waits says for how long it holds the others', () => {
    expect(said(waiting, 'waiting').at(-1).say).toMatchObject({
      sentence: 'Connect again.',
      holdMinutes: 10,
    });
  });
});

describe('an edit or deletion that did not go through', () => {
  const revised = (how: 'edit' | 'delete', text: string) => {
    const revises = { of: queued.id, how, writtenAtMs: 0, atUs: 1 };
    const content = { ...reply, message: { ...reply.message, text } };
    return said({ ...failed, revises }, 'failed', content)[0];
  };

  it('says so, also when nothing was prepared', () => {
    expect(revised('edit', 'dinner?')).toMatchObject({ say: { excerpt: 'Edited: dinner?' } });
    expect(revised('delete', '')).toMatchObject({ say: { excerpt: '(a message that you deleted)' } });
  });
});

describe('a decision', () => {
  it.each<Telling>(['trying-again', 'discarded', 'arrived-twice'])(
    '%s: a notice without a choice',
    (what) => {
      const [notice, ...more] = said({ ...failed, told: 1 }, what);
      expect(more).toEqual([]);
      expect(notice).toMatchObject({ kind: 'notice', say: { words: what, excerpt: 'lu' } });
      expect(notice.say).not.toHaveProperty('retry');
    },
  );
});

it('what nobody has to hear is not said', () => {
  expect(entriesFor(queued, [{ do: 'releasePair' }, { do: 'leaveLane' }], prepared, pair, options)).toEqual(
    [],
  );
});
