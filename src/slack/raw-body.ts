import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's bytes: of Slack's, which the signature is over, and of the API's.
 * @returns undefined when there are more than `limitBytes`. The rest is read and thrown away, up to ten times
 * the limit, because a client that is still sending does not see an answer; beyond, the connection is cut.
 */
export async function readRawBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
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
