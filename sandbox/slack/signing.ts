import { createHmac } from 'node:crypto';

/**
 * Signs a request the way Slack does, over the raw body and the time in whole seconds
 * (Slack docs, "Verifying requests": HMAC-SHA256 of `v0:{timestamp}:{body}`).
 */
export function signature(signingSecret: string, timestampSeconds: number | string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestampSeconds}:${body}`).digest('hex')}`;
}

/** The two headers of a signed request. */
export function signedHeaders(signingSecret: string, timestampSeconds: number, body: string) {
  return {
    'x-slack-request-timestamp': String(timestampSeconds),
    'x-slack-signature': signature(signingSecret, timestampSeconds, body),
  };
}
