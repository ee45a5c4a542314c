import type { Delivery } from './delivery.ts';
import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { DeliveryLog, PersonRecord } from './delivery-log.ts';
import type { WrittenMessage } from './message.ts';
import type { Addressee, ChatPerson, ChatPersonId, SalesforceUser, SalesforceUserId } from './people.ts';
import type { ChatPeople, SalesforceDirectory } from './ports.ts';

export interface ResolveOptions {
  log: DeliveryLog;
  people: ChatPeople;
  directory: SalesforceDirectory;
  consent: 'notice' | 'ask';
  sayOnce: (kind: 'first-use' | 'ask-consent', person: Delivery['author']) => Promise<void>;
}

export interface ResolvedPeople {
  author: ChatPerson;
  sender: SalesforceUser;
  recipients: SalesforceUserId[];
  names: string[];
}

/** How often a message that waits for its sender's consent looks whether it has come. */
const CONSENT_LOOK_MS = 5_000;

/**
 * Who writes to whom, in Salesforce's terms: each person's e-mail leads to exactly one active user, or it is said
 * why not. Nothing is ever guessed.
 */
export async function resolvePeople(message: WrittenMessage, o: ResolveOptions): Promise<ResolvedPeople> {
  const record = await mayActFor(message.author, o.log);
  const author = await o.people.find(message.author, 'sender');
  const sender = await o.directory.findByEmail(author.email, undefined);
  const found = await recipientsOf(message, sender, o);
  if (o.consent === 'ask' && !record.allowed) {
    await o.sayOnce('ask-consent', message.author);
    throw new DeliveryError({
      retry: { kind: 'after', ms: CONSENT_LOOK_MS },
      certain: true,
      code: 'consent-needed',
      sentence: 'Waiting for you to allow this app to send as you.',
      waitsFor: 'consent',
    });
  }
  if (o.consent === 'notice' && !record.noticed) {
    await o.sayOnce('first-use', message.author);
    await o.log.setPerson(message.author, { noticed: true });
  }
  return { author, sender, ...found };
}

/** What is known of a person. @throws DeliveryError when nothing may be sent as them any more. */
export async function mayActFor(
  person: ChatPersonId,
  log: Pick<DeliveryLog, 'person'>,
): Promise<PersonRecord> {
  const record = await log.person(person);
  if (!record.optedOut) return record;
  throw refusedForGood(
    'opted-out',
    'You have opted out, so nothing is sent as you. `/chatter-dm opt-in` changes that.',
  );
}

async function recipientsOf(
  message: WrittenMessage,
  sender: SalesforceUser,
  o: ResolveOptions,
): Promise<Pick<ResolvedPeople, 'recipients' | 'names'>> {
  if (message.to.kind === 'thread') {
    const link = await o.log.threadLink(message.to.thread);
    const pair = link && (await o.log.pair(link.pair));
    if (!pair) {
      throw refusedForGood(
        'thread-unknown',
        'This thread is too old to be continued. Start a new one with /chatter-dm.',
      );
    }
    return { recipients: [...pair.recipients], names: [...pair.names] };
  }
  const users = await Promise.all(message.to.people.map((addressee) => findRecipient(addressee, o)));
  const others = new Map(users.filter((user) => user.id !== sender.id).map((user) => [user.id, user.name]));
  if (others.size === 0) {
    throw refusedForGood('only-yourself', 'That is only yourself. Chatter needs somebody else to write to.');
  }
  return { recipients: [...others.keys()], names: [...others.values()] };
}

async function findRecipient(addressee: Addressee, o: ResolveOptions): Promise<SalesforceUser> {
  if (addressee.kind === 'email') return o.directory.findByEmail(addressee.email, addressee.email);
  const person = await o.people.find(addressee.id, 'recipient');
  return o.directory.findByEmail(person.email, person.name);
}
