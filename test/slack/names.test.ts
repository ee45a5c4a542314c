import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAsk } from '../../src/slack/asking.ts';
import { createNames } from '../../src/slack/names.ts';
import { parse } from '../../src/slack/text/parse.ts';
import { createWebClient } from '../../src/slack/web-client.ts';
import { openGates } from '../setup/open-gates.ts';
import { memoryLog } from './edge.ts';

/** Names where `conversations.info` answers with this channel. */
async function namesWith(channel: object) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, channel }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = createWebClient('xoxb-1', `http://127.0.0.1:${port}/api/`, memoryLog().log);
  const namesIn = createNames({ client, ask: createAsk(openGates), userOf: async () => ({}) });
  return (await namesIn(parse('see <#C1|secret>'))).channel('C1');
}

// The other rules are told in people.test.ts, against the stand-in.
describe("a channel's name", () => {
  it.each([
    ['public', { is_channel: true, is_private: false }, 'secret'],
    ['public, of which Slack says no more', { is_channel: true }, 'secret'],
    ['private, of the kind that Slack calls channels too', { is_channel: true, is_private: true }, undefined],
    ['a group', { is_channel: false, is_group: true }, undefined],
    ['a conversation between people', { is_im: true }, undefined],
  ])('is given away only when it is public: %s', async (_, kind, name) => {
    expect(await namesWith({ id: 'C1', name: 'secret', ...kind })).toBe(name);
  });
});
