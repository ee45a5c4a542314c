import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bridgeEnvironment } from './bridge/environment.ts';
import { BridgeProcess } from './bridge/process.ts';
import { openRedis } from './bridge/redis.ts';
import { companyOrg, companyWorkspace, haveTalked } from './company.ts';
import { readManifest } from './manifest.ts';
import { startPage } from './page/server.ts';
import type { Stage } from './page/stage.ts';
import { startSalesforce } from './salesforce/server.ts';
import { startSlack } from './slack/server.ts';

const CLIENT_ID = 'sandbox-client-id';
const READY_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 100;
/** A port taken meanwhile explains one crash at the start; more are a mistake that stays. */
const MOST_CRASHES = 3;
/** Lines of the log that are shown then. */
const LAST_WORDS = 5;

export interface SandboxOptions {
  /** Holds Redis's data (`redis/`) and the bridge's log (`bridge.log`); made when it is not there. */
  readonly folder: string;
  /** The page's port; when it is taken, and with 0, a free one. */
  readonly port: number;
  /** A Redis to use instead of a private one; its database is empty or an earlier sandbox's. */
  readonly redisUrl?: string;
  /** Hears one line for everything that has started, and for every process that ended by itself. */
  readonly say: (line: string) => void;
}

export interface Sandbox extends Stage {
  /** Where the page is. */
  readonly url: string;
  readonly processes: readonly BridgeProcess[];
  /** Stops everything, the page first and Redis last. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox: Redis, a stand-in Slack and Salesforce, the real web and worker against them, and the page
 * that shows it. Resolves when all of it answers; rejects, with nothing left running, when something does not.
 */
export async function startSandbox({ folder, port, redisUrl, say }: SandboxOptions): Promise<Sandbox> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of closers.splice(0).reverse()) await stop();
  };
  try {
    await mkdir(folder, { recursive: true });
    const redis = await openRedis(join(folder, 'redis'), redisUrl);
    closers.push(() => redis.stop());
    say(
      redisUrl === undefined
        ? 'Redis       private, empty at every start'
        : 'Redis       the one of REDIS_URL',
    );

    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const salesforce = await startSalesforce({
      clientId: CLIENT_ID,
      publicKey: keys.publicKey,
      users: companyOrg(),
      pubSub: true,
    });
    closers.push(() => salesforce.close());
    say(`Salesforce  a stand-in at ${salesforce.url}`);

    const bridgePort = await freePort();
    const requestUrl = `http://127.0.0.1:${bridgePort}/slack/events`;
    const slack = await startSlack({ seed: companyWorkspace(), requestUrl, ...(await readManifest()) });
    haveTalked(slack.workspace);
    closers.push(() => slack.close());
    say(`Slack       a stand-in at ${slack.url}`);

    const logFile = join(folder, 'bridge.log');
    const log = createWriteStream(logFile);
    await once(log, 'open');
    closers.push(() => new Promise<void>((resolve) => log.end(resolve)));
    const env = bridgeEnvironment({
      port: bridgePort,
      redisUrl: redis.url,
      slack,
      salesforce,
      clientId: CLIENT_ID,
      privateKey: keys.privateKey,
    });
    const processes = ['web', 'worker'].map(
      (name) => new BridgeProcess({ name, script: `src/${name}.ts`, env, log, say }),
    );
    closers.push(() => Promise.all(processes.map((process) => process.stop())));
    await ready(`http://127.0.0.1:${bridgePort}/readyz`, processes, logFile);
    say(`Bridge      web and worker; they log to ${relative('', logFile)}`);

    const stage = { slack, salesforce, processes };
    const page = await startPage(stage, port);
    closers.push(() => page.close());
    return { ...stage, url: page.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until the bridge says that it is ready; not for long when it cannot even start. */
async function ready(url: string, processes: readonly BridgeProcess[], logFile: string): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadlineMs && processes.every(({ crashes }) => crashes < MOST_CRASHES)) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(LOOK_AGAIN_MS);
  }
  const lastWords = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-LAST_WORDS).join('\n');
  throw new Error(`The bridge does not start. The end of ${relative('', logFile)}:\n${lastWords}`);
}

/** A port that is free now; the bridge takes it a moment later, and a clash is seen as a crash. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
