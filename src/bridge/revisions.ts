import { type Applied, type ApplyOptions, createApply, type Hand, pairOf } from './apply.ts';
import { readContent, withWordsOf } from './chatter-content.ts';
import { untouched } from './decide.ts';
import { type Delivery, type DeliveryEvent, ended, type Revises } from './delivery.ts';
import type { StoredDelivery } from './delivery-log.ts';
import { next } from './next.ts';
import { readable } from './obstacles.ts';

export interface RevisionOptions extends ApplyOptions {
  /** What becomes of a deletion whose message has gone already. */
  deletePolicy: DeletePolicy;
}

/**
 * `note`: the others are told that it was deleted, and not what it was. `ignore`: nothing. `remove`: it is deleted from
 * Chatter where that can be done, else as `note`.
 */
export type DeletePolicy = 'note' | 'ignore' | 'remove';

/** What an edit or deletion has to do now. `done`: its message has it, or something later has taken its place. */
export type Turn = 'go' | 'done' | { waitMs: number };

export interface Revisions {
  /** Whether an edit or deletion goes as a message of its own now. Anything else always does. */
  turn(delivery: Delivery, content: string | undefined, nowMs: number): Promise<Turn>;
  /**
   * Takes over, before a message goes, what its writer has changed about it.
   * @returns undefined: there is nothing to take over.
   */
  takeOver(hand: Hand, run: string): Promise<Applied | undefined>;
}

/**
 * For how long it is known what became of a message. What is changed later was sent then, or has been given up; what is not
 * known though it is younger may still come.
 */
const REMEMBERED_MS = 26 * 60 * 60 * 1_000;

/** How soon it is asked again, at least and at most: in between after a quarter of the time that it has waited. */
const AGAIN_MS = { least: 100, most: 60_000 };

/**
 * Edits and deletions of what people wrote. Each is a delivery of its own, in a lane of its own, so that nothing waits for
 * it. What was certainly not posted yet takes it over; behind anything else it follows, once that is out of its lane.
 */
