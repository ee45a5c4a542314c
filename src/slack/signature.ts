import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older or later than this is refused, so that a recorded request cannot be played back for ever. */
const WINDOW_SECONDS = 300;

export interface SignedRequest {
  /** `X-Slack-Request-Timestamp`: seconds since 1970. */
  timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=` and the hex HMAC-SHA256 of `v0:{timestamp}:{body}`. */
  signature: string | undefined;
  /** The bytes as they came. */
  body: Buffer;
}

/** Why a request is not Slack's, or undefined when it is. Bolt would let a future timestamp pass. */
export function signatureFlaw(request: SignedRequest, secret: string, nowMs: number): string | undefined {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || signature === undefined) return 'unsigned';
  if (!/^\d{1,12}$/.test(timestamp)) return 'no timestamp';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > WINDOW_SECONDS) return 'stale or future timestamp';
  const ours = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  const theirs = Buffer.from(signature);
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? undefined : 'wrong signature';
}
