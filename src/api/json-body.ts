import type { IncomingMessage } from 'node:http';
import type { Problem } from './problem.ts';

/** `application/json`, whatever its parameters, but for another charset than JSON's (RFC 8259, 8.1). */
const JSON_TYPE = /^application\/json\s*(?:;(?!.*charset)|;.*charset="?utf-?8"?\s*(?:;|$)|$)/i;

/** A request's bytes; undefined when there are more than `limitBytes`. */
export type ReadBytes = (request: IncomingMessage, limitBytes: number) => Promise<Buffer | undefined>;

/**
 * A request's body.
 * @throws when the client hangs up, or takes longer than the server waits.
 */
export async function readJson(
  request: IncomingMessage,
  limitBytes: number,
  readBytes: ReadBytes,
): Promise<{ value: unknown } | { flaw: Problem }> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!JSON_TYPE.test(type.trim()) || encoding !== 'identity') return { flaw: 'not-json-type' };
  const bytes = await readBytes(request, limitBytes);
  if (bytes === undefined) return { flaw: 'too-large' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: JSON.parse(text) };
  } catch {
    // What the parser says about it repeats a part of it.
    return { flaw: 'not-json' };
  }
}
