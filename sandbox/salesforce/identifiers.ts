import { refuse } from './api-error.ts';
import { keyPrefix, to18 } from './ids.ts';

/**
 * The 18-character form of an id that a client sent. Refuses a malformed one (MALFORMED_ID) and one of the
 * wrong kind with the documented 400 INVALID_ID_FIELD.
 */
export function idOf(kind: keyof typeof keyPrefix, sent: string): string {
  let id: string;
  try {
    id = to18(sent);
  } catch {
    throw refuse(400, 'MALFORMED_ID', `Malformed identifier: ${sent}`);
  }
  if (!id.startsWith(keyPrefix[kind])) throw refuse(400, 'INVALID_ID_FIELD', `Invalid identifier: ${sent}`);
  return id;
}
