import { type ConsentOptions, haveConsent, mayActFor } from './consent.ts';
import { refusedForGood } from './delivery-error.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { WrittenMessage } from './message.ts';
import { type Addressee, BRIDGE, type SalesforceUser, type SalesforceUserId } from './people.ts';
import type { ChatPeople, SalesforceDirectory } from './ports.ts';

export interface ResolveOptions extends ConsentOptions {
  log: DeliveryLog;
  people: ChatPeople;
  directory: SalesforceDirectory;
}

export interface ResolvedPeople {
  /** IANA name, of whoever wrote it. */
  timeZone: string;
  sender: SalesforceUser;
  recipients: SalesforceUserId[];
  names: string[];
}

/**
 * Who writes to whom, in Salesforce's terms: each person's e-mail leads to exactly one active user, or it is said
 * why not. Nothing is ever guessed.
 */
export async function resolvePeople(message: WrittenMessage, o: ResolveOptions): Promise<ResolvedPeople> {
  if (message.author === BRIDGE) return asBridge(message, o);
  const record = await mayActFor(message.author, o.log);
  const author = await o.people.find(message.author, 'sender');
  const sender = await o.directory.findByEmail(author.email, undefined);
  const found = await recipientsOf(message, sender, o);
  await haveConsent(message.author, record, o);
  return { timeZone: author.timeZone, sender, ...found };
}

/** What a program has the bridge say: with its own user, who needs nobody's consent. */
async function asBridge(message: WrittenMessage, o: ResolveOptions): Promise<ResolvedPeople> {
  const sender = await o.directory.own();
  return { timeZone: 'UTC', sender, ...(await recipientsOf(message, sender, o)) };
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
  // Mirrors and notifications are something else (speaker.ts).
  if (message.to.kind !== 'people') throw new TypeError('that is for nobody in particular');
  const users = await Promise.all(message.to.people.map((addressee) => findRecipient(addressee, o)));
  const others = new Map(users.filter((user) => user.id !== sender.id).map((user) => [user.id, user.name]));
  if (others.size === 0) {
    throw refusedForGood('only-yourself', 'That is only yourself. Chatter needs somebody else to write to.');
  }
  return { recipients: [...others.keys()], names: [...others.values()] };
}

async function findRecipient(addressee: Addressee, o: ResolveOptions): Promise<SalesforceUser> {
  if (addressee.kind === 'user') {
    const { id, name, isFound } = addressee;
    return isFound ? { id, name, username: '' } : o.directory.findById(id);
  }
  if (addressee.kind === 'email') return o.directory.findByEmail(addressee.email, addressee.email);
  const person = await o.people.find(addressee.id, 'recipient');
  return o.directory.findByEmail(person.email, person.name);
}
