import type { Delivery } from '../../../src/bridge/delivery.ts';
import { keptOf } from '../protocol/log.ts';
import type { Message, Scenario } from '../protocol/scenario.ts';
import type { Stored, World } from '../protocol/world.ts';

/** A part of a message in Salesforce, with its place there. */
export interface Copy extends Stored {
  place: number;
}

export interface Part {
  id: Message['id'];
  part: number;
}

export const partsOf = ({ messages }: Scenario): Part[] =>
  messages.flatMap(({ id, parts }) => Array.from({ length: parts }, (_, part) => ({ id, part })));

/** In the order of their coming. */
export function copiesOf(world: World, { id, part }: Part): Copy[] {
  return world.stored.flatMap((stored, place) =>
    stored.of === id && stored.part === part ? [{ ...stored, place }] : [],
  );
}

/** A second copy has its reason, and could not have been seen by the look before its POST; or a person asked for it. */
export function isExcused(earlier: Copy, later: Copy): boolean {
  if (later.isAsked || later.isFrozen || later.isLate) return true;
  return (earlier.isLate || earlier.isFrozen) && earlier.place >= later.lookedAt;
}

/** What a reader sees of these words, with their time or without, and in parts. */
export const textsLike = (world: World, { pair, text }: Message): readonly Stored[] =>
  world.stored.filter((one) => one.pair === pair && one.of !== 'earlier' && isLike(one.text, text));

const isLike = (stored: string, text: string): boolean =>
  stored === text || stored.startsWith(`${text} (`) || stored.startsWith(`${text},`);

/** How often these words were called sent, "arrived twice" included: what a reader should see. */
export function calledSent(world: World, { messages }: Scenario, { pair, text }: Message): number {
  const alike = messages.filter((other) => other.pair === pair && other.text === text);
  return alike.reduce(
    (sum, { id }) => sum + partsSent(keptOf(world.log, id)?.delivery) + (world.ledger.toldTwice[id] ?? 0),
    0,
  );
}

const partsSent = (d: Delivery | undefined): number => (d?.phase === 'sent' ? d.parts : (d?.part ?? 0));
