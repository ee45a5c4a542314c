import { request } from 'undici';
import { DeliveryError, refusedForGood } from '../bridge/delivery-error.ts';

/** Slack's hosts for response URLs; the second is GovSlack's. */
const SLACK_HOSTS = new Set(['hooks.slack.com', 'hooks.slack-gov.com']);
const TIMEOUT_MS = 5_000;

export interface ResponseUrls {
  /**
   * Posts to a `response_url` (usable 5 times within 30 minutes, without a token).
   * @throws DeliveryError; never and certain when the URL is used up, expired or not one of Slack's.
   */
  post(url: string, body: object): Promise<void>;
}

/**
 * A stored URL is only followed to Slack's own hosts, or to the host of the Web API that is configured: a
 * forged one would be given private words. For the same reason redirects are not followed.
 */
export function createResponseUrls(apiUrl: string, timeoutMs = TIMEOUT_MS): ResponseUrls {
  const api = new URL(apiUrl);
  return {
    post: async (url, body) => {
      if (!isSlacks(url, api)) throw refusedForGood('answer-url-foreign', 'The answer has nowhere to go.');
      const status = await postJson(url, body, timeoutMs);
      if (status === 429) throw tryLater('answer-rate-limited', true);
      if (status >= 500) throw tryLater(`answer-http-${status}`, false);
      if (status >= 300) {
        throw refusedForGood('answer-expired', 'The command can no longer be answered where it was typed.');
      }
    },
  };
}

function isSlacks(url: string, api: URL): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return (protocol === 'https:' && SLACK_HOSTS.has(host)) || (protocol === api.protocol && host === api.host);
}

async function postJson(url: string, body: object, timeoutMs: number): Promise<number> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    throw tryLater('answer-not-delivered', false, error);
  }
}

function tryLater(code: string, certain: boolean, cause?: unknown): DeliveryError {
  return new DeliveryError({
    retry: { kind: 'later' },
    certain,
    code,
    sentence: 'Slack did not take the answer just now.',
    cause,
  });
}
