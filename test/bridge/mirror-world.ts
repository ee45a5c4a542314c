import type { Delivery } from '../../src/bridge/delivery.ts';
import { newDelivery } from '../../src/bridge/delivery.ts';
import { refusedForGood } from '../../src/bridge/delivery-error.ts';
import type { DeliveryLog, NewEntry, PersonRecord } from '../../src/bridge/delivery-log.ts';
import type { Incoming, WrittenMessage } from '../../src/bridge/message.ts';
import type { Mirror, MirrorRequest } from '../../src/bridge/mirror.ts';
import { createMirrorEnd } from '../../src/bridge/mirror-end.ts';
import type { Brought, MirrorLog } from '../../src/bridge/mirror-log.ts';
import type { ChatContent } from '../../src/bridge/outbox.ts';
import type {
  ChatPersonId,
  ChatPlaceId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  SalesforceUser,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import type { ChatThreads } from '../../src/bridge/ports.ts';
import { noStep } from '../../src/bridge/steps.ts';

export const thread = 'thread' as ChatThreadId;
export const place = 'place' as ChatPlaceId;
export const [ada, grace, alan] = ['ada', 'grace', 'alan'] as [ChatPersonId, ChatPersonId, ChatPersonId];
const user = (name: string): SalesforceUser => ({
  id: `005${name}` as SalesforceUserId,
  username: name,
  name: `${name} in Salesforce`,
});
export const users = {
  ada: user('ada'),
  grace: user('grace'),
  alan: user('alan'),
  bridge: user('bridge'),
};
export const request: MirrorRequest = {
  thread,
  place,
  startedBy: ada,
  people: [users.ada, users.grace].map(({ id, name }) => ({ id, name })),
  bring: 'root',
  sinceUs: 5_000,
};

/** Mirrors in memory, with the promises of the real ones (test/store/mirrors.test.ts). */
function memoryMirrors(): MirrorLog {
  const mirrors = new Map<ChatThreadId, Mirror>();
  const ended: Mirror[] = [];
  let brought: Brought | undefined;
  const writers = new Set<ChatPersonId>();
  const told = new Set<ChatPersonId>();
  const relayed = new Set<ChatPersonId>();
  const live = () => [...mirrors.values()].filter(({ state }) => state === 'live');
  return {
    async open(mirror) {
      const before = mirrors.get(mirror.thread);
      const sameThread = before?.state === 'live' && before.openedBy !== mirror.openedBy;
      if (live().some((one) => one.pair === mirror.pair && one.thread !== mirror.thread))
        return 'people-taken';
      if (sameThread) return 'thread-taken';
      mirrors.set(mirror.thread, mirror);
      return 'opened';
    },
    find: async (one) => mirrors.get(one),
    lastOf: async (pair) =>
      live().find((mirror) => mirror.pair === pair) ?? ended.findLast((mirror) => mirror.pair === pair),
    threadOf: async (pair) => live().find((mirror) => mirror.pair === pair)?.thread,
    findOf: async (one, lane) =>
      [mirrors.get(one), ...ended].find((mirror) => mirror?.thread === one && mirror.lane === lane),
    async end(one, ending, openedBy) {
      const mirror = mirrors.get(one);
      if (mirror?.state !== 'live' || mirror.openedBy !== openedBy) return undefined;
      mirrors.set(one, { ...mirror, ...ending });
      ended.push({ ...mirror, ...ending });
      return { ...mirror, ...ending };
    },
    async move(one, at, to) {
      const mirror = mirrors.get(one);
      if (mirror) mirrors.set(one, { ...mirror, at, place: to });
    },
    setBrought: async (_thread, what) => {
      brought = what;
    },
    brought: async () => brought,
    addWriter: async (_thread, person) => void writers.add(person),
    writers: async () => [...writers],
    wasTold: async (_thread, person) => told.has(person),
    setTold: async (_thread, person) => void told.add(person),
    of: async () => live(),
    in: async (where) => live().flatMap((mirror) => (mirror.place === where ? [mirror.thread] : [])),
    relayFor: async (_thread, person) => void relayed.add(person),
    isRelayed: async (_thread, person) => relayed.has(person),
  };
}

export interface Given {
  /** Who has no Salesforce user. */
  without?: ChatPersonId;
  guest?: ChatPersonId;
  record?: Partial<PersonRecord>;
  consent?: 'notice' | 'ask';
  history?: readonly Incoming[];
  opening?: Partial<Delivery> | 'forgotten';
}

/** Everything around mirroring, in memory: what is taken and said is listed. */
export function mirrorWorld(given: Given = {}) {
  const taken: NewEntry[] = [];
  const said: ChatContent['entry'][] = [];
  const asked: string[] = [];
  const mirrors = memoryMirrors();
  const opening: Delivery = {
    ...newDelivery({
      id: 'view-1' as DeliveryId,
      to: 'chatter',
      lane: 'mirror-view-1' as LaneKey,
      order: 5_000,
      author: ada,
      takenAtMs: 5,
    }),
    phase: 'sent',
  };
  const take = async (entry: NewEntry) => {
    if (taken.some((one) => one.delivery.id === entry.delivery.id)) return { kind: 'duplicate' } as const;
    taken.push(entry);
    return { kind: 'stored', head: undefined } as const;
  };
  const log: Partial<DeliveryLog> = {
    take,
    person: async () => ({ optedOut: false, allowed: false, noticed: true, ...given.record }),
    setPerson: async () => {},
    read: async () =>
      given.opening === 'forgotten'
        ? undefined
        : { delivery: { ...opening, ...given.opening }, content: undefined, isUnreadable: false },
  };
  const threads: ChatThreads = {
    written: async () => given.history ?? [],
    describe: async () => ({ place: '#general', link: undefined }),
    restAfter: () => undefined,
  };
  const bell = { add: async () => {}, ring: async () => {} };
  const options = {
    log: log as DeliveryLog,
    mirrors,
    bell,
    mirrorEnd: createMirrorEnd({ log: { take }, mirrors, bell, now: () => 9_000, step: noStep }),
    step: noStep,
    consent: given.consent ?? ('notice' as const),
    sayOnce: async (kind: string, person: ChatPersonId) => void asked.push(`${kind} ${person}`),
    say: async (entry: NewEntry) => void said.push((JSON.parse(entry.content) as ChatContent).entry),
    people: {
      async author(id: ChatPersonId) {
        if (id === given.guest) throw refusedForGood('person-guest', 'Guests cannot.');
        const person = { id, name: id, email: `${id}@corp.com`, timeZone: 'UTC' };
        return { name: `${id} in chat`, timeZone: 'UTC', person };
      },
    },
    directory: {
      own: async () => users.bridge,
      async findByEmail(email: string) {
        const name = email.split('@')[0] as 'ada';
        if (name === given.without) throw refusedForGood('user-unknown', 'No such user.');
        return users[name];
      },
      findById: async () => users.ada,
      search: async () => [],
      findAll: async () => new Map(),
      emailOf: async () => undefined,
    },
    threads,
    now: () => 9_000,
  };
  return { options, mirrors, taken, said, asked, opening };
}

/** A reply in the thread. */
export const reply = (author: ChatPersonId, change: Partial<WrittenMessage> = {}): WrittenMessage => ({
  v: 1,
  author,
  text: 'hello',
  to: { kind: 'thread', thread, isMirrored: true },
  ...change,
});
