import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { envelope, type SlackEvent } from './events.ts';
import type { Faults } from './faults.ts';
import type { Fields } from './shapes.ts';
import type { Workspace } from './workspace.ts';

/** The three kinds of things Slack sends to an app, under their Socket Mode names. */
export type DeliveryKind = 'events_api' | 'slash_commands' | 'interactive';

/** Why an attempt failed, in Slack's words for `x-slack-retry-reason`. */
export type FailureReason = 'http_timeout' | 'http_error' | 'connection_failed' | 'timeout';

export interface Retry {
  /** 1, 2 or 3. */
  readonly num: number;
  readonly reason: FailureReason;
}

/** What came back for one thing sent. */
export interface Answer {
  /** The HTTP status; over Socket Mode 200 for an acknowledgement; absent when nothing came back. */
  readonly status?: number;
  readonly body: string;
  readonly failure?: FailureReason;
  /** The app answered `x-slack-no-retry: 1`. */
  readonly noRetry?: boolean;
}

/** One way to the app: signed HTTP requests, or Socket Mode. */
export interface Transport {
  send(kind: DeliveryKind, payload: Fields, retry?: Retry): Promise<Answer>;
}

/** One line of the log of everything that was sent to the app. */
export interface Attempt extends Answer {
  readonly kind: DeliveryKind;
  /** The event's type, the command, or the type of the interaction. */
  readonly name: string;
  readonly eventId?: string;
  /** 0 is the first attempt. */
  readonly retryNum: number;
  readonly retryReason?: FailureReason;
  readonly at: number;
  readonly ms: number;
  readonly payload: Fields;
}

/** Slack tries again almost at once, after a minute, after five (Slack docs, "The Events API"). */
export const SLACK_RETRY_DELAYS_MS: readonly number[] = [0, 60_000, 300_000];

/** Sends things to the app: events until they are taken or given up, everything else once. */
export class Delivery {
  readonly attempts: Attempt[] = [];
  readonly #workspace: Workspace;
  readonly #transport: Transport;
  readonly #faults: Faults;
  readonly #retryDelaysMs: readonly number[];
  readonly #closed = new AbortController();
  #heldBack: (() => void)[] = [];

  constructor(
    workspace: Workspace,
    transport: Transport,
    faults: Faults,
    retryDelaysMs: readonly number[] = SLACK_RETRY_DELAYS_MS,
  ) {
    this.#workspace = workspace;
    this.#transport = transport;
    this.#faults = faults;
    this.#retryDelaysMs = retryDelaysMs;
    // Every delivery that waits listens.
    setMaxListeners(0, this.#closed.signal);
  }

  /** Sends an event in its envelope; resolves with all attempts, when it is taken or given up. */
  async event(event: SlackEvent): Promise<readonly Attempt[]> {
    const wrapped = envelope(this.#workspace, event);
    const fault = this.#faults.takeForEvent();
    switch (fault?.kind) {
      case 'lost':
        return [];
      case 'twice':
        return (await Promise.all([this.#persist(wrapped), this.#persist(wrapped)])).flat();
      case 'two-ids': {
        const again = envelope(this.#workspace, event);
        const later = this.#wait(fault.apartMs ?? 0).then(() => this.#persist(again));
        return (await Promise.all([this.#persist(wrapped), later])).flat();
      }
      case 'delayed':
        await this.#wait(fault.ms);
        return this.#persist(wrapped);
      case 'held-back':
        await new Promise<void>((release) => this.#heldBack.push(release));
        return this.#persist(wrapped);
      default: {
        const held = this.#heldBack;
        this.#heldBack = [];
        const attempts = await this.#persist(wrapped);
        for (const release of held) release();
        return attempts;
      }
    }
  }

  /** Sends a command or an interaction: Slack never does that a second time. */
  once(kind: Exclude<DeliveryKind, 'events_api'>, name: string, payload: Fields): Promise<Attempt> {
    return this.#attempt(kind, name, payload);
  }

  /** Gives up everything that is still to be redelivered. */
  close(): void {
    this.#closed.abort();
    for (const release of this.#heldBack) release();
  }

  async #persist(wrapped: Fields): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = [];
    let retry: Retry | undefined;
    while (!this.#closed.signal.aborted) {
      const attempt = await this.#attempt('events_api', eventName(wrapped), wrapped, retry);
      attempts.push(attempt);
      const delayMs = this.#retryDelaysMs[attempts.length - 1];
      if (!attempt.failure || attempt.noRetry || delayMs === undefined) break;
      retry = { num: attempts.length, reason: attempt.failure };
      await this.#wait(delayMs);
    }
    return attempts;
  }

  async #attempt(kind: DeliveryKind, name: string, payload: Fields, retry?: Retry): Promise<Attempt> {
    const at = this.#workspace.now();
    const startMs = performance.now();
    const answer = await this.#transport.send(kind, payload, retry);
    const attempt: Attempt = {
      ...answer,
      kind,
      name,
      ...(typeof payload.event_id === 'string' ? { eventId: payload.event_id } : {}),
      retryNum: retry?.num ?? 0,
      ...(retry ? { retryReason: retry.reason } : {}),
      at,
      ms: performance.now() - startMs,
      payload,
    };
    this.attempts.push(attempt);
    this.#workspace.changed({ what: 'delivery' });
    return attempt;
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#closed.signal, ref: false }).catch(() => undefined);
  }
}

function eventName(wrapped: Fields): string {
  const event = wrapped.event as Fields;
  return event.subtype ? `${event.type}.${event.subtype}` : String(event.type);
}
