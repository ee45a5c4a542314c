import { SocketModeClient } from '@slack/socket-mode';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { slackLogger } from '../../src/slack/slack-logger.ts';
import { onlyEnvelopes, type SocketEnvelope } from '../../src/slack/socket-envelope.ts';

function guarded() {
  const logger = slackLogger(pino({ level: 'silent' }));
  const client = new SocketModeClient({ appToken: 'xapp-none', autoReconnectEnabled: false, logger });
  const bodies: unknown[] = [];
  let goodbyes = 0;
  onlyEnvelopes(client, { goodbye: () => (goodbyes += 1) });
  client.on('slack_event', ({ body }: SocketEnvelope) => bodies.push(body));
  const receive = (data: unknown, isBinary = false) => client.emit('ws_message', data, isBinary);
  return { client, bodies, receive, goodbyes: () => goodbyes };
}

describe('what comes over the socket', () => {
  it.each([
    ['no payload', {}],
    ['no event', { payload: {} }],
    ['an event that is null', { payload: { event: null } }],
    ["an event that is called like one of the client's own", { payload: { event: { type: 'close' } } }],
  ])('reaches the listener with %s, and the client does not stumble', async (_, fields) => {
    const { bodies, receive, client } = guarded();
    let ownEvents = 0;
    client.on('close', () => (ownEvents += 1));
    receive(JSON.stringify({ type: 'events_api', envelope_id: '1', ...fields }));
    await expect.poll(() => bodies).toEqual(['payload' in fields ? fields.payload : undefined]);
    expect(ownEvents).toBe(0);
  });

  it.each(['', 'null', '7', '[', '"hello"'])('is ignored when it is %j', (data) => {
    const { bodies, receive } = guarded();
    receive(data);
    receive('{"type":"events_api"}', true);
    expect(bodies).toEqual([]);
  });

  it('is left to the client when it is hello, and not when it is goodbye', async () => {
    const { client, bodies, receive, goodbyes } = guarded();
    let hellos = 0;
    client.on('connected', () => (hellos += 1));
    receive('{"type":"hello"}');
    receive('{"type":"disconnect","reason":"refresh_requested"}');
    await expect.poll(() => hellos).toBe(1);
    expect(goodbyes()).toBe(1);
    expect(bodies).toEqual([]);
  });
});
