import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { DeliveryLog, PersonRecord } from './delivery-log.ts';
import type { ChatPersonId } from './people.ts';

export interface ConsentOptions {
  log: Pick<DeliveryLog, 'person' | 'setPerson'>;
  consent: 'notice' | 'ask';
  sayOnce: (kind: 'first-use' | 'ask-consent', person: ChatPersonId) => Promise<void>;
}

/** How often a message that waits for its sender's consent looks whether it has come. */
const CONSENT_LOOK_MS = 5_000;

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

/** Tells somebody, before anything is sent as them, that this is so; or asks. @throws DeliveryError while they have not answered. */
export async function haveConsent(
  person: ChatPersonId,
  record: PersonRecord,
  o: ConsentOptions,
): Promise<void> {
  if (o.consent === 'ask' && !record.allowed) {
    await o.sayOnce('ask-consent', person);
    throw new DeliveryError({
      retry: { kind: 'after', ms: CONSENT_LOOK_MS },
      certain: true,
      code: 'consent-needed',
      sentence: 'Waiting for you to allow this app to send as you.',
      waitsFor: 'consent',
    });
  }
  if (o.consent === 'notice' && !record.noticed) {
    await o.sayOnce('first-use', person);
    await o.log.setPerson(person, { noticed: true });
  }
}
