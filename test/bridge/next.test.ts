import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryEvent, Phase } from '../../src/bridge/delivery.ts';
import { next } from '../../src/bridge/next.ts';
import {
  accepted,
  base,
  begin,
  begun,
  discard,
  failed,
  follow,
  found,
  holdOver,
  lastLook,
  lost,
  needsToken,
  no,
  note,
  nothing,
  queued,
  retry,
  sent,
  settling,
  silent,
  takenOver,
  timing,
  uncertain,
  waiting,
  words,
} from './deliveries.ts';

const noBase: DeliveryEvent = { type: 'begin', base: undefined, must: false, atMs: 1_000 };
const mustLook: DeliveryEvent = { type: 'begin', base, must: true, atMs: 1_000 };
const edited: DeliveryEvent = { type: 'edited' };
const deleted: DeliveryEvent = { type: 'deleted' };
const unreadable = (atMs: number): DeliveryEvent => ({ type: 'unreadable', atMs });
const unread: Delivery = follow(settling, unreadable(4_000)).delivery;

const again: Delivery = follow(lastLook, nothing()).delivery;
const refusedAgain: Delivery = follow(again, no('permanent', 21_000)).delivery;
const aside: Delivery = follow(uncertain, holdOver(900_000)).delivery;
const waitingAside: Delivery = follow(waiting, holdOver()).delivery;
const retried: Delivery = follow(uncertain, retry()).delivery;
const repeatable: Delivery = { ...note, repeatable: true };
const watchedOne: Delivery = follow(again, accepted('m2')).delivery;
const lastWatch: Delivery = follow(watchedOne, nothing(60_000), nothing(200_000)).delivery;
const ghost = (id: string): DeliveryEvent =>
  ({ ...found(id, 60_000), ghost: { mark: 'its mark', part: 0 } }) as DeliveryEvent;

type Row = [name: string, from: Delivery, event: DeliveryEvent, to: Phase, effects: string[]];

