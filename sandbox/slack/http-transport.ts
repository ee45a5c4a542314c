import { Agent, type Dispatcher, errors } from 'undici';
import type { Answer, DeliveryKind, Retry, Transport } from './delivery.ts';
import type { Fields } from './shapes.ts';
import { signedHeaders } from './signing.ts';

/** Slack waits three seconds for an answer (Slack docs, "The Events API"). */
export const ANSWER_DEADLINE_MS = 3_000;

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
  readonly ms: number;
}

/**
 * Sends signed requests to the app's request URL, which may be set after the start and changed. Several URLs take
 * turns, as behind a load balancer.
 */
export class HttpTransport implements Transport {
  requestUrls: readonly string[];
  #turn = 0;
  readonly #signingSecret: string;
  readonly #deadlineMs: number;
  readonly #now: () => number;
  readonly #agent = new Agent();

  constructor(options: {
    signingSecret: string;
    deadlineMs: number;
    now: () => number;
    requestUrl?: string;
  }) {
    this.#signingSecret = options.signingSecret;
    this.#deadlineMs = options.deadlineMs;
    this.#now = options.now;
    this.requestUrls = options.requestUrl ? [options.requestUrl] : [];
  }

  /** The signature headers for a body, for any moment: requests of a hostile kind need stale ones. */
  sign(body: string, timestampSeconds = Math.floor(this.#now() / 1_000)) {
    return signedHeaders(this.#signingSecret, timestampSeconds, body);
  }

  /** One POST as it is, to the request URL. @throws when the app cannot be reached or is too slow. */
  async post(body: string, headers: Record<string, string>): Promise<RawAnswer> {
    const requestUrl = this.requestUrls[this.#turn++ % this.requestUrls.length];
    if (!requestUrl) throw new Error('the app has no request URL yet');
    const url = new URL(requestUrl);
    const startMs = performance.now();
    const response = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(this.#deadlineMs),
    } satisfies Dispatcher.RequestOptions);
    const text = await response.body.text();
    return {
      status: response.statusCode,
      headers: response.headers,
      body: text,
      ms: performance.now() - startMs,
    };
  }

  async send(kind: DeliveryKind, payload: Fields, retry?: Retry): Promise<Answer> {
    const { body, contentType } = encode(kind, payload);
    try {
      const answer = await this.post(body, {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...this.sign(body),
        ...(retry ? { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason } : {}),
      });
      const ok = answer.status >= 200 && answer.status < 300;
      return {
        status: answer.status,
        body: answer.body,
        ...(ok ? {} : { failure: 'http_error' as const }),
        noRetry: answer.headers['x-slack-no-retry'] === '1',
      };
    } catch (error) {
      return { body: '', failure: isTimeout(error) ? 'http_timeout' : 'connection_failed' };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Events travel as JSON, commands as a form, interactions as JSON in a form's `payload`. */
function encode(kind: DeliveryKind, payload: Fields): { body: string; contentType: string } {
  // Exactly this type: with a charset added Bolt answers 400 (seen with Bolt 5.1).
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'events_api':
      return { body: JSON.stringify(payload), contentType: 'application/json' };
    case 'slash_commands':
      return { body: new URLSearchParams(payload as Record<string, string>).toString(), contentType: form };
    case 'interactive':
      return {
        body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
        contentType: form,
      };
  }
}

function isTimeout(error: unknown): boolean {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return true;
  return error instanceof Error && error.name === 'TimeoutError';
}
