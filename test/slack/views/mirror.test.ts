import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../sandbox/slack/block-check.ts';
import type { Rest } from '../../../src/bridge/mirror.ts';
import type { Say } from '../../../src/bridge/note.ts';
import type { ChatMessageId, ChatPersonId, ChatThreadId, DeliveryId } from '../../../src/bridge/people.ts';
import { renderSay } from '../../../src/slack/views/say.ts';
import { aliveIn } from './shown.ts';

const thread = 'T0CORP-C0GENERAL-1700000000.000100' as ChatThreadId;
const by = 'T0CORP-U0ADA' as ChatPersonId;
const link = 'https://bridge.corp.com/conversations/1';
const permalink = 'https://corp.slack.com/archives/C0GENERAL/p1700000000000100';
const lookedUp = { permalink, name: 'Ada Lovelace' };
const people = ['Ada Lovelace', 'Grace Hopper'];
const retry = { delivery: 'msg-1' as DeliveryId, version: 3 };
const at = thread as string as ChatMessageId;
const rests: Rest[] = ['app-removed', 'app-silenced', 'place-archived', 'place-shared', 'root-deleted'];

const shown = (say: Say, found: Parameters<typeof renderSay>[2] = lookedUp) => {
  const { text, blocks } = renderSay(say, 'inside', found);
  return `${text}\n${JSON.stringify(blocks)}`;
};

describe('the notice of a mirrored thread', () => {
  const mirrored: Say = { words: 'mirrored', thread, by, people, link };

  it('says with whom, who reads what, by whom, and how to stop', () => {
    const said = shown(mirrored);
    expect(said).toContain('mirrored to Chatter* with Ada Lovelace and Grace Hopper');
    expect(said).toContain(`<${link}|Open conversation>`);
    expect(said).toMatch(/What is written here they read.*everybody who can read this thread/);
    expect(said).toContain('Started by Ada Lovelace.');
    expect(said).toContain('`/chatter-dm stop`');
  });

  it('has a button that names the thread and asks again', () => {
    const actions = renderSay(mirrored).blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({
      elements: [{ action_id: 'stop_mirror', value: thread, confirm: expect.anything() }],
    });
  });

  it('says in its place that it is over, by whom, and has no button any more', () => {
    const over: Say = { words: 'mirror-over', people, by };
    expect(shown(over)).toMatch(/no longer mirrored.*Ada Lovelace has stopped it\. What is written here/);
    expect(shown({ words: 'mirror-over', people })).toContain(': it was stopped.');
    expect(renderSay(over).blocks.map(({ type }) => type)).toEqual(['section']);
  });

  it('goes without names where nobody is named', () => {
    expect(renderSay({ words: 'mirror-over', people: [] }).text).toContain(
      'mirrored to Chatter*: it was stopped',
    );
  });
});

describe('what is said about a mirrored thread to one person', () => {
  it.each(rests)('says why it rests, and how to go on: %s', (why) => {
    const said = shown({ words: 'mirror-rests', thread, people, why });
    expect(said).toMatch(/no longer mirrored.*because .*\. To go on, /);
    expect(said).toContain(`<${permalink}|the thread>`);
  });

  it.each(rests)('says so in its thread, where it still can: %s', (why) => {
    expect(shown({ words: 'mirror-over', people, why })).toMatch(
      /no longer mirrored.*(its|the app).*stays here/,
    );
  });

  it('says why it was not mirrored', () => {
    expect(shown({ words: 'not-mirrored', thread, sentence: 'Grace is not in Salesforce.' })).toMatch(
      /Not mirrored\.\* Grace is not in Salesforce\..*<https/,
    );
  });

  it('tells an outsider who speaks for them, and offers to start anew', () => {
    const outsider: Say = { words: 'outsider', thread, people };
    expect(shown(outsider)).toMatch(
      /The bridge speaks for you.*Ada Lovelace and Grace Hopper under your name/,
    );
    expect(renderSay(outsider).blocks).toContainEqual(
      expect.objectContaining({
        elements: [expect.objectContaining({ action_id: 'mirror_anew', value: thread })],
      }),
    );
  });

  it('tells whose words do not travel why', () => {
    expect(shown({ words: 'does-not-travel', thread, sentence: 'You are a guest.' })).toMatch(
      /stays in Slack\..*You are a guest\./,
    );
  });

  it.each<Say['words']>(['failed', 'uncertain', 'waiting', 'set-aside'])(
    'links to the message that is %s',
    (words) => {
      const say = { words, sentence: 'No.', excerpt: 'x', retry, at, holdMinutes: 10 } as Say;
      expect(shown(say)).toContain(`· <${permalink}|Show message>`);
      expect(shown(say, {})).not.toContain('Show message');
    },
  );
});

/** Everything of it, with these as the words of others. */
function everything(text: string): Say[] {
  return [
    { words: 'mirrored', thread, by, people: [text, text], link },
    { words: 'mirror-over', people: [text], by },
    ...rests.flatMap((why): Say[] => [{ words: 'mirror-rests', thread, people: [text], why }]),
    { words: 'not-mirrored', thread, sentence: text },
    { words: 'outsider', thread, people: [text] },
    { words: 'does-not-travel', thread, sentence: text },
    { words: 'failed', sentence: text, excerpt: text, retry, at },
  ];
}

describe('whatever people and Salesforce are called', () => {
  it('nothing of it is alive', () => {
    for (const say of everything('<!channel> <@U1> <https://evil.example|x> & co')) {
      const { text, blocks } = renderSay(say, 'inside', { ...lookedUp, name: '<!here>' });
      const texts = [text, ...blocks.map((block) => JSON.stringify(block))];
      expect(texts.join('\n')).not.toMatch(/<[!@]/);
      expect(aliveIn(text).filter((kind) => kind !== 'link')).toEqual([]);
    }
  });

  it('it stays within Slack’s limits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.integer({ min: 1, max: 400 }), (text, times) => {
        for (const say of everything(text.repeat(times))) {
          const { blocks } = renderSay(say, 'inside', { ...lookedUp, name: text.repeat(times) });
          expect(checkBlocks(blocks)).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
