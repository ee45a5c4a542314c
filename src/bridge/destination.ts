import type { Arrived, Base, Delivery, Effect } from './delivery.ts';
import type { Change, NewEntry } from './delivery-log.ts';
import type { Pair, TextMark } from './pair.ts';
import type { SendWatch } from './ports.ts';
import type { StepName } from './steps.ts';

/** What preparing found out: everything that a POST needs, frozen with the intent. */
export interface Prepared {
  /** The content to be stored with the intent. */
  content: string;
  parts: number;
  repeatable: boolean;
  /** The pair as it is stored, or as it will be. Chat notes have none. */
  pair?: Pair;
}

/**
 * One kind of target. The delivery protocol (deliver.ts) is the same for all; a destination knows how to prepare,
 * post and look there. Its methods throw DeliveryError.
 */
export interface Destination {
  /**
   * Makes the content ready. Nothing has been sent when it throws. What it made is frozen with the first intent.
   * undefined: there is nothing to be sent.
   */
  prepare(delivery: Delivery, content: string, late: boolean): Promise<Prepared | undefined>;
  /** Throws when a gate keeps the target from being asked now. Asks nobody. Absent: it has no gates of its own. */
  ready?(content: string): Promise<void>;
  /** The pair that a prepared content belongs to. */
  pairOf(content: string): Promise<Pair | undefined>;
  /** The text of the current part, for its mark. */
  textOf(delivery: Delivery, content: string): string;
  /** From when on a message can be ours; undefined: nothing is known, read the target first. */
  base(delivery: Delivery, pair: Pair | undefined, must: boolean): Base | undefined;
  baseline(content: string): Promise<Base>;
  post(delivery: Delivery, content: string, pair: Pair | undefined, watch: SendWatch): Promise<Arrived>;
  /**
   * Looks for the current part among what the target holds.
   * @param newEnoughMs an earlier reading serves as well if it began at that time or later, by this process's clock.
   */
  look: Look;
  /** Looks for an attempt of this delivery that was given up: one message more than is known. */
  lookForGhost: Look;
  /** What has to be stored or said because of these effects; `content` is undefined when it cannot be read. */
  outcome(
    after: Delivery,
    effects: readonly Effect[],
    content: string | undefined,
    pair: Pair | undefined,
  ): Outcome;
  /** Names of the crash-test steps, which differ by destination. */
  steps: {
    taken: StepName;
    begun: StepName;
    answered: StepName;
    looked: StepName;
    stored: StepName;
  };
}

export type Look = (
  delivery: Delivery,
  content: string,
  pair: Pair | undefined,
  newEnoughMs: number,
) => Promise<Found | undefined>;

/** `ghost`: which attempt it was, when that had been given up. */
export type Found = { arrived: Arrived; ghost?: { mark: TextMark; part: number } };

export type Outcome = { outbox: readonly NewEntry[] } & Pick<
  Change,
  'threadLink' | 'note' | 'reader' | 'told'
>;
