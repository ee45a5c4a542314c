import type { Judge } from '../checker/system.ts';
import type { Scenario } from '../protocol/scenario.ts';
import type { World } from '../protocol/world.ts';
import type { JudgeOf } from './judge-of.ts';
import {
  neverTwice,
  neverTwiceUntold,
  neverTwiceVisibly,
  neverTwiceWithoutReason,
  twiceIsTold,
} from './once.ts';
import { inOrder, strictlyInOrder } from './order.ts';
import { markNeverStepsBack, neverStuck, oneIntent, oursIsOurs } from './pairs.ts';
import {
  cancelledNeverGoes,
  eachPartIsThere,
  failedIsNotThere,
  neverForgotten,
  neverLost,
  sentIsThere,
} from './words.ts';

/** All that must hold in a scenario: a promise is left out where the scenario breaks what it holds under. */
export function judgesOf(scenario: Scenario): Judge<World>[] {
  const { budget } = scenario;
  const has = (...faults: (keyof typeof budget)[]): boolean =>
    faults.some((fault) => (budget[fault] ?? 0) > 0);
  const hasLanes = new Set(scenario.messages.map(({ lane }) => lane)).size > 1;
  const isRiskTaken = has('retry') && has('silent', 'unreadable', 'permanentNo');
  const maybe: [JudgeOf, boolean][] = [
    [neverTwice, !has('late', 'freeze', 'restore') && !isRiskTaken],
    [neverTwiceWithoutReason, !has('restore')],
    [neverTwiceVisibly, !has('late', 'freeze') && !isRiskTaken && !(has('restore') && hasLanes)],
    [neverTwiceUntold, has('restore') && hasLanes],
    [twiceIsTold, !has('restore', 'byHand')],
    [neverForgotten, !has('restore')],
    [neverLost, true],
    [sentIsThere, !has('byHand')],
    [eachPartIsThere, !has('byHand')],
    [failedIsNotThere, true],
    [cancelledNeverGoes, !has('restore')],
    [inOrder, true],
    [
      strictlyInOrder,
      !has('late', 'freeze', 'restore', 'disorder', 'retry', 'needsToken', 'silent', 'unreadable'),
    ],
    [markNeverStepsBack, true],
    [oneIntent, true],
    [oursIsOurs, !has('restore', 'byHand')],
    [neverStuck, true],
  ];
  return maybe.flatMap(([judgeOf, isExpected]) => (isExpected ? [judgeOf(scenario)] : []));
}
