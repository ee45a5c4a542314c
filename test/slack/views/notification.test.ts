import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../sandbox/slack/block-check.ts';
import type { LeftOutReason, PersonOutcome, Report } from '../../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../../src/bridge/people.ts';
import { GROUPS } from '../../../src/slack/report-groups.ts';
import { renderNotification } from '../../../src/slack/views/notification.ts';
import { aliveIn } from './shown.ts';

const report = (change: Partial<Report> = {}): Report => ({
  id: 'T1-U1-1.2' as NotificationId,
  by: 'T1-U1' as ChatPersonId,
  createdAtMs: 0,
  state: 'done',
  people: [],
  leftOut: [],
  ...change,
});
const person = (name: string, change: Partial<PersonOutcome> = {}): PersonOutcome => ({
  name,
  email: `${name}@corp.com`,
  outcome: 'delivered',
  ...change,
});
const many = (count: number, change: Partial<PersonOutcome> = {}) =>
  Array.from({ length: count }, (_, n) => person(`Person ${n}`, change));
const refused = (name: string, sentence: string) =>
  person(name, { outcome: 'failed', code: 'vetoed', sentence });

const sections = (of: Report) =>
  renderNotification(of).blocks.flatMap((block) =>
    block.type === 'section' && block.text ? [block.text.text] : [],
  );
const labels = (of: Report) =>
  renderNotification(of).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((each) => ('text' in each ? each.text.text : '')) : [],
  );

