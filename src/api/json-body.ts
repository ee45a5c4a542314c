import type { IncomingMessage } from 'node:http';
import type { Problem } from './problem.ts';

/** `application/json`, whatever its parameters, but for another charset than JSON's (RFC 8259, 8.1). */
const JSON_TYPE = /^application\/json\s*(?:;(?!.*charset)|;.*charset="?utf-?8"?\s*(?:;|$)|$)/i;

/**
 * A request's body.
 * @throws when the client hangs up, or takes longer than the server waits.
 */
export async function readJson(
  request: IncomingMessage,
  limitBytes: number,
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

/**
 * @returns undefined when there are more than `limitBytes`. The rest is read and thrown away, up to ten times the limit,
 * because a client that is still sending does not see an answer.
 */
async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
    else if (length > 10 * limitBytes) {
      request.destroy();
      break;
    } else chunks.length = 0;
  }
  return length <= limitBytes ? Buffer.concat(chunks) : undefined;
}
