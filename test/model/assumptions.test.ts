import { describe, expect, it } from 'vitest';
import { explore } from './checker/explore.ts';
import { tellFinding } from './checker/system.ts';
import type { JudgeOf } from './judges/judge-of.ts';
import { neverTwice, neverTwiceWithoutReason, twiceIsTold } from './judges/once.ts';
import { inOrder, strictlyInOrder } from './judges/order.ts';
import { neverForgotten, neverLost, sentIsThere } from './judges/words.ts';
import { modelOf } from './protocol/model.ts';
import { message, type Scenario, scenario } from './protocol/scenario.ts';

const one = { messages: [message('m1')] };

/** The shortest way to break a promise; empty: there is none. */
function wayToBreak(judgeOf: JudgeOf, where: Scenario): string[] {
  const { complete, findings } = explore(modelOf(where), [judgeOf(where)]);
  if (findings.length === 0 && !complete) throw new Error('not all was seen');
  return findings.map(tellFinding);
}

function expectBroken(judgeOf: JudgeOf, where: Scenario, way: RegExp): void {
  expect(wayToBreak(judgeOf, where).join('\n')).toMatch(way);
}

const expectKept = (judgeOf: JudgeOf, where: Scenario): void =>
  expect(wayToBreak(judgeOf, where)).toEqual([]);

describe('what cannot be promised', () => {
  it('a commit after the last look, where it is posted again, doubles: and its sender is told', () => {
    const late = scenario('late', { broken: 1, late: 1 }, one);
    expectBroken(neverTwice, late, /takes longer than anybody looks[\s\S]*POSTs[\s\S]*as #1$/);
    expectKept(neverTwiceWithoutReason, late);
    expectKept(twiceIsTold, late);
  });

  it('a commit after the watch is never told', () => {
    const afterTheWatch = scenario('later', { broken: 1, late: 1 }, { ...one, watch: 'ends before' });
    expectBroken(twiceIsTold, afterTheWatch, /finds no other[\s\S]*Salesforce stores m1/);
  });

  it('after silence nothing doubles by itself, but at the word of its sender', () => {
    const silent = scenario('silent', { silent: 1, late: 1 }, one);
    expectKept(neverTwice, silent);
    const asked = scenario('asked', { silent: 1, late: 1, retry: 1 }, one);
    expectBroken(neverTwice, asked, /presses retry[\s\S]*POSTs[\s\S]*as #1$/);
    expectKept(twiceIsTold, asked);
  });

  it('a pause between guard and write doubles, and is witnessed', () => {
    const frozen = scenario('frozen', { freeze: 1 }, one);
    expectBroken(
      neverTwice,
      frozen,
      /stands still between guard and write[\s\S]*does not find it[\s\S]*as #1$/,
    );
    expectKept(neverTwiceWithoutReason, frozen);
    expectKept(twiceIsTold, frozen);
  });

  it('the same words typed by hand between intent and look are taken for ours', () => {
    const byHand = scenario('by hand', { broken: 1, byHand: 1 }, one);
    expectBroken(sentIsThere, byHand, /has not arrived[\s\S]*by hand: #0[\s\S]*finds #0/);
    expectKept(neverTwice, byHand);
  });

  it('what Redis forgets before it was begun is lost without a word', () => {
    const forgets = scenario('forgets', { restore: 1 }, { ...one, forgets: 1 });
    expectBroken(neverForgotten, forgets, /it is stored[\s\S]*without its last 1 writes$/);
    expectKept(neverLost, forgets);
  });

  it('what Slack delivers late goes late, with its time', () => {
    const late = scenario('late from Slack', { disorder: 1 });
    expectBroken(strictlyInOrder, late, /sends too early m2[\s\S]*POSTs "ok \(late\)"/);
    expectKept(inOrder, late);
  });

  it('what waits for a person is overtaken, and goes with its time', () => {
    const waits = scenario('waits', { needsToken: 1 });
    expectBroken(strictlyInOrder, waits, /holdOver[\s\S]*POSTs "ok \(late\)"/);
    expectKept(inOrder, waits);
  });
});
