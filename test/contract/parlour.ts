import { refusedForGood } from '../../src/bridge/delivery-error.ts';
import { laneOf } from '../../src/bridge/lane.ts';
import type { Decisions, Incoming, Intake } from '../../src/bridge/message.ts';
import type { DeliveryRef, Say } from '../../src/bridge/note.ts';
import type { Notifications } from '../../src/bridge/notification.ts';
import {
  type AnswerHandle,
  BRIDGE,
  type ChatMessageId,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type NotificationId,
} from '../../src/bridge/people.ts';
import type { ChatAudience, ChatNotes, ChatPeople, ChatThreads } from '../../src/bridge/ports.ts';

/** Something that the bridge has said in the parlour. */
export interface ParlourNote {
  id: ChatMessageId;
  person: string;
  thread: ChatThreadId;
  marker: DeliveryId;
  say: Say;
}

/**
 * A chat platform that is not like Slack in anything: it lives in memory, numbers its messages, names people by
 * their e-mail's first part, writes `<<name>>` for a mention and `_text_` for what is said softly.
 */
export function createParlour(domain: string, first: Readonly<Record<string, string>>) {
  let core: { intake: Intake; decisions: Decisions; notifications: Notifications } | undefined;
  const members = new Map(Object.entries(first));
  let messages = 0;
  const notes: ParlourNote[] = [];
  const answers: Say[] = [];
  const delivered: ChatMessageId[] = [];
  const aloud: Omit<Incoming, 'lane'>[] = [];
  const personId = (name: string) => `parlour:${name}` as ChatPersonId;
  const nameOf = (id: ChatPersonId) => id.slice('parlour:'.length);
  const inUse = () => {
    if (!core) throw new Error('nobody listens in the parlour');
    return core;
  };

  const people: ChatPeople = {
    async find(id) {
      const name = members.get(nameOf(id));
      if (name === undefined) throw refusedForGood('stranger', `Nobody here is called ${nameOf(id)}.`);
      return { id, name, email: `${nameOf(id)}@${domain}`, timeZone: 'Europe/London' };
    },
    async author(id) {
      const person = await people.find(id, 'sender');
      return { name: person.name, timeZone: person.timeZone, person };
    },
    plainText: async ({ text }) =>
      text
        .replaceAll(/<<(\w+)>>/g, (_all, name: string) => members.get(name) ?? name)
        .replaceAll(/_(.+?)_/g, '$1'),
    nameByEmail: async (email) =>
      email.endsWith(`@${domain}`) ? members.get(email.slice(0, -domain.length - 1)) : undefined,
  };

  const threads: ChatThreads = {
    // All that was said there; the parlour numbers its messages.
    written: async ({ thread, sinceUs }, lane) =>
      aloud
        .filter(({ message: { to } }) => to.kind === 'thread' && to.thread === thread)
        .map((incoming) => ({
          ...incoming,
          lane,
          message: {
            ...incoming.message,
            ...((incoming.order ?? 0) < sinceUs && { isBrought: true as const }),
          },
        })),
    describe: async () => ({ place: 'a table in the parlour', link: undefined }),
    restAfter: () => undefined,
  };

  /** Everybody sits in the parlour: it is the one place that can be named. */
  const audience: ChatAudience = {
    async expand(named, sender) {
      const names = named.flatMap((one) => {
        if (one.kind === 'person') return [nameOf(one.id)];
        return one.kind === 'place' ? [...members.keys()] : [];
      });
      const others = [...new Set(names)].filter((name) => personId(name) !== sender);
      return {
        people: others
          .filter((name) => members.has(name))
          .map((name) => ({
            id: personId(name),
            name: members.get(name) ?? name,
            email: `${name}@${domain}`,
          })),
        leftOut: others
          .filter((name) => !members.has(name))
          .map((name) => ({ name, why: 'unknown' as const })),
      };
    },
  };

  const chatNotes: ChatNotes = {
    async say({ person, thread }, say, marker) {
      messages += 1;
      const id = `note #${messages}` as ChatMessageId;
      const note = {
        id,
        person: nameOf(person),
        thread: thread ?? (`table of ${id}` as ChatThreadId),
        marker,
        say,
      };
      notes.push(note);
      return { message: id, thread: note.thread };
    },
    async find(_to, marker) {
      const note = notes.find((one) => one.marker === marker);
      return note && { message: note.id, thread: note.thread };
    },
    async change(id, say) {
      const note = notes.find((one) => one.id === id);
      if (note) note.say = say;
    },
    async answer(_handle, say) {
      answers.push(say);
    },
    pieces: (text) => [text],
    async markDelivered(message) {
      delivered.push(message);
    },
  };

  return {
    chat: { people, notes: chatNotes, threads, audience },
    notes,
    answers,
    delivered,
    /** For the web process. */
    ingress: (given: NonNullable<typeof core>) => ({
      async start() {
        core = given;
        return { port: 0 };
      },
      async stop() {
        core = undefined;
      },
    }),
    join: (name: string, called: string) => members.set(name, called),
    async whisper(by: string, to: readonly string[], text: string) {
      messages += 1;
      const author = personId(by);
      const addressees = to.map((name) => ({ kind: 'person', id: personId(name) }) as const);
      const answer = `booth ${messages}` as AnswerHandle;
      const message = { v: 1, author, text, to: { kind: 'people', people: addressees }, answer } as const;
      const id = `parlour-${messages}` as DeliveryId;
      return inUse().intake.take({ id, lane: laneOf(author, addressees), message }, false);
    },
    /** Says something at a table, which is heard by whoever is mirrored there, too. */
    async reply(by: string, thread: ChatThreadId, text: string) {
      messages += 1;
      const id = `parlour-${messages}` as DeliveryId;
      const source = `message #${messages}` as ChatMessageId;
      const message = { v: 1, author: personId(by), text, to: { kind: 'thread', thread }, source } as const;
      aloud.push({ id, order: messages, message });
      const link = await inUse().intake.threadLink(thread);
      if (!link || (link.person !== BRIDGE && link.person !== personId(by))) return 'refused';
      return inUse().intake.take({ id, lane: link.lane, message }, true);
    },
    /** Tells each of those who are named, or (`place`) who sit there, by themselves. */
    async announce(by: string, to: readonly ({ name: string } | { place: string })[], text: string) {
      messages += 1;
      const named = to.map((one) =>
        'name' in one
          ? { kind: 'person' as const, id: personId(one.name) }
          : { kind: 'place' as const, name: one.place },
      );
      const id = `parlour-${messages}` as NotificationId;
      return inUse().notifications.send(id, { by: personId(by), text, to: { named } });
    },
    press: (by: string, what: 'retry' | 'discard', { delivery, version }: DeliveryRef) =>
      inUse().decisions.decide(personId(by), delivery, version, what),
  };
}
