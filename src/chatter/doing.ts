/** What the bridge was doing when Salesforce failed it: decides what the failure means, and its sentence. */
export type Doing =
  | { kind: 'send' }
  | { kind: 'reply' }
  | { kind: 'read' }
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
  if (doing.kind === 'read') return 'The bridge could not look into your Chatter messages. ';
  if (doing.kind === 'look-up') return `The bridge could not look ${doing.whom} up in Salesforce. `;
  return '';
}
