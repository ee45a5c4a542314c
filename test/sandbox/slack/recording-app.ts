import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Reply = { status?: number; headers?: Record<string, string>; body?: string } | 'hang' | 'cut';

/** An app that notes what Slack sends it, and answers as it is told: 200 with nothing, unless said. */
export async function startRecordingApp(reply: (received: Received, index: number) => Reply = () => ({})) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const noted = { path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
    const answer = reply(noted, received.push(noted) - 1);
    if (answer === 'cut') response.destroy();
    else if (answer !== 'hang') {
      response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body ?? '');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    received,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The fields of a command, or of the JSON in an interaction's `payload`. */
export function formOf({ body }: Received): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}
