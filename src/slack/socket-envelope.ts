import type { SocketModeClient } from '@slack/socket-mode';

/** What the client emits as `slack_event`. Its own types leave it open. */
export interface SocketEnvelope {
  body: unknown;
  ack: (response?: unknown) => Promise<void>;
  retry_num?: number;
  retry_reason?: string;
}

type MessageListener = (data: unknown, isBinary: boolean) => void;

/**
 * Stands between the socket and the client. The client reads `payload.event.type` of every event unchecked and
 * emits it as an event of its own, so that a payload without one is an unhandled rejection, and an event called
 * `error` or `close` works its own switches. Every envelope is therefore passed on under one harmless type.
 *
 * `goodbye` is called when Slack announces that it will close the connection; the client, which would close it
 * at once and with it the way back for every answer in hand, is not told.
 */
export function onlyEnvelopes(client: SocketModeClient, { goodbye }: { goodbye: () => void }): void {
  const [toClient] = client.listeners('ws_message') as MessageListener[];
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    const message = isBinary ? undefined : parsed(data);
    if (message === undefined) return;
    if (message.type === 'disconnect') goodbye();
    else if (message.type === 'hello') toClient?.(data, false);
    else toClient?.(JSON.stringify({ ...message, type: 'envelope' }), false);
  });
}

function parsed(data: unknown): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(String(data));
    return typeof message === 'object' && message !== null ? { ...message } : undefined;
  } catch {
    return undefined;
  }
}