describe('the report of a notification', () => {
  it('says while it runs how far it is, and when it will be done', () => {
    const people = [
      ...many(120),
      ...many(3, { outcome: 'failed', code: 'vetoed' }),
      ...many(342, { outcome: 'waiting' }),
    ];
    const running = report({ state: 'sending', people, foreseenEndMs: 37_320_000 });
    expect(sections(running)).toEqual([
      '*Sending to 465 people:* 120 delivered, 3 failed, 342 waiting. Done at about <!date^37320^{time}|10:22 UTC>.',
    ]);
    expect(labels(running)).toEqual(['Stop', 'CSV']);
    expect(sections({ ...running, foreseenEndMs: 123_720_000 })[0]).toMatch(
      /Done at about <!date\^123720\^\{date_short_pretty\} \{time\}\|/,
    );
    expect(sections(report({ state: 'sending', people: many(1, { outcome: 'waiting' }) }))).toEqual([
      '*Sending to 1 person:* 0 delivered, 1 waiting.',
    ]);
  });

  it('says what most of those that wait are waiting for', () => {
    const people = [
      person('Ada', { outcome: 'waiting', sentence: 'Salesforce is busy.' }),
      ...many(2, { outcome: 'waiting', sentence: 'Waiting for you to allow it.' }),
    ];
    const { blocks } = renderNotification(report({ state: 'sending', people }));
    expect(JSON.stringify(blocks)).toContain('Waiting for you to allow it.');
    expect(JSON.stringify(blocks)).not.toContain('busy');
  });

  it('says what keeps all of them back, and when it is tried next', () => {
    const untilMs = Date.parse('2026-11-25T20:00:00Z');
    const { blocks } = renderNotification(
      report({
        state: 'sending',
        people: many(2, { outcome: 'waiting' }),
        paused: { reason: 'person-limit', untilMs },
      }),
    );
    expect(JSON.stringify(blocks)).toMatch(
      /\*Paused\.\* Salesforce takes no more Chatter requests from you this hour\. It goes on by itself, <!date\^1795636800\^/,
    );
  });

  it('can be stopped while people are looked up', () => {
    const early = report({ state: 'looking-up' });
    expect(sections(early)).toEqual(['*Finding out who is to get it…*']);
    expect(labels(early)).toEqual(['Stop']);
  });

  it('names in the end whom it has not reached, with one reason once and those who are expected counted', () => {
    const done = report({
      people: [
        ...many(1_460),
        refused('Grace', 'Salesforce refused it. It says: “No.”'),
        refused('Alan', 'Salesforce refused it. It says: “No.”'),
        refused('Kurt', 'The text is too long for Salesforce.'),
        person('Emmy', { outcome: 'failed', code: 'hourly-limit', sentence: 'No more this hour.' }),
        person('Joan', { outcome: 'uncertain', code: 'unconfirmed' }),
      ],
      leftOut: [
        { name: 'Blaise', why: 'inactive', email: 'blaise@corp.com' },
        { name: 'George', why: 'several-users' },
        ...Array.from({ length: 11 }, (_, n) => ({ name: `Bot ${n}`, why: 'bot' as const })),
        { name: 'Charles', why: 'guest' },
        { name: 'Ida', why: 'no-user' },
        { name: 'Mary', why: 'opted-out' },
      ],
    });
    expect(sections(done)).toEqual([
      '*Delivered 1,460* of 1,465: 4 failed, 1 not confirmed.',
      '*No Salesforce user with their e-mail address* (1): Ida',
      '*Several Salesforce users with one e-mail address* (1): George',
      '*Not active in Salesforce* (1): Blaise',
      '*Refused by Salesforce* (3)\n• Grace, Alan: Salesforce refused it. It says: “No.”\n• Kurt: The text is too long for Salesforce.',
      '*Opted out of this app* (1): Mary',
      '*Failed, also when tried again* (1)\n• Emmy: No more this hour.',
      '*Not confirmed: it may have arrived* (1): Joan',
      '*Guests in Slack* (1): Charles',
      '*Apps* (11)',
    ]);
    expect(labels(done)).toEqual(['Retry the failed (4)', 'CSV']);
    expect(JSON.stringify(renderNotification(done).blocks)).toContain('`/chatter-dm failed` lists them');
  });

  it.each([
    [report({ people: many(465) }), '*Delivered 465.*', ['CSV']],
    [report({ leftOut: [{ name: 'Ida', why: 'no-user' }] }), '*Nobody was reached.*', ['CSV']],
    [
      report({ state: 'stopped', people: [...many(2), ...many(3, { outcome: 'stopped' })] }),
      '*Stopped.* 2 of 5 delivered, 3 not.',
      ['Resume', 'CSV'],
    ],
  ])('%# has these words and buttons', (of, words, pressed) => {
    expect(renderNotification(of).text).toBe(words);
    expect(sections(of)[0]).toBe(words);
    expect(labels(of)).toEqual(pressed);
  });

  it('keeps to Slack’s limits whoever and however many there are, and nothing in it is alive', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constantFrom('<@U1>', '<!channel>', '&amp;'.repeat(60)),
    );
    const outcome = fc.record({
      name: word,
      outcome: fc.constantFrom('waiting', 'delivered', 'failed', 'uncertain', 'stopped'),
      code: fc.constantFrom('vetoed', 'no-chatter', 'opted-out', 'hourly-limit', ''),
      sentence: word,
    });
    const left = fc.record({ name: word, why: fc.constantFrom(...(Object.keys(GROUPS) as LeftOutReason[])) });
    const state = fc.constantFrom('sending', 'done', 'stopped');
    fc.assert(
      fc.property(
        fc.array(outcome, { maxLength: 60 }),
        fc.array(left, { maxLength: 60 }),
        state,
        fc.constantFrom(1, 80),
        (people, leftOut, is, times) => {
          const repeated = <T>(all: readonly T[]) => Array.from({ length: times }, () => all).flat();
          const { text, blocks } = renderNotification(
            report({
              state: is as Report['state'],
              people: repeated(people.map((each) => person(each.name, each as PersonOutcome))),
              leftOut: repeated(leftOut),
              foreseenEndMs: 1e12,
            }),
          );
          expect(checkBlocks(blocks)).toEqual([]);
          // About where Slack refuses a message (msg_blocks_too_long).
          expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
          expect(text.length).toBeLessThan(4_000);
          expect(sections(report({ people: people as PersonOutcome[], leftOut })).flatMap(aliveIn)).toEqual(
            [],
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
