import { type Delivery, ended, isDead } from '../bridge/delivery.ts';
import type { Change, NewEntry } from '../bridge/delivery-log.ts';
import { type Pair, startOf } from '../bridge/pair.ts';
import { BRIDGE, type LaneKey } from '../bridge/people.ts';
import { isWatched } from '../bridge/watch.ts';
import type { Box } from './box.ts';
import { countWrites, entryCountWrites } from './counts.ts';
import { type Keys, keepMs, threadField } from './keys.ts';
import { toldWrites } from './notifications.ts';
import { withSealedSentences } from './sealed-sentences.ts';
import type { PlaceOf, Write } from './write.ts';

type Guard = [key: number, field: string, allowed: string[], otherwise: string];

export interface WriteOptions {
  keys: Keys;
  box: Box;
  /** FAILED_KEEP_DAYS. */
  failedKeepMs: number;
  /** Who has sent something is read for answers within this, as things are now; `isFirst`: the first to these people. */
  readSoonMs: (isFirst: boolean) => number;
}

export interface Writes {
  keys: string[];
  guards: Guard[];
  writes: Write[];
  /** The delivery as it is stored by these writes. */
  delivery: Delivery;
}

/** A change as guards and writes for the `commit` script. KEYS[1] to [4] are what the script itself needs. */
export function writesOf(change: Change, o: WriteOptions): Writes {
  const { before, after } = change;
  const { keys, box } = o;
  const delivery: Delivery = { ...after, version: before.version + 1 };
  const from = laneNow(before);
  const to = laneNow(after);
  const names: string[] = [keys.delivery(after.id), keys.lane(from), keys.laneInfo(from), keys.epoch];
  const key: PlaceOf = (name) => {
    const place = names.indexOf(name);
    return place >= 0 ? place + 1 : names.push(name);
  };
  const guards: Guard[] = [[1, 'version', [String(before.version)], 'moved']];
  if (change.run !== undefined) guards.unshift([1, 'run', [`${change.run}@epoch`], 'fenced']);

  const state = JSON.stringify(withSealedSentences(delivery, box));
  const writes: Write[] = [
    ['HSET', 1, 'state', state, 'version', delivery.version, 'order', delivery.order],
    ...laneWrites(before, delivery, key, keys),
    ...countWrites(delivery, key, o),
    ...contentWrites(change, delivery, key, o),
  ];
  // What people decide ends whatever run is in hand.
  if (change.run === undefined) writes.push(['HDEL', 1, 'run']);
  // While it waits it stays a child of its epoch: after a restart of Redis it must be looked for before it is sent.
  if (delivery.phase !== 'queued') writes.push(['HSET', 1, 'epoch', '@epoch']);
  if (delivery.phase === 'begun') {
    writes.push(['HRAISE', key(keys.laneInfo(to)), 'begun', delivery.order]);
    writes.push(['PEXPIRE', key(keys.laneInfo(to)), keepMs.laneInfo]);
  }
  if (change.pair) {
    const { before: pair, after: changed } = change.pair;
    const place = key(keys.pair(pair.key));
    // Only who opens an intent needs the pair for itself; a late find is told about whoever holds it.
    if (changed.holder === after.id) guards.push([place, 'holder', ['', after.id], 'pair-busy']);
    guards.push([place, 'version', [pair.version === 0 ? '' : String(pair.version)], 'pair-moved']);
    writes.push(
      ['HSET', place, 'state', JSON.stringify({ ...changed, thread: undefined })],
      ['HSET', place, 'version', pair.version + 1, 'holder', changed.holder ?? ''],
      ['PEXPIRE', place, keepMs.pair],
    );
    if (pair.thread) writes.push(['PEXPIRE', key(keys.thread(pair.thread)), keepMs.thread]);
    writes.push(...knownWrites(pair, changed, key, keys));
    // What a program has the bridge say is one way: nobody waits for answers to it.
    const reader =
      change.reader ?? (after.author !== BRIDGE && { person: after.author, user: changed.sender });
    if (reader) writes.push(...readerWrites(reader, pair, changed, key, o));
  }
  if (change.threadLink) {
    const { thread, link } = change.threadLink;
    writes.push(['SET', key(keys.thread(thread)), JSON.stringify(link), 'PX', keepMs.thread]);
    const pair = key(keys.pair(link.pair));
    writes.push(['HSET', pair, 'thread', thread, threadField(link.person), thread]);
  }
  if (change.note) {
    const { about, message, thread } = change.note;
    writes.push(['SET', key(keys.note(about)), JSON.stringify({ message, thread }), 'PX', noteKeepMs(o)]);
  }
  if (change.told) writes.push(...toldWrites(change.told, key, o));
  for (const entry of change.outbox) writes.push(...entryWrites(entry, key, keys, box));
  return { keys: names, guards, writes, delivery };
}

/** Whether a job may still be needed: an uncertain one that was looked for long enough waits for a person alone. */
const isInLane = (d: Delivery): boolean =>
  isWatched(d) || (!ended(d.phase) && !(d.phase === 'uncertain' && d.aside && d.wakeAtMs === undefined));

/**
 * The lane that a delivery is in now, if it is in one: when it was set aside, or is only watched, one of its own, so
 * that it holds nobody.
 */
