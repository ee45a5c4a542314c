import { randomBytes } from 'node:crypto';
import { BRIDGE_USERNAME } from '../company.ts';
import type { StandInSalesforce } from '../salesforce/server.ts';
import type { StandInSlack } from '../slack/server.ts';

export interface Surroundings {
  readonly port: number;
  readonly redisUrl: string;
  readonly slack: StandInSlack;
  readonly salesforce: StandInSalesforce;
  readonly clientId: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The settings with which the bridge runs against the stand-ins, as an operator would write them. */
export function bridgeEnvironment(around: Surroundings): Record<string, string> {
  const { port, redisUrl, slack, salesforce, clientId, privateKey } = around;
  return {
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    REDIS_URL: redisUrl,
    // New at every start: what an earlier sandbox left in Redis is erased, not read.
    ENCRYPTION_KEYS: `sandbox:${randomBytes(32).toString('base64')}`,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SALESFORCE_LOGIN_URL: salesforce.url,
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_PRIVATE_KEY: privateKey,
    SALESFORCE_USERNAME: BRIDGE_USERNAME,
    // So that answers appear at once; polling stays what it is in production.
    ...(salesforce.pubSub && { CHATTER_PUSH: 'on', SALESFORCE_PUBSUB_URL: salesforce.pubSub.url }),
    LOG_LEVEL: 'info',
  };
}
