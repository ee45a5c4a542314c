import { setTimeout as delay } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from 'pino';
import { isInstallationError, toDeliveryError } from './errors.ts';
import { slackLogger } from './slack-logger.ts';
import { onlyEnvelopes, type SocketEnvelope } from './socket-envelope.ts';
import { sortOut } from './sort-out.ts';
import { webClientOptions } from './web-client.ts';
import { words } from './words.ts';

export interface SocketModeOptions {
  appToken: string;
  apiUrl: string;
  log: Logger;
  /** The first pause before connecting again; it doubles up to thirty times as long. */
  firstPauseMs?: number;
}

/** A connection that has not said hello by then never will. */
const HELLO_WITHIN_MS = 15_000;
/** Slack waits three seconds for an answer: nothing that is in hand can matter after that. */
const IN_HAND_MS = 3_000;
const CLOSE_WITHIN_MS = 2_000;

/**
 * Socket Mode as durable as HTTP: Bolt's own receiver acknowledges events before any listener runs, this one
 * when all have stored what they were given; what could not be stored is not acknowledged and comes again.
 *
 * Each connection has a client of its own without automatic reconnection. The library reconnects inside a timer,
 * where a failing `apps.connections.open` becomes an unhandled rejection and ends the process; here it is one
 * more turn of the loop.
 */
export function createSocketMode(options: SocketModeOptions): Receiver {
  const { appToken, apiUrl, log, firstPauseMs = 500 } = options;
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve());
  });
  const closings = new Set<Promise<void>>();
  let app: App | undefined;
  let running: Promise<void> | undefined;

  /**
   * @returns when the connection is to be replaced; it may still be finishing what it has in hand.
   * @throws when there was none to be had, or it broke.
   */
  async function connect(onHello: () => void): Promise<void> {
    const client = new SocketModeClient({
      appToken,
      autoReconnectEnabled: false,
      clientOptions: webClientOptions(apiUrl, log),
      logger: slackLogger(log),
    });
    const inHand = new Set<Promise<void>>();
    const replace = new Promise<void>((resolve, reject) => {
      client.once('disconnected', () => reject(new Error('connection lost')));
      onlyEnvelopes(client, { goodbye: resolve });
    });
    replace.catch(() => {}); // Nobody may be waiting for it yet, or any more.
    client.on('slack_event', (envelope: SocketEnvelope) => {
      if (stopping.signal.aborted) return; // Not acknowledged: Slack gives it to another connection.
      const work = receive(envelope).finally(() => inHand.delete(work));
      inHand.add(work);
    });
    const started = client.start();
    const finish = async () => {
      await Promise.race([Promise.all(inHand), delay(IN_HAND_MS, undefined, { ref: false })]);
      // A start that is still under way would open its socket after this.
      started.then(() => client.disconnect()).catch(() => {});
      await Promise.race([client.disconnect(), delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    };
    try {
      await Promise.race([withinTime(started, HELLO_WITHIN_MS).then(onHello), stopped]);
      await Promise.race([replace, stopped]);
    } finally {
      const closing = finish().finally(() => closings.delete(closing));
      closings.add(closing);
    }
  }

  async function receive({ body, ack, retry_num, retry_reason }: SocketEnvelope): Promise<void> {
    try {
      const payload = sortOut(body);
      if (payload.kind === 'unknown-command') {
        return await ack({ response_type: 'ephemeral', text: words.unknownCommand(payload.command) });
      }
      if (payload.kind === 'junk') log.warn({ why: payload.why }, 'envelope cannot be used');
      if (payload.kind !== 'usable') return await ack();
      let answer: unknown;
      await app?.processEvent({
        body: payload.body,
        ack: async (response: unknown) => {
          answer = response;
        },
        ...(retry_num === undefined ? {} : { retryNum: retry_num }),
        ...(retry_reason === undefined ? {} : { retryReason: retry_reason }),
      });
      await ack(answer);
    } catch (error) {
      log.warn({ err: error }, 'envelope not acknowledged');
    }
  }

  async function keepConnected(onHello: () => void, onRefused: (error: unknown) => void): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      try {
        await connect(() => {
          pauseMs = firstPauseMs;
          onHello();
        });
      } catch (error) {
        if (isInstallationError(error)) onRefused(toDeliveryError(error, 'read'));
        log.warn({ err: error, pauseMs }, 'Socket Mode is not connected');
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
        pauseMs = Math.min(2 * pauseMs, 30 * firstPauseMs);
      }
    }
  }

  return {
    init: (bolt) => {
      app = bolt;
    },
    /** Resolves at Slack's first hello; rejects when Slack refuses the app token. Reconnects for ever after. */
    start: () =>
      new Promise<void>((resolve, reject) => {
        let connected = false;
        const onHello = () => {
          connected = true;
          resolve();
        };
        const onRefused = (error: unknown) => {
          if (connected) return;
          stopping.abort();
          reject(error);
        };
        running = keepConnected(onHello, onRefused).then(() => resolve());
      }),
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all(closings);
    },
  };
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error('no hello from Slack in time');
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
