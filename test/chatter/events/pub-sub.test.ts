import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectPubSub } from '../../../src/chatter/events/pub-sub.ts';
import type { Session } from '../../../src/chatter/sessions.ts';

const session = {
  connection: { accessToken: 'a-token', instanceUrl: 'https://corp.my.salesforce.com' },
  organizationId: '00DgK0000000001',
} as unknown as Session;

/** Takes connections and says nothing; keeps what it was told. */
async function startListener() {
  const told: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => told.push(bytes));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

function connect(url: string) {
  const pubSub = connectPubSub({ url, callMs: 300, now: Date.now });
  onTestFinished(() => pubSub.close());
  return pubSub;
}

describe('the connection to the Pub/Sub API', () => {
  it('is never in the clear, but to this machine', () => {
    expect(() => connect('http://pubsub.corp.com:7443')).toThrow('not https');
  });

  it('begins with TLS over https, and tells nobody the token before', async () => {
    const { host, told } = await startListener();
    await expect(connect(`https://${host}`).topic(session, 't')).rejects.toThrow();
    const bytes = Buffer.concat(told);
    // A handshake record (RFC 8446, 5.1).
    expect(bytes[0]).toBe(22);
    expect(bytes.includes('a-token')).toBe(false);
  });

  it('does not wait for ever for an answer', async () => {
    const { host, told } = await startListener();
    const asked = connect(`http://${host}`).topic(session, 't');
    await expect(asked).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(told.length).toBeGreaterThan(0);
  });
});
