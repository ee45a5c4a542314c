import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { slackLogger } from './slack-logger.ts';

/** How long one call may take before its outcome counts as unknown. */
const TIMEOUT_MS = 10_000;

/**
 * Never `headers`: the client writes `Authorization` into that object, and what is shared would carry one
 * workspace's token to another. No retries: the library would post again after a lost answer, and
 * chat.postMessage has no key against doubles. Rate limits reject, or one 429 would stop every other call.
 */
export function webClientOptions(apiUrl: string, log: Logger, timeoutMs = TIMEOUT_MS): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: slackLogger(log),
  };
}

/** A client of Slack's Web API that tries everything once. */
export function createWebClient(token: string, apiUrl: string, log: Logger, timeoutMs?: number): WebClient {
  return new WebClient(token, webClientOptions(apiUrl, log, timeoutMs));
}
