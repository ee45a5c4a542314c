import type { Named } from '../bridge/notification.ts';
import type { ChatPersonId } from '../bridge/people.ts';

/** How the chat edge names somebody of a team. */
export type PersonIdOf = (person: { team: string; user: string }) => ChatPersonId;

/** Whom a recipient means, as the API takes them. */
export function namedBy(recipient: string, personIdOf: PersonIdOf): Named {
  if (recipient.startsWith('@')) return { kind: 'group', name: recipient };
  if (recipient.includes('@')) return { kind: 'email', email: recipient };
  const [team = '', user = ''] = recipient.split(':');
  return { kind: 'person', id: personIdOf({ team, user }) };
}
