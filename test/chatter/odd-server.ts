import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SalesforceUserId } from '../../src/bridge/people.ts';

export interface OddServer {
  url: string;
  /** Paths asked for, without those for tokens. */
  paths: string[];
  close(): Promise<unknown>;
}

/** A Salesforce that gives tokens for this user and answers everything else as told, in JSON's type. */
export async function startOddServer(
  userId: SalesforceUserId,
  answer: (asked: URL) => string,
  options: { status?: number; instanceUrl?: string } = {},
): Promise<OddServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', url);
    const isToken = asked.pathname.endsWith('/oauth2/token');
    if (!isToken) paths.push(asked.pathname);
    const token = {
      access_token: 'token',
      instance_url: options.instanceUrl ?? url,
      id: `${url}/id/00D/${userId}`,
    };
    request.resume().on('end', () => {
      response.writeHead(isToken ? 200 : (options.status ?? 200), { 'content-type': 'application/json' });
      response.end(isToken ? JSON.stringify(token) : answer(asked));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    paths,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
