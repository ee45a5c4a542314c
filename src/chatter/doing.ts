import type { TokenOwner } from './token-errors.ts';

/**
 * What the bridge was doing when Salesforce failed it: decides what the failure means, and its sentence. `as`: absent, a
 * person; in mirrored threads its own user writes and reads.
 */
export type Doing =
  | { kind: 'send' | 'reply' | 'read'; as?: TokenOwner }
  /** A message is deleted, with the bridge's own user. */
  | { kind: 'remove' }
  /** @param whom as the sender knows them: "Grace Hopper", or "you". */
  | { kind: 'look-up'; whom: string };

/** Only these change something at Salesforce: their loss leaves a doubt. */
export function isPost(doing: Doing): boolean {
  return doing.kind === 'send' || doing.kind === 'reply';
}

/** Opens the sentence about a failure; about sending itself nothing needs to be said first. */
export function lead(doing: Doing): string {
  if (doing.kind === 'remove') return 'The bridge could not delete your message in Salesforce. ';
  if (doing.kind === 'read') {
    const whose = doing.as === 'bridge' ? 'its own' : 'your';
    return `The bridge could not look into ${whose} Chatter messages. `;
  }
  if (doing.kind === 'look-up') return `The bridge could not look ${doing.whom} up in Salesforce. `;
  return '';
}

/** Whose token is used: what is looked up and deleted, is by the bridge's own user. */
export function ownerOf(doing: Doing): TokenOwner {
  if (doing.kind === 'look-up' || doing.kind === 'remove') return 'bridge';
  return doing.as ?? 'person';
}
