import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';
import { startRecordingApp } from './recording-app.ts';

/** The client logs every refusal, and refusals are what is tested here. */
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};

/** A stand-in Slack for one test, and Slack's own client pointed at it. */
export async function standIn(options: SlackOptions = {}) {
  const slack = await startSlack({ retryDelaysMs: [], ...options });
  onTestFinished(() => slack.close());
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2_000,
    logger: SILENT,
  });
  return { slack, client };
}

/** The same with an app that takes what Slack sends. */
export async function standInWithApp(
  options: SlackOptions = {},
  reply?: Parameters<typeof startRecordingApp>[0],
) {
  const app = await startRecordingApp(reply);
  onTestFinished(() => app.close());
  return { app, ...(await standIn({ requestUrl: app.url, ...options })) };
}

/** Posts to a response_url as an app does. */
export async function respond(url: unknown, content: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  });
  return { status: response.status, text: await response.text() };
}