const rows: Row[] = [
  // A message that never was on its way.
  ['base known: POST', queued, begin(), 'begun', ['holdPair']],
  ['base unknown: the target is read first', queued, noBase, 'queued', ['readBaseline']],
  ['Redis was restored: look first', queued, mustLook, 'settling', ['holdPair']],
  ['its text was edited: the new text goes', queued, edited, 'queued', ['replaceText']],
  ['it was deleted: nothing goes', queued, deleted, 'discarded', ['leaveLane', 'erase']],
  ['a passing no before the POST', queued, no('passing'), 'queued', []],
  ['a permanent no before the POST', queued, no('permanent'), 'failed', ['leaveLane', 'tell failed']],
  ['it has to wait for a person', queued, needsToken(2_000), 'queued', ['tell waiting']],

  // Its first POST.
  [
    'accepted',
    begun,
    accepted('m1'),
    'sent',
    ['acknowledge m1', 'releasePair', 'leaveLane', 'erase', 'tell sent'],
  ],
  ['accepted, more parts', { ...begun, parts: 2 }, accepted('m1'), 'queued', ['acknowledge m1']],
  ['a passing no', begun, no('passing'), 'queued', ['releasePair']],
  ['a permanent no', begun, no('permanent'), 'failed', ['releasePair', 'leaveLane', 'tell failed']],
  ['it has to wait for a token', begun, needsToken(2_000), 'queued', ['releasePair', 'tell waiting']],
  ['reset or 5xx', begun, lost('broken'), 'settling', []],
  ['time-out', begun, lost('silent'), 'settling', []],
  ['its owner died', begun, takenOver(), 'settling', []],
  ['edited meanwhile: frozen', begun, edited, 'begun', ['followUp edit']],
  ['deleted meanwhile: frozen', begun, deleted, 'begun', ['followUp delete']],

  // After an unknown outcome.
  ['edited while it is looked for', settling, edited, 'settling', ['followUp edit']],
  ['deleted while it is looked for', settling, deleted, 'settling', ['followUp delete']],
  [
    'found',
    settling,
    found('m1'),
    'sent',
    ['acknowledge m1', 'releasePair', 'leaveLane', 'erase', 'tell sent'],
  ],
  ['not found, looks left', settling, nothing(), 'settling', []],
  ['not found, looks spent: POST again', lastLook, nothing(), 'begun', ['leaveGhost']],
  ['a passing no to the second POST', again, no('passing', 21_000), 'settling', []],
  ['a permanent no to the second POST', again, no('permanent', 21_000), 'settling', []],
  [
    'not found, though it was refused since',
    { ...refusedAgain, looks: 2 },
    nothing(90_000),
    'uncertain',
    ['tell uncertain'],
  ],
  ['timed out and not found', { ...silent, looks: 4 }, nothing(130_000), 'uncertain', ['tell uncertain']],
  [
    'posted often enough',
    { ...lastLook, posts: timing.mostPosts },
    nothing(),
    'uncertain',
    ['tell uncertain'],
  ],
  ['it cannot be looked for yet', settling, unreadable(10_000), 'settling', []],
  ['it cannot be looked for at all', unread, unreadable(125_000), 'uncertain', ['tell uncertain']],

  // Uncertain.
  ['a slow look finds nothing', uncertain, nothing(400_000), 'uncertain', []],
  ['a slow look cannot be made', uncertain, unreadable(400_000), 'uncertain', []],
  [
    'a slow look finds it',
    uncertain,
    found('m1', 400_000),
    'sent',
    ['acknowledge m1', 'releasePair', 'leaveLane', 'erase', 'tell sent'],
  ],
  ['Retry', uncertain, retry(), 'queued', ['leaveGhost', 'releasePair', 'tell trying-again']],
  ['Retry, next run', retried, begin(), 'begun', ['holdPair']],
  ['Retry, then no way to begin', retried, no('permanent', 900_000), 'uncertain', ['tell uncertain']],
  ['Discard', uncertain, discard, 'discarded', ['leaveGhost', 'releasePair', 'leaveLane', 'tell discarded']],
  [
    'it held its lane for too long',
    uncertain,
    holdOver(900_000),
    'uncertain',
    ['leaveGhost', 'releasePair', 'leaveLane', 'tell set-aside'],
  ],
  ['Discard when it is aside', aside, discard, 'discarded', ['leaveLane', 'tell discarded']],
  ['deleted by its writer', uncertain, deleted, 'uncertain', ['followUp delete']],

  // Waiting for a person.
  ['Retry of a waiting one', waiting, retry(), 'queued', []],
  ['Discard of a waiting one', waiting, discard, 'discarded', ['leaveLane', 'erase', 'tell discarded']],
  ['it waited for too long', waiting, holdOver(), 'queued', ['leaveLane', 'tell set-aside']],
  ['it waits on, aside: told already', waitingAside, needsToken(900_000), 'queued', []],
  [
    'Discard of one that was sent again',
    follow(retried, needsToken(900_000)).delivery,
    discard,
    'discarded',
    ['leaveLane', 'tell discarded'],
  ],

  // Under watch: an attempt was given up.
  [
    'sent, though an attempt was given up',
    again,
    accepted('m2'),
    'sent',
    ['acknowledge m2', 'releasePair', 'leaveLane', 'tell sent'],
  ],
  ['a look for it in vain', watchedOne, nothing(60_000), 'sent', []],
  ['it cannot be looked for', watchedOne, unreadable(60_000), 'sent', []],
  ['the last look for it in vain', lastWatch, nothing(900_000), 'sent', ['leaveLane', 'erase']],
  [
    'it turns up',
    watchedOne,
    ghost('m1'),
    'sent',
    ['acknowledge m1', 'leaveLane', 'erase', 'tell arrived-twice'],
  ],
  [
    'one of two turns up',
    { ...watchedOne, ghosts: 2 },
    ghost('m1'),
    'sent',
    ['acknowledge m1', 'tell arrived-twice'],
  ],
  [
    'a discarded one turns up',
    follow(uncertain, discard).delivery,
    ghost('m1'),
    'sent',
    ['acknowledge m1', 'leaveLane', 'erase', 'tell sent'],
  ],

  // Ended.
  ['Retry of a failed one', failed, retry(), 'queued', ['rejoinLane', 'tell trying-again']],
  ['Discard of a failed one', failed, discard, 'discarded', ['erase', 'tell discarded']],
  ['a failed one is deleted: its note says so', failed, deleted, 'discarded', ['erase', 'tell discarded']],
  ['a failed one is edited: Retry sends that', failed, edited, 'failed', ['replaceText']],
  ['a sent one is edited', sent, edited, 'sent', ['followUp edit']],
  ['a sent one is deleted', sent, deleted, 'sent', ['followUp delete']],

  // What the bridge says in Slack: its mark is exact, and nobody can be asked about it.
  ['a note was not answered', follow(note, begin()).delivery, lost('silent'), 'settling', []],
  [
    'a note is not there: said again',
    { ...follow(note, begin(), lost('silent')).delivery, looks: 4 },
    nothing(130_000),
    'begun',
    ['leaveGhost'],
  ],
  [
    'Slack cannot be read for an hour',
    follow(note, begin(), lost('broken')).delivery,
    unreadable(3_600_000),
    'settling',
    [],
  ],
  [
    'Slack cannot be read for a day',
    follow(note, begin(), lost('broken'), unreadable(4_000)).delivery,
    unreadable(90_000_000),
    'failed',
    ['releasePair', 'leaveLane'],
  ],
  [
    'a change in place was lost: repeated',
    follow(repeatable, begin()).delivery,
    lost('silent'),
    'queued',
    [],
  ],
  ['a change in place was taken over', follow(repeatable, begin()).delivery, takenOver(), 'queued', []],
  ['a change needs no base', repeatable, noBase, 'begun', ['holdPair']],
  ['a change is never looked for', repeatable, mustLook, 'begun', ['holdPair']],
  [
    'a change was tried for a day',
    follow(repeatable, begin()).delivery,
    lost('broken', 90_000_000),
    'failed',
    ['leaveLane'],
  ],
];

