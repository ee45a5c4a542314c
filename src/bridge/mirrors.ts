import { pairKey } from './chatter-content.ts';
import { DeliveryError } from './delivery-error.ts';
import { mirrorLane } from './lane.ts';
import type { Intake } from './message.ts';
import {
  type Checked,
  type Chosen,
  MAX_MIRROR_PEOPLE,
  type Mirror,
  type MirrorPerson,
  type Mirrors,
} from './mirror.ts';
import type { MirrorEnd } from './mirror-end.ts';
import type { MirrorLog } from './mirror-log.ts';
import type { ChatPersonId, SalesforceUser } from './people.ts';
import type { ChatPeople, SalesforceDirectory } from './ports.ts';

export interface MirrorsOptions {
  intake: Pick<Intake, 'take'>;
  mirrors: MirrorLog;
  mirrorEnd: MirrorEnd;
  people: Pick<ChatPeople, 'find'>;
  directory: Pick<SalesforceDirectory, 'findByEmail' | 'findById' | 'own'>;
  /** Resolves after that many milliseconds; a parameter for the tests' sake. */
  after: (ms: number) => Promise<void>;
}

/** What people do about mirrors, as the process sees it that takes things in. */
export function createMirrors(o: MirrorsOptions): Mirrors {
  const { mirrors } = o;

  return {
    check: (startedBy, chosen, withinMs) =>
      Promise.race([check(startedBy, chosen), o.after(withinMs).then((): Checked => ({ kind: 'busy' }))]),

    async start(id, request) {
      const own = await o.directory.own();
      const live = await mirrors.find(request.thread);
      if (live?.state === 'live' && !(request.isAnew && (await mayStop(live, request.startedBy))))
        return 'thread-taken';
      const people = request.people.map((person) => person.id);
      const other = await mirrors.threadOf(pairKey(own.id, people));
      if (other !== undefined && other !== request.thread) return 'people-taken';
      return o.intake.take(
        {
          id,
          lane: mirrorLane(id),
          order: request.sinceUs,
          message: { v: 1, author: request.startedBy, text: '', to: { kind: 'mirror', opens: request } },
        },
        false,
      );
    },

    find: (thread) => mirrors.find(thread),
    of: (person) => mirrors.of(person),

    async stop(thread, by, isAdmin) {
      const mirror = await mirrors.find(thread);
      if (mirror?.state !== 'live') return 'not-live';
      if (!isAdmin && !(await mayStop(mirror, by))) return 'not-theirs';
      const ended = await o.mirrorEnd.end(thread, { state: 'stopped', stoppedBy: by });
      return ended ? 'stopped' : 'not-live';
    },

    async rest(where, rest) {
      const threads = 'thread' in where ? [where.thread] : await mirrors.in(where.place);
      for (const thread of threads) await o.mirrorEnd.end(thread, { state: 'resting', rest });
    },

    async moved(from, to, threadAt) {
      for (const thread of await mirrors.in(from)) await mirrors.move(thread, threadAt(thread), to);
    },
  };

  /** Whoever takes its place ends it as well. */
  async function mayStop({ thread, startedBy }: Mirror, by: ChatPersonId): Promise<boolean> {
    return startedBy === by || (await mirrors.writers(thread)).includes(by);
  }

  async function check(startedBy: ChatPersonId, { people, users }: Chosen): Promise<Checked> {
    if (people.length + users.length > MAX_MIRROR_PEOPLE) {
      return {
        kind: 'mistaken',
        people: `Choose ${MAX_MIRROR_PEOPLE} people at most, in both fields together.`,
      };
    }
    try {
      const [starter, inChat, inSalesforce] = await Promise.all([
        found([() => userOf(startedBy, 'sender')]),
        found(people.map((person) => () => userOf(person, 'recipient'))),
        found(users.map((user) => () => o.directory.findById(user))),
      ]);
      const mistakes = {
        ...((starter.mistake ?? inChat.mistake) ? { people: starter.mistake ?? inChat.mistake ?? '' } : {}),
        ...(inSalesforce.mistake ? { users: inSalesforce.mistake } : {}),
      };
      if (Object.keys(mistakes).length > 0) return { kind: 'mistaken', ...mistakes };
      const all = [...starter.users, ...inChat.users, ...inSalesforce.users];
      const each = new Map(all.map(({ id, name }): [string, MirrorPerson] => [id, { id, name }]));
      if (each.size < 2) return { kind: 'mistaken', people: 'Choose somebody other than yourself.' };
      return { kind: 'fine', people: [...each.values()] };
    } catch (error) {
      if (error instanceof DeliveryError) return { kind: 'busy' };
      throw error;
    }
  }

  async function userOf(person: ChatPersonId, as: 'sender' | 'recipient'): Promise<SalesforceUser> {
    const { email, name } = await o.people.find(person, as);
    return o.directory.findByEmail(email, as === 'sender' ? undefined : name);
  }
}

/** All of them, or what is wrong with the first that cannot be. @throws DeliveryError where asking again may help. */
async function found(
  asked: readonly (() => Promise<SalesforceUser>)[],
): Promise<{ users: SalesforceUser[]; mistake?: string }> {
  const users: SalesforceUser[] = [];
  const answers = await Promise.allSettled(asked.map((ask) => ask()));
  for (const answer of answers) {
    if (answer.status === 'fulfilled') users.push(answer.value);
    else if (!(answer.reason instanceof DeliveryError) || answer.reason.retry.kind !== 'never')
      throw answer.reason;
    else return { users, mistake: answer.reason.sentence };
  }
  return { users };
}
