import type { Delivery, DeliveryEvent, Effect } from '../../../src/bridge/delivery.ts';
import { applyToPair, knows, newPair, type Pair, type TextMark } from '../../../src/bridge/pair.ts';
import type { PairKey, SalesforceUserId } from '../../../src/bridge/people.ts';
import { essenceOf, essenceOfPair, NOW_MS, timingOf } from './essence.ts';
import { type Change, type Committed, commit, keptOf, type Log, pairOf } from './log.ts';
import type { Message, Scenario, Setting } from './scenario.ts';
import type { Hand } from './world.ts';

export interface Applied {
  done: Committed | 'same';
  log: Log;
  /** As stored, or as read again when something had moved. */
  hand: Hand;
  effects: readonly Effect[];
  change: Change | undefined;
}

/**
 * One pass of src/bridge/apply.ts: what the state machine says to an event, stored in one script. When something moved
 * it is read again, and the caller judges anew in its next step.
 */
export function apply(
  log: Log,
  hand: Hand,
  event: DeliveryEvent,
  run: number | undefined,
  o: Setting,
): Applied {
  const message = messageOf(o.scenario, hand.delivery);
  if (o.protocol.witnessesOnce && event.type === 'witnessed' && knows(hand.pair, event.arrived)) {
    return { done: 'same', log, hand, effects: [], change: undefined };
  }
  const said = o.protocol.next(hand.delivery, event, timingOf(o.scenario));
  const { effects } = said;
  if (said.delivery === hand.delivery) return { done: 'same', log, hand, effects, change: undefined };
  const after = essenceOf({ ...said.delivery, version: hand.delivery.version + 1 });
  const pair = hand.pair && {
    before: hand.pair,
    after: pairAfter(hand.pair, said.delivery, effects, textOf(message, hand.text, said.delivery.part)),
  };
  const change: Change = {
    before: hand.delivery,
    after,
    ...(run !== undefined && { run, text: hand.text }),
    ...(pair && pair.after !== pair.before && { pair }),
  };
  const { log: written, done } = commit(log, change, o.protocol);
  if (done === 'stored') {
    const now: Hand = { ...hand, delivery: after, pair: change.pair?.after ?? hand.pair };
    return { done, log: written, hand: now, effects, change };
  }
  return { done, log, hand: readAgain(log, hand, done, message.pair), effects: [], change };
}

function pairAfter(pair: Pair, after: Delivery, effects: readonly Effect[], text: string): Pair {
  const changed = applyToPair(pair, after, effects, text as TextMark, NOW_MS);
  return changed === pair ? pair : essenceOfPair({ ...changed, version: pair.version + 1 });
}

function readAgain(log: Log, hand: Hand, why: Committed, key: PairKey): Hand {
  if (why === 'pair-moved') return { ...hand, pair: readPair(log, key) };
  const kept = why === 'moved' ? keptOf(log, hand.delivery.id) : undefined;
  return kept ? { ...hand, delivery: kept.delivery } : hand;
}

export const readPair = (log: Log, key: PairKey): Pair =>
  pairOf(log, key) ??
  essenceOfPair(newPair({ key, sender: 'ada' as SalesforceUserId, recipients: [], names: [] }));

export function messageOf({ messages }: Scenario, { id }: Pick<Delivery, 'id'>): Message {
  const found = messages.find((message) => message.id === id);
  if (!found) throw new Error(`no message ${id}`);
  return found;
}

/** Where a late message says when it was written. */
export const LATE = ' (late)';

/** The text of a part, as it is frozen in the content; what is late carries its time. */
export const textOf = ({ text, parts }: Message, prepared: string | undefined, part: number): string =>
  parts > 1 ? `${prepared ?? text}, part ${part + 1}` : (prepared ?? text);