describe('each row of the delivery protocol', () => {
  it.each(rows)('%s', (_name, from, event, to, effects) => {
    const { delivery, effects: done } = next(from, event, timing);
    expect([delivery.phase, ...words(done)]).toEqual([to, ...effects]);
  });
});

describe('an event that means nothing', () => {
  const answers: DeliveryEvent[] = [lost('broken'), takenOver(), nothing(), found('m9'), unreadable(9_000)];
  const meaningless: [string, Delivery, DeliveryEvent[]][] = [
    ['queued', queued, [accepted('m9'), ...answers, holdOver(), retry(), discard]],
    ['begun', begun, [begin(), nothing(), found('m9'), unreadable(9_000), holdOver(), retry(), discard]],
    [
      'settling',
      settling,
      [begin(), lost('broken'), takenOver(), no('permanent'), holdOver(), retry(), discard],
    ],
    ['uncertain', uncertain, [begin(), lost('broken'), takenOver(), no('permanent')]],
    ['aside', aside, [begin(), holdOver(990_000)]],
    ['sent', sent, [begin(), accepted('m9'), no('permanent'), ...answers, holdOver(), retry(), discard]],
    ['failed', failed, [begin(), accepted('m9'), no('permanent'), ...answers, holdOver()]],
    [
      'discarded',
      follow(failed, discard).delivery,
      [begin(), accepted('m9'), no('permanent'), ...answers, holdOver(), retry(), discard, edited, deleted],
    ],
  ];

  it.each(meaningless)('leaves a %s one as it is', (_phase, delivery, events) => {
    for (const event of events) {
      const result = next(delivery, event, timing);
      expect(result.delivery, event.type).toBe(delivery);
      expect(result.effects, event.type).toEqual([]);
    }
  });
});
