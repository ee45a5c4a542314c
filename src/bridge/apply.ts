import type { Delivery, DeliveryEvent, Effect } from './delivery.ts';
import type { Bell, Change, DeliveryLog, TextMarks } from './delivery-log.ts';
import type { Destination } from './destination.ts';
import { next } from './next.ts';
import { applyToPair, knows, type Pair } from './pair.ts';
import type { DeliveryId } from './people.ts';
import type { Step } from './steps.ts';
import type { Timing } from './timing.ts';

export interface ApplyOptions {
  log: DeliveryLog;
  destination: Destination;
  marks: TextMarks;
  bell: Bell;
  timing: Timing;
  now: () => number;
  step: Step;
  /** Called with every stored change, for the log lines that follow a message. Never holds text. */
  changed: (before: Delivery, after: Delivery) => void;
}

/** A delivery with what belongs to it, as last read or stored. */
export interface Hand {
  delivery: Delivery;
  /** undefined: it cannot be read. It stays stored as it is, and is told about without its text. */
  content: string | undefined;
  pair: Pair | undefined;
  /** The last that its writer has changed about it, as last read. */
  revisedBy?: DeliveryId | undefined;
}

/** The pair that a delivery belongs to, known from its state when its content cannot be read. */
export async function pairOf(
  { delivery, content }: Hand,
  o: Pick<ApplyOptions, 'log' | 'destination'>,
): Promise<Pair | undefined> {
  if (content !== undefined) return o.destination.pairOf(content);
  return delivery.pair && (await o.log.pair(delivery.pair));
}

/** `same`: the event meant nothing. `fenced`: another run owns the delivery; nothing was written. */
export type Applied = 'stored' | 'same' | 'fenced' | 'pair-busy';

/**
 * Stores what the state machine says to an event, together with everything that follows from it, in one script; and
 * judges anew when something moved meanwhile.
 */
export function createApply(
  o: ApplyOptions,
): (hand: Hand, event: DeliveryEvent, run?: string) => Promise<Applied> {
  return async function apply(hand, event, run) {
    for (;;) {
      // A late answer is no news when its message was found before: it is nothing that has arrived as well.
      if (event.type === 'witnessed' && knows(hand.pair, event.arrived)) return 'same';
      const before = hand.delivery;
      const { delivery: after, effects } = next(before, event, o.timing);
      if (after === before) return 'same';
      const pair = hand.pair && {
        before: hand.pair,
        after: pairAfter(hand.pair, hand.content, after, effects),
      };
      const outcome = o.destination.outcome(after, effects, hand.content, pair?.after);
      const change: Change = {
        before,
        after,
        erase: effects.some((effect) => effect.do === 'erase'),
        ...(run !== undefined && { run }),
        // Only the run that owns a delivery writes its content; what others read may be older than its route. A new text
        // replaces what has no route yet.
        ...((run !== undefined || effects.some((effect) => effect.do === 'replaceText')) &&
          hand.content !== undefined && { content: hand.content }),
        ...(pair && pair.after !== pair.before && { pair }),
        ...outcome,
      };
      const committed = await o.log.commit(change);
      switch (committed.kind) {
        case 'fenced':
        case 'pair-busy':
          return committed.kind;
        case 'pair-moved':
          hand.pair = (await pairOf(hand, o)) ?? hand.pair;
          // What was found may be somebody else's by now: the caller looks again.
          if (event.type === 'looked' && event.found) return 'same';
          break;
        case 'moved': {
          const read = await o.log.read(before.id);
          if (!read) return 'fenced';
          hand.delivery = read.delivery;
          hand.revisedBy = read.revisedBy;
          // What was prepared belongs to the state that moved: the caller looks at the new one first.
          if (event.type === 'begin') return 'stored';
          break;
        }
        case 'stored':
          o.changed(before, committed.delivery);
          hand.delivery = committed.delivery;
          if (change.pair) hand.pair = { ...change.pair.after, version: change.pair.before.version + 1 };
          if (effects.some((effect) => effect.do === 'acknowledge')) await o.step(o.destination.steps.stored);
          await wake(after, effects, change, committed.head);
          return 'stored';
      }
    }
  };

  function pairAfter(
    pair: Pair,
    content: string | undefined,
    after: Delivery,
    effects: readonly Effect[],
  ): Pair {
    const text = content === undefined ? '' : o.destination.textOf(after, content);
    return applyToPair(pair, after, effects, o.marks.mark(text), o.now());
  }

  async function wake(
    after: Delivery,
    effects: readonly Effect[],
    change: Change,
    head: Delivery['id'] | undefined,
  ): Promise<void> {
    for (const entry of change.outbox) await o.bell.ring('chat', entry.delivery.id);
    if (head && effects.some((effect) => effect.do === 'leaveLane')) {
      await o.step('release.before');
      await o.bell.ring(after.to, head);
    }
  }
}
