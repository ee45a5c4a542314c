import { type BringAlongOptions, createBringAlong } from './bring-along.ts';
import { pairKey } from './chatter-content.ts';
import { type ConsentOptions, haveConsent } from './consent.ts';
import { type Delivery, ended, type Revises } from './delivery.ts';
import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { DeliveryLog, NewEntry } from './delivery-log.ts';
import { mirrorLane } from './lane.ts';
import type { WrittenMessage } from './message.ts';
import type { Mirror, MirrorRequest } from './mirror.ts';
import type { MirrorEnd } from './mirror-end.ts';
import type { Ending, MirrorLog, Opened } from './mirror-log.ts';
import { doesNotTravelEntry, outsiderEntry } from './outbox.ts';
import type { ChatPerson, SalesforceUser } from './people.ts';
import type { ChatPeople, SalesforceDirectory, ThreadAuthor } from './ports.ts';

export interface MirroringOptions extends ConsentOptions, BringAlongOptions {
  log: DeliveryLog;
  mirrors: MirrorLog;
  mirrorEnd: MirrorEnd;
  people: Pick<ChatPeople, 'author'>;
  directory: SalesforceDirectory;
  /** Says what has not been said yet, by the entry's id. */
  say: (entry: NewEntry) => Promise<void>;
  now: () => number;
}

/** Who sends a message of a mirror, to whom, and what stands before its words. */
export interface Speaking {
  sender: SalesforceUser;
  recipients: Mirror['people'];
  /** The bridge says it, and for whom. Absent: they say it themselves. */
  relayedFor?: string;
  timeZone: string;
  mirror: Mirror;
}

export interface Mirroring {
  /**
   * Ties the thread, takes in what goes along, and gives who says the first words; undefined: it was stopped meanwhile.
   * Harmless to repeat.
   */
  open(delivery: Delivery, request: MirrorRequest): Promise<Speaking | undefined>;
  /** Who says what was written in a mirrored thread; undefined: nobody, it does not travel. */
  speak(delivery: Delivery, message: WrittenMessage, thread: Mirror['thread']): Promise<Speaking | undefined>;
  /** Who takes leave; undefined: there is nothing to take leave of. */
  close(
    thread: Mirror['thread'],
    openedBy: Mirror['openedBy'],
    ending: Ending,
  ): Promise<Speaking | undefined>;
}

/** How soon a reply looks again whether its conversation has begun. */
const NOT_OPEN_MS = 1_000;
/** The bridge speaks for somebody whose token or consent did not come in time for so long, before it tries theirs again. */
const RELAYED_MS = 60 * 60 * 1_000;
/** No people whom the bridge may act for, or no people at all: they have no voice of their own. */
const MAY_NOT_TRAVEL: readonly string[] = ['person-guest', 'person-stranger'];

const TAKEN: Readonly<Record<Exclude<Opened, 'opened' | 'over'>, string>> = {
  'thread-taken': 'This thread is mirrored already.',
  'people-taken':
    'Another thread is mirrored with just these people already. Stop that one first, or choose others.',
};

/**
 * Who takes part in the conversation of a mirrored thread writes there as themselves; for everybody else in the thread the
 * bridge's own user says it, under their name.
 */
