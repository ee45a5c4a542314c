import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type RedisOptions, type RedisServer, startRedis } from '../../sandbox/redis/server.ts';
import { type StandInSalesforce, startSalesforce } from '../../sandbox/salesforce/server.ts';
import { type StandInSlack, startSlack } from '../../sandbox/slack/server.ts';
import type { Message } from '../../sandbox/slack/shapes.ts';
import { BRIDGE_USERNAME, orgOf, PEOPLE, workspaceOf } from './company.ts';
import { type Ear, listen } from './ear.ts';
import { Fleet } from './fleet.ts';
import { idIn, Ledger } from './ledger.ts';
import type { Program } from './program.ts';
import type { Waits } from './waits.ts';
import { Writer } from './writer.ts';

/** A real Redis, the two stand-ins, and the built bridge between them; all that one stage needs. */
export interface Arena {
  readonly redis: RedisServer;
  readonly slack: StandInSlack;
  readonly salesforce: StandInSalesforce;
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly ear: Ear;
  readonly writer: Writer;
  readonly waits: Waits;
  readonly logFile: string;
  close(): Promise<void>;
}

export interface ArenaOptions {
  program: Program;
  waits: Waits;
  workers: number;
  webs: number;
  /** Where the bridge's log goes. */
  logFile: string;
  redis?: RedisOptions;
  /** Salesforce tells of each message. */
  pushed?: boolean;
  /** Hears of each note that asks its writer to decide. */
  undecided?: (id: string, note: Message, slack: StandInSlack) => void;
}

const CLIENT_ID = 'torture-client-id';
/** Slack's own are none, a minute and five minutes. */
const RETRY_DELAYS_MS = [100, 6_000, 15_000];

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

export async function openArena(o: ArenaOptions): Promise<Arena> {
  mkdirSync(dirname(o.logFile), { recursive: true });
  rmSync(o.logFile, { force: true });
  const log = openSync(o.logFile, 'a');
  const [redis, slack, salesforce] = await Promise.all([
    startRedis(o.redis),
    startSlack({ seed: workspaceOf(PEOPLE), retryDelaysMs: RETRY_DELAYS_MS }),
    startSalesforce({
      clientId: CLIENT_ID,
      publicKey: keys.publicKey,
      users: orgOf(PEOPLE),
      pubSub: o.pushed ?? false,
    }),
  ]);
  const ledger = new Ledger();
  salesforce.onChange((change) => {
    if (change.kind !== 'message') return;
    const { text, committedAt, via } = change.message;
    ledger.arrived(text, committedAt, via === 'person');
    const id = via === 'person' ? idIn(text) : undefined;
    if (id !== undefined) ledger.story(id).excuses.add('by-hand');
  });
  const ear = listen({ slack, ledger, undecided: (id, note) => o.undecided?.(id, note, slack) });
  const { timing, sendMs } = o.waits;
  const fleet = new Fleet({
    program: o.program,
    env: {
      PORT: '0',
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: `torture:${randomBytes(32).toString('base64')}`,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      SALESFORCE_LOGIN_URL: salesforce.url,
      SALESFORCE_CLIENT_ID: CLIENT_ID,
      SALESFORCE_PRIVATE_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      SALESFORCE_USERNAME: BRIDGE_USERNAME,
      PUBLIC_URL: 'https://bridge.corp.example',
      LOG_LEVEL: 'info',
      ...(salesforce.pubSub && { CHATTER_PUSH: 'on', SALESFORCE_PUBSUB_URL: salesforce.pubSub.url }),
    },
    overrides: {
      timing,
      salesforce: { timeouts: { sendMs, readMs: sendMs, tokenMs: sendMs } },
    },
    logTo: log,
    webPorts: (ports) => slack.pointAt(...ports.map((port) => `http://127.0.0.1:${port}/slack/events`)),
  });
  await fleet.start({ web: o.webs, worker: o.workers });
  return {
    redis,
    slack,
    salesforce,
    fleet,
    ledger,
    ear,
    writer: new Writer({ slack, ledger, ear }),
    waits: o.waits,
    logFile: o.logFile,
    async close() {
      await fleet.close();
      await Promise.all([slack.close(), salesforce.close()]);
      await redis.stop();
      closeSync(log);
    },
  };
}
