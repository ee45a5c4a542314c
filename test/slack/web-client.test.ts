import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWebClient, webClientOptions } from '../../src/slack/web-client.ts';
import { memoryLog } from './edge.ts';

/** A Web API that notes who asked for what, and answers with this status. */
async function recordingApi(status = 200) {
  const calls: { path: string | undefined; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    calls.push({ path: request.url, token: request.headers.authorization });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/` };
}

describe('the Web API client', () => {
  it('never sends one token for another', async () => {
    const { calls, url } = await recordingApi();
    const { log } = memoryLog();
    const [one, two] = ['xoxb-one', 'xoxb-two'].map((token) => createWebClient(token, url, log));
    await one?.auth.test();
    await two?.auth.test();
    await one?.auth.test();
    expect(calls.map(({ token }) => token)).toEqual(
      ['xoxb-one', 'xoxb-two', 'xoxb-one'].map((t) => `Bearer ${t}`),
    );
    // An object here would be written into, and shared.
    expect(webClientOptions(url, log)).not.toHaveProperty('headers');
  });

  it('tries everything once', async () => {
    const { calls, url } = await recordingApi(500);
    const client = createWebClient('xoxb-1', url, memoryLog().log);
    await expect(client.chat.postMessage({ channel: 'U1', text: 'hi' })).rejects.toThrow('500');
    expect(calls).toHaveLength(1);
  });

  it('never takes its token elsewhere', async () => {
    const { calls, url } = await recordingApi();
    const client = createWebClient('xoxb-1', url, memoryLog().log);
    const elsewhere = await recordingApi();
    await client.apiCall(`${elsewhere.url}auth.test`).catch(() => {});
    expect(elsewhere.calls).toEqual([]);
    expect(calls.every(({ path }) => path?.startsWith('/api/'))).toBe(true);
  });

  it('writes neither text nor token into the log, at whatever level', async () => {
    const { url } = await recordingApi(500);
    const { log, lines } = memoryLog();
    const client = createWebClient('xoxb-secret', url, log);
    await client.chat.postMessage({ channel: 'U1', text: 'the secret word' }).catch(() => {});
    expect(lines.join('')).not.toMatch(/secret/);
  });
});