export function createMirroring(o: MirroringOptions): Mirroring {
  const { log, mirrors, directory } = o;
  const bringAlong = createBringAlong(o);

  return {
    async open(delivery, request) {
      const own = await directory.own();
      const known = await mirrors.findOf(request.thread, delivery.lane);
      if (known && isOver(known)) return undefined;
      const isTriedAgain = known?.openedBy === delivery.id && known.state === 'live';
      const fresh: Mirror = {
        ...request,
        v: 1,
        state: 'live',
        openedBy: delivery.id,
        user: own.id,
        pair: pairKey(
          own.id,
          request.people.map(({ id }) => id),
        ),
        lane: delivery.lane,
        startedAtMs: o.now(),
      };
      // Its place may have got another id since.
      const mirror = isTriedAgain ? known : fresh;
      if (request.isAnew) await makeRoomFor(mirror);
      const opened = await mirrors.open(mirror);
      if (opened === 'over') return undefined;
      if (opened !== 'opened') throw refusedForGood(opened, TAKEN[opened]);
      await o.step('mirror.opened');
      const { timeZone, name } = await o.people.author(request.startedBy, mirror.place);
      await bringAlong(request, mirror);
      return { ...byBridge(mirror, own), relayedFor: name, timeZone };
    },

    async speak(delivery, message, thread) {
      const mirror = await mirrorOf(delivery, thread);
      if (!mirror || !(await hasBegun(mirror)) || (await isDeletedCopy(message))) return undefined;
      const author = await authorOf(message, mirror);
      if (!author) return undefined;
      if (mirror.state === 'live') await mirrors.addWriter(thread, message.author);
      const user = author.person && (await memberOf(author.person, mirror));
      if (user && (await speaksThemselves(delivery, message, mirror))) {
        return { ...byThemselves(mirror, user), timeZone: author.timeZone };
      }
      // Whoever is in the conversation reads there what is said for them, and why they did not say it themselves was told.
      if (!user && !message.isBrought) await tellOnce(mirror, outsiderEntry(mirror, message.author));
      return {
        ...byBridge(mirror, await directory.own()),
        relayedFor: author.name,
        timeZone: author.timeZone,
      };
    },

    async close(thread, openedBy, ending) {
      await o.mirrorEnd.finish(thread, openedBy, ending);
      const mirror = await mirrors.findOf(thread, mirrorLane(openedBy));
      if (!mirror || !(await hasBegun(mirror))) return undefined;
      return { ...byBridge(mirror, await directory.own()), timeZone: 'UTC' };
    },
  };

  /** What was written before, and left out, is not told afterwards because somebody corrects a word of it. */
  async function wentAlong({ thread, bring, sinceUs }: Mirror, { writtenAtMs }: Revises): Promise<boolean> {
    if (bring === 'all' || writtenAtMs >= Math.floor(sinceUs / 1_000)) return true;
    const { rootMs, fromMs = Number.POSITIVE_INFINITY } = (await mirrors.brought(thread)) ?? {};
    return writtenAtMs === rootMs || writtenAtMs >= fromMs;
  }

  /** Ends what the thread has, unless that would be in vain. */
  async function makeRoomFor({ thread, pair, openedBy, startedBy }: Mirror): Promise<void> {
    const theirs = await mirrors.threadOf(pair);
    if (theirs !== undefined && theirs !== thread)
      throw refusedForGood('people-taken', TAKEN['people-taken']);
    const before = await mirrors.find(thread);
    if (before && before.openedBy !== openedBy) {
      await o.mirrorEnd.end(thread, { state: 'stopped', stoppedBy: startedBy });
    }
  }

  /**
   * The mirror that something was written in: its thread may have another by now, which other people read. What is changed about
   * a message has a lane of its own.
   */
  async function mirrorOf({ lane, revises, takenAtMs }: Delivery, thread: Mirror['thread']) {
    if (!revises) return mirrors.findOf(thread, lane);
    const now = await mirrors.find(thread);
    if (now === undefined || takenAtMs >= now.startedAtMs) {
      const isIts = now && !isSince(now.endedAtMs, revises, takenAtMs) && (await wentAlong(now, revises));
      return isIts ? now : undefined;
    }
    const original = await log.read(revises.of);
    return original && mirrors.findOf(thread, original.delivery.lane);
  }

  /** @returns false: its first message will never arrive, so nobody is there to read the others. */
  async function hasBegun({ openedBy, state }: Mirror): Promise<boolean> {
    if (state === 'refused') return false;
    const phase = (await log.read(openedBy))?.delivery.phase;
    if (phase === 'failed' || phase === 'discarded') return false;
    // Forgotten when it was sent long ago; what is not confirmed may have arrived, and holds nobody any more.
    if (phase === undefined || ended(phase) || phase === 'uncertain') return true;
    const sentence = 'The conversation in Chatter has not begun yet.';
    throw new DeliveryError({
      retry: { kind: 'after', ms: NOT_OPEN_MS },
      certain: true,
      code: 'mirror-not-open',
      sentence,
    });
  }

  async function authorOf(
    { author, isBrought }: WrittenMessage,
    mirror: Mirror,
  ): Promise<ThreadAuthor | undefined> {
    try {
      return await o.people.author(author, mirror.place);
    } catch (error) {
      if (!(error instanceof DeliveryError) || !MAY_NOT_TRAVEL.includes(error.code)) throw error;
      if (!isBrought) await tellOnce(mirror, doesNotTravelEntry(mirror, author, error.sentence));
      return undefined;
    }
  }

  /** Also when the entry itself is forgotten. */
  async function tellOnce({ thread }: Mirror, entry: NewEntry): Promise<void> {
    const { author } = entry.delivery;
    if (await mirrors.wasTold(thread, author)) return;
    await o.say(entry);
    await mirrors.setTold(thread, author);
  }

  async function memberOf({ email }: ChatPerson, { people }: Mirror): Promise<SalesforceUser | undefined> {
    try {
      const user = await directory.findByEmail(email, undefined);
      return people.some(({ id }) => id === user.id) ? user : undefined;
    } catch (error) {
      if (error instanceof DeliveryError && error.retry.kind === 'never') return undefined;
      throw error;
    }
  }

  /** @throws DeliveryError while they may still agree: then the thread waits for them, and not for ever. */
  async function speaksThemselves(
    { aside, waiting }: Delivery,
    { author, isBrought }: WrittenMessage,
    { thread }: Mirror,
  ): Promise<boolean> {
    if (aside && waiting) await mirrors.relayFor(thread, author, RELAYED_MS);
    const record = await log.person(author);
    if (record.optedOut || (await mirrors.isRelayed(thread, author))) return false;
    // They may have left the thread long ago: nobody waits for each of them in turn.
    if (isBrought && o.consent === 'ask' && !record.allowed) return false;
    await haveConsent(author, record, o);
    return true;
  }

  /** What is deleted is known by the key of the original alone. */
  async function isDeletedCopy({ copyOf }: WrittenMessage): Promise<boolean> {
    const last = copyOf && (await log.revisedBy(copyOf));
    return last !== undefined && (await log.read(last))?.delivery.revises?.how === 'delete';
  }
}

/** Whether something was changed since the end: then what has not begun to go takes that over, and nothing else is told of it. */
function isSince(endedAtMs: number | undefined, { how, atUs }: Revises, takenAtMs: number): boolean {
  if (endedAtMs === undefined) return false;
  // The chat platform does not say when something was deleted.
  return how === 'edit' ? atUs >= endedAtMs * 1_000 : takenAtMs >= endedAtMs;
}

/** Chatter's refusal can be tried again; what people or a place have ended stays so. */
const isOver = ({ state }: Mirror): boolean => state === 'stopped' || state === 'resting';

function byBridge(mirror: Mirror, sender: SalesforceUser): Omit<Speaking, 'timeZone'> {
  return { mirror, sender, recipients: mirror.people };
}

function byThemselves(mirror: Mirror, sender: SalesforceUser): Omit<Speaking, 'timeZone'> {
  const others = mirror.people.filter(({ id }) => id !== sender.id);
  return { mirror, sender, recipients: [...others, { id: mirror.user, name: '' }] };
}
