import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { startRedis } from '../../sandbox/redis/server.ts';
import { type StandInSalesforce, startSalesforce } from '../../sandbox/salesforce/server.ts';
import { type StandInSlack, startSlack } from '../../sandbox/slack/server.ts';
import { type Config, readConfig } from '../../src/config.ts';

/** The Slack people of the sample workspace, by name. */
export const slackIds = { ada: 'U0ADA', grace: 'U0GRACE', alan: 'U0ALAN' } as const;
export type Name = keyof typeof slackIds;

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clientId = '3MVG9-bridge';

export interface World {
  redis: Awaited<ReturnType<typeof startRedis>>;
  slack: StandInSlack;
  salesforce: StandInSalesforce;
  /** As the processes get them. */
  env: Record<string, string>;
  config: Config;
  salesforceId(name: Name): string;
  /** Texts of what Chatter holds, in the order it was stored. */
  texts(): string[];
  close(): Promise<void>;
}

export interface WorldOptions {
  env?: Record<string, string>;
  redis?: Parameters<typeof startRedis>[0];
  slack?: Parameters<typeof startSlack>[0];
  salesforce?: Partial<Parameters<typeof startSalesforce>[0]>;
}

/** A real Redis and the two stand-ins, with Ada, Grace and Alan on both sides; no bridge yet. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const people = { ada: 'Ada Lovelace', grace: 'Grace Hopper', alan: 'Alan Turing' };
  const [redis, slack, salesforce] = await Promise.all([
    startRedis(options.redis),
    startSlack({ retryDelaysMs: [50, 500, 3_000], ...options.slack }),
    startSalesforce({
      clientId,
      publicKey: keys.publicKey,
      users: [
        { name: 'Chatter Bridge', email: 'bridge@corp.com', username: 'bridge@corp.com.org' },
        ...Object.entries(people).map(([name, full]) => ({
          name: full,
          email: `${name}@corp.com`,
          username: `${name}@corp.com.org`,
        })),
      ],
      ...options.salesforce,
    }),
  ]);
  const env: Record<string, string> = {
    PORT: '0',
    REDIS_URL: redis.url,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SALESFORCE_LOGIN_URL: salesforce.url,
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_PRIVATE_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    SALESFORCE_USERNAME: 'bridge@corp.com.org',
    ...(salesforce.pubSub && { SALESFORCE_PUBSUB_URL: salesforce.pubSub.url }),
    PUBLIC_URL: 'https://bridge.corp.com',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...options.env,
  };
  return {
    redis,
    slack,
    salesforce,
    env,
    config: readConfig(env),
    salesforceId(name) {
      const user = salesforce.users.find((one) => one.name === people[name]);
      if (!user) throw new Error(`nobody is called ${name}`);
      return user.id;
    },
    texts: () => salesforce.messages().map((message) => message.text),
    async close() {
      await Promise.all([slack.close(), salesforce.close()]);
      await redis.stop();
    },
  };
}

/** A namespace that no other test uses. */
export const freshNamespace = (): string => `test-${randomUUID()}`;