export function createRevisions(o: RevisionOptions): Revisions {
  const apply = createApply(o);

  return {
    async turn(delivery, content, nowMs) {
      const { revises } = delivery;
      // What was posted, or may have been, goes on like anything else.
      if (!revises || delivery.phase !== 'queued' || !untouched(delivery)) return 'go';
      const original = await o.log.read(revises.of);
      const newest = original ? original.revisedBy : await o.log.revisedBy(revises.of);
      if (newest !== undefined && newest !== delivery.id) return 'done';
      if (!original) return withoutOriginal(delivery, revises, nowMs);
      const { effects } = next(original.delivery, eventOf(delivery.id, revises), o.timing);
      if (effects.length === 0) return 'done';
      if (!effects.some((effect) => effect.do === 'followUp')) {
        const isUnreadable = revises.how === 'edit' && content === undefined;
        // Its key may be put back.
        if (isUnreadable) return isOld(delivery, nowMs) ? 'done' : again(delivery, nowMs);
        return (await change(original, delivery, revises, content)) ? 'done' : again(delivery, nowMs);
      }
      const isGivenUp = revises.how === 'delete' && (await giveUp(revises.of, nowMs));
      const isFree = isGivenUp || isOut(original.delivery);
      return isFree ? follow(delivery, revises, nowMs) : again(delivery, nowMs);
    },

    async takeOver(hand, run) {
      const { delivery, revisedBy } = hand;
      if (revisedBy === undefined || revisedBy === delivery.edited?.by || !untouched(delivery)) {
        return undefined;
      }
      const revision = await o.log.read(revisedBy);
      const revises = revision?.delivery.revises;
      if (!revises) return undefined;
      if (revises.how === 'edit') {
        // Without the key for the edit it waits, as it would without its own: the old text is not meant any more.
        const changed = textFrom(revision.isUnreadable ? readable(revision) : revision.content, hand.content);
        if (changed === undefined) return undefined;
        hand.content = changed;
      }
      const applied = await apply(hand, eventOf(revisedBy, revises), run);
      return applied === 'same' ? undefined : applied;
    },
  };

  /**
   * What was deleted, and waits for somebody to decide whether it is sent again, is decided; its edits, too. It is looked
   * for as ever. @returns whether the message itself was one of them.
   */
  async function giveUp(of: Delivery['id'], nowMs: number): Promise<boolean> {
    let isGivenUp = false;
    for (const id of [of, ...(await o.log.revisionsOf(of))]) {
      const stored = await o.log.read(id);
      if (stored?.delivery.phase !== 'failed' && stored?.delivery.phase !== 'uncertain') continue;
      const hand: Hand = { delivery: stored.delivery, content: stored.content, pair: undefined };
      hand.pair = await pairOf(hand, o);
      const applied = await apply(hand, { type: 'discard', atMs: nowMs });
      if (applied === 'stored' && id === of) isGivenUp = true;
      // What is watched from now on has a job of its own to do.
      if (applied === 'stored') await o.bell.ring(hand.delivery.to, id);
    }
    return isGivenUp;
  }

  /** Changes a message that waits, or has failed. @returns false when it has moved on: then it may have to be followed. */
  async function change(
    original: StoredDelivery,
    { id, author }: Delivery,
    revises: Revises,
    content: string | undefined,
  ): Promise<boolean> {
    // What was sent and then forgotten by a restored Redis looks as if it had never been begun: its own run knows.
    if (original.delivery.phase === 'queued' && (await o.log.hasUnlooked(author))) return false;
    const text = revises.how === 'edit' ? textFrom(content, original.content) : original.content;
    if (revises.how === 'edit' && text === undefined) return !original.isUnreadable;
    const hand: Hand = { delivery: original.delivery, content: text, pair: undefined };
    if ((await apply(hand, eventOf(id, revises))) !== 'stored') return false;
    // Writing without a run ends the one in hand: somebody has to go on.
    await o.bell.ring(hand.delivery.to, hand.delivery.id);
    return true;
  }

  function withoutOriginal(d: Delivery, revises: Revises, nowMs: number): Turn {
    const isForgotten = d.takenAtMs - revises.writtenAtMs > REMEMBERED_MS;
    // It was tried before, so the message was there.
    if (isForgotten || d.tryingSinceMs > 0) return follow(d, revises, nowMs);
    return isOld(d, nowMs) ? 'done' : again(d, nowMs);
  }

  function follow(d: Delivery, { how }: Revises, nowMs: number): Turn {
    if (how === 'delete') return o.deletePolicy === 'ignore' ? 'done' : 'go';
    const waitMs = d.takenAtMs + o.timing.quietMs - nowMs;
    return waitMs > 0 ? { waitMs } : 'go';
  }
}

function eventOf(id: Delivery['id'], { how, atUs }: Revises): DeliveryEvent {
  return how === 'delete' ? { type: 'deleted' } : { type: 'edited', by: { by: id, atUs } };
}

const isOld = ({ takenAtMs }: Delivery, nowMs: number): boolean => nowMs - takenAtMs > REMEMBERED_MS;

/** Out of its lane, so that what follows it may go. */
const isOut = (d: Delivery): boolean => ended(d.phase) || (d.phase === 'uncertain' && d.aside);

/** The content of a message with the text of its edit; undefined: one of the two cannot be read (any more). */
function textFrom(edit: string | undefined, original: string | undefined): string | undefined {
  if (edit === undefined || original === undefined) return undefined;
  return JSON.stringify(withWordsOf(readContent(edit), readContent(original)));
}

function again(d: Delivery, nowMs: number): Turn {
  const waitMs = (nowMs - d.takenAtMs) / 4;
  return { waitMs: Math.min(Math.max(waitMs, AGAIN_MS.least), AGAIN_MS.most) };
}
