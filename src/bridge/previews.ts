import { mayActFor } from './consent.ts';
import type { AudienceMember, LeftOut, LeftOutReason, Previews, Reachable } from './notification.ts';
import { createOptOuts, type OptOutsOptions } from './opt-outs.ts';
import { BRIDGE, type ChatPersonId, type SalesforceUser, type SalesforceUserId } from './people.ts';
import type { ChatAudience, ChatPeople, SalesforceDirectory, UserUnfit } from './ports.ts';

export interface PreviewsOptions {
  audience: ChatAudience;
  people: Pick<ChatPeople, 'find'>;
  directory: Pick<SalesforceDirectory, 'findAll' | 'findByEmail'>;
  log: OptOutsOptions['log'];
}

/** Finds out who can be told: everybody meant has exactly one active Salesforce user, or it is said why not. */
export function createPreviews({ audience, people, directory, log }: PreviewsOptions): Previews {
  const optOuts = createOptOuts({ log, people });

  /** BRIDGE sends as itself, and is found by no address. */
  async function senderOf(by: ChatPersonId): Promise<SalesforceUserId | undefined> {
    if (by === BRIDGE) return undefined;
    await mayActFor(by, log);
    const { email } = await people.find(by, 'sender');
    return (await directory.findByEmail(email, undefined)).id;
  }

  return {
    async preview(by, named) {
      const sender = await senderOf(by);
      const meant = await audience.expand(named, by === BRIDGE ? undefined : by);
      const users = await directory.findAll(meant.people.map(({ email }) => email.toLowerCase()));
      const reachable = new Map<SalesforceUserId, Reachable>();
      const leftOut: LeftOut[] = [];
      for (const member of meant.people) {
        const found = judge(users.get(member.email.toLowerCase()), sender);
        if (typeof found === 'string') leftOut.push(leftOutOf(member, found));
        // Two people in chat can be one Salesforce user, who needs to be told once.
        else if (!reachable.has(found.id)) reachable.set(found.id, reachableBy(member, found));
      }
      const { willing, optedOut } = await optOuts([...reachable.values()]);
      return {
        reachable: byName(willing),
        leftOut: byName([...meant.leftOut, ...leftOut, ...optedOut]),
      };
    },
  };
}

function judge(
  found: SalesforceUser | UserUnfit | undefined,
  sender: SalesforceUserId | undefined,
): SalesforceUser | LeftOutReason {
  if (found === undefined || typeof found === 'string') return found ?? 'no-user';
  return found.id === sender ? 'sender' : found;
}

/** Whoever was named by their address alone is called by their name in Salesforce. */
function reachableBy(member: AudienceMember, user: SalesforceUser): Reachable {
  return { ...member, name: member.id === undefined ? user.name : member.name, user: user.id };
}

function leftOutOf({ name, email }: AudienceMember, why: LeftOutReason): LeftOut {
  return { name, why, email };
}

/** One language for all, so that everybody sees the same order. */
const collator = new Intl.Collator('en');

function byName<T extends { name: string; email?: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted(
    (a, b) => collator.compare(a.name, b.name) || collator.compare(a.email ?? '', b.email ?? ''),
  );
}
