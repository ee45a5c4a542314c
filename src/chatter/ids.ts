import type { ChatterMessageId, ConversationId, SalesforceUserId } from '../bridge/people.ts';

/** Key prefixes: the first three characters of an id say what it names (Connect REST API guide). */
const keyPrefix = { user: '005', message: '03J', conversation: '03M' } as const;

const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of a 15- or 18-character id. Connect always answers with 18, the field reference lists
 * 15 for the same ids, and two spellings of one id would be two people to us.
 *
 * The last three characters say which of the first 15 are capitals: one for each group of five, bit k set
 * when the k-th character of the group is A–Z. Throws RangeError for anything else, wrong checksums included.
 */
export function to18(id: string): string {
  if (!/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/.test(id)) throw new RangeError('malformed Salesforce id');
  const id15 = id.slice(0, 15);
  const id18 = id15 + [0, 5, 10].map((start) => checkCharacter(id15.slice(start, start + 5))).join('');
  if (id.length === 18 && id !== id18) throw new RangeError('wrong checksum in Salesforce id');
  return id18;
}

/** @throws RangeError when it is not the id of a user. */
export function toUserId(id: string): SalesforceUserId {
  return idOf(keyPrefix.user, id) as SalesforceUserId;
}

/** @throws RangeError when it is not the id of a private message. */
export function toMessageId(id: string): ChatterMessageId {
  return idOf(keyPrefix.message, id) as ChatterMessageId;
}

/** @throws RangeError when it is not the id of a conversation. */
export function toConversationId(id: string): ConversationId {
  return idOf(keyPrefix.conversation, id) as ConversationId;
}

function idOf(prefix: string, id: string): string {
  const id18 = to18(id);
  if (!id18.startsWith(prefix)) throw new RangeError(`Salesforce id does not begin with ${prefix}`);
  return id18;
}

function checkCharacter(group: string): string {
  const bits = [...group].reduce((sum, character, k) => (/[A-Z]/.test(character) ? sum | (1 << k) : sum), 0);
  return checksumAlphabet.charAt(bits);
}
