import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Answer, DeliveryKind, Retry, Transport } from './delivery.ts';
import { parseFields } from './json.ts';
import type { Fields } from './shapes.ts';

/** An app may hold ten connections at a time (Slack docs, "Using Socket Mode"). */
const MAX_CONNECTIONS = 10;

/** The client gives a connection up when no ping comes for 30 s. */
const PING_INTERVAL_MS = 5_000;

export const SOCKET_PATH = '/link/';

/** Slack's side of Socket Mode: hands out tickets, says hello, sends envelopes and waits for their ids. */
export class SocketMode implements Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections: WebSocket[] = [];
  readonly #waiting = new Map<string, (ack: Answer) => void>();
  readonly #appId: string;
  readonly #deadlineMs: number;
  #issued = 0;
  #sent = 0;

  constructor(options: { appId: string; deadlineMs: number }) {
    this.#appId = options.appId;
    this.#deadlineMs = options.deadlineMs;
  }

  /** How many connections are open. */
  get connected(): number {
    return this.#connections.length;
  }

  /** The path and query of a WebSocket address that can be used once, for apps.connections.open. */
  issueAddress(): string {
    this.#issued += 1;
    const ticket = `ticket-${this.#issued}`;
    this.#tickets.add(ticket);
    return `${SOCKET_PATH}?ticket=${ticket}&app_id=${this.#appId}`;
  }

  /** Takes over an HTTP upgrade, if its ticket is good and there is room. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket) || this.connected >= MAX_CONNECTIONS) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
  }

  /** Sends one envelope over one of the connections, in turn, and waits for its acknowledgement. */
  async send(kind: DeliveryKind, payload: Fields, retry?: Retry): Promise<Answer> {
    this.#sent += 1;
    const connection = this.#connections[this.#sent % Math.max(this.connected, 1)];
    if (!connection) return { body: '', failure: 'connection_failed' };
    const envelopeId = `envelope-${this.#sent}`;
    const acknowledged = this.#acknowledgement(envelopeId);
    connection.send(
      JSON.stringify({
        envelope_id: envelopeId,
        type: kind,
        payload,
        accepts_response_payload: kind !== 'events_api',
        ...(kind === 'events_api'
          ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }
          : {}),
      }),
    );
    return acknowledged;
  }

  /** Asks every client to reconnect, as Slack does about once an hour. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void {
    for (const connection of this.#connections) {
      connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }));
    }
  }

  close(): void {
    for (const connection of [...this.#connections]) connection.terminate();
    for (const [, give] of this.#waiting) give({ body: '', failure: 'connection_failed' });
    this.#server.close();
  }

  #welcome(connection: WebSocket): void {
    this.#connections.push(connection);
    const pings = setInterval(() => connection.ping(), PING_INTERVAL_MS);
    connection.on('message', (data) => this.#acknowledge(String(data)));
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      clearInterval(pings);
      this.#connections.splice(this.#connections.indexOf(connection), 1);
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.connected,
        debug_info: { host: 'stand-in', build_number: 1, approximate_connection_time: 3_600 },
        connection_info: { app_id: this.#appId },
      }),
    );
    connection.ping();
  }

  #acknowledgement(envelopeId: string): Promise<Answer> {
    return new Promise((resolve) => {
      const give = (answer: Answer) => {
        clearTimeout(deadline);
        this.#waiting.delete(envelopeId);
        resolve(answer);
      };
      const deadline = setTimeout(() => give({ body: '', failure: 'timeout' }), this.#deadlineMs);
      this.#waiting.set(envelopeId, give);
    });
  }

  #acknowledge(text: string): void {
    const ack = parseFields(text);
    const payload = ack?.payload as Fields | undefined;
    const body = payload && Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
    this.#waiting.get(String(ack?.envelope_id))?.({ status: 200, body });
  }
}