export const laneNow = (delivery: Delivery): LaneKey =>
  delivery.aside || isWatched(delivery) ? (`aside-${delivery.id}` as LaneKey) : delivery.lane;

function laneWrites(before: Delivery, after: Delivery, key: PlaceOf, keys: Keys): Write[] {
  const from = laneNow(before);
  const to = laneNow(after);
  const isIn = isInLane(after);
  const writes: Write[] = [];
  if (!isIn || from !== to) {
    writes.push(['ZREM', key(keys.lane(from)), after.id]);
    // It would else be the current one again when a Retry brings it back.
    writes.push(['HDROP', key(keys.laneInfo(from)), 'current', after.id]);
  }
  if (isIn && (from !== to || !isInLane(before))) {
    writes.push(['ZADD', key(keys.lane(to)), after.order, after.id]);
    writes.push(['HSET', 1, 'lane', to]);
  }
  if (isIn) writes.push(['ZADD', key(keys.lanes), '@nowMs', to]);
  if (!isIn || from !== to) writes.push(['ZADD', key(keys.lanes), '@nowMs', from]);
  return writes;
}

/** Erased with the delivery; kept for a while when it failed, so that Retry has something to send. */
function contentWrites(
  change: Change,
  after: Delivery,
  key: PlaceOf,
  o: { keys: Keys; box: Box; failedKeepMs: number },
): Write[] {
  const place = key(o.keys.content(after.id));
  if (change.erase) {
    return [
      ['DEL', place],
      ['PEXPIRE', 1, keepMs.ended],
    ];
  }
  const sealed = change.content === undefined ? undefined : o.box.seal(change.content, after.id);
  if (isDead(after)) {
    return [
      ...(sealed === undefined ? [] : ([['SET', place, sealed]] as Write[])),
      ['PEXPIRE', place, o.failedKeepMs],
      ['PEXPIRE', 1, Math.max(o.failedKeepMs, keepMs.ended)],
    ];
  }
  return [
    ...(sealed === undefined ? [] : ([['SET', place, sealed]] as Write[])),
    ['PERSIST', place],
    ['PERSIST', 1],
  ];
}

/** As many as can wait in one lane: after a restart of Redis each is looked for among all that went before it. */
const MOST_KNOWN = 10_000;

function knownWrites(before: Pair, after: Pair, key: (name: string) => number, keys: Keys): Write[] {
  const were = new Set(before.known.map(({ id }) => id));
  const learned = after.known.filter(({ id }) => !were.has(id));
  if (learned.length === 0) return [];
  const place = key(keys.known(after.key));
  return [
    ...learned.map(({ id, atMs }): Write => ['ZADD', place, atMs, id]),
    ['ZREMRANGEBYRANK', place, 0, -1 - MOST_KNOWN],
    ['PEXPIRE', place, keepMs.known],
  ];
}

/** Whoever has sent something is read for answers: soon, if they have not been for a while. */
function readerWrites(
  { person, user }: NonNullable<Change['reader']>,
  before: Pair,
  after: Pair,
  key: PlaceOf,
  { keys, readSoonMs }: Pick<WriteOptions, 'keys' | 'readSoonMs'>,
): Write[] {
  const arrived = after.known.at(-1);
  const wasKnown = before.known.some(({ id }) => id === arrived?.id);
  if (!arrived || wasKnown || after.conversation === undefined) return [];
  const isFirst = startOf(before) === undefined;
  const soonMs = readSoonMs(isFirst);
  const reader = key(keys.reader(person));
  const as = key(keys.readersAs(user));
  const inIt = key(keys.readersIn(after.conversation));
  return [
    ['ZSOON', key(keys.readers), person, soonMs],
    ['HSOON', reader, 'wantedMs', soonMs],
    // Their first message: nothing that was sent before it is theirs to see.
    ['HSETNX', reader, 'cursorMs', arrived.atMs],
    // What was answered before this was known has been read, and was nobody's then.
    ...(isFirst ? ([['HLOWER', reader, 'fromMs', arrived.atMs]] as Write[]) : []),
    ['HSET', reader, 'trafficMs', '@nowMs'],
    ['PEXPIRE', reader, keepMs.reader],
    ['SADD', as, person],
    ['PEXPIRE', as, keepMs.reader],
    ['SADD', inIt, user],
    ['PEXPIRE', inIt, keepMs.reader],
  ];
}

function entryWrites(entry: NewEntry, key: PlaceOf, keys: Keys, box: Box): Write[] {
  const { id, lane } = entry.delivery;
  return [
    [
      'HSET',
      key(keys.delivery(id)),
      'state',
      JSON.stringify(entry.delivery),
      'version',
      1,
      'order',
      '@nowUs',
      'takenAt',
      '@nowMs',
      'lane',
      lane,
      'epoch',
      '@epoch',
    ],
    ['SET', key(keys.content(id)), box.seal(entry.content, id)],
    ['ZADD', key(keys.lane(lane)), '@nowUs', id],
    ['ZADD', key(keys.lanes), '@nowMs', lane],
    ...entryCountWrites(id, key, keys),
  ];
}

const noteKeepMs = (o: { failedKeepMs: number }): number => o.failedKeepMs + keepMs.ended;
