import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createDecisions } from './bridge/decisions.ts';
import { createDeliver } from './bridge/deliver.ts';
import { createFairShare } from './bridge/fair-share.ts';
import { createGates } from './bridge/gates.ts';
import { createIntake } from './bridge/intake.ts';
import type { Intake } from './bridge/message.ts';
import { createMirrors } from './bridge/mirrors.ts';
import { createSend } from './bridge/notifications.ts';
import { pausedEntry } from './bridge/outbox.ts';
import { BRIDGE, type ChatThreadId } from './bridge/people.ts';
import type { ChatAudience, ChatNotes, ChatPeople, ChatThreads } from './bridge/ports.ts';
import { createReadBudget } from './bridge/read-budget.ts';
import type { Timing } from './bridge/timing.ts';
import { createSalesforce, type Salesforce, type SalesforceOptions } from './chatter/salesforce.ts';
import type { Config } from './config.ts';
import { conversationPage } from './conversation-page.ts';
import { decidingOptions } from './deciding.ts';
import { createDestinations, sayOnce } from './destinations.ts';
import { type Foundation, type FoundationOverrides, layFoundation } from './foundation.ts';
import { apiRoutes, createNotifying } from './notifying.ts';
import { createHealth } from './ops/health.ts';
import { logChanges } from './ops/log.ts';
import { startSweeper } from './queue/sweeper.ts';
import { createWorker } from './queue/worker.ts';
import { startReadingAnswers } from './reading.ts';
import { startReporting } from './reporting.ts';
import { startScheduling } from './scheduling.ts';
import { makePersonId } from './slack/ids.ts';
import { readRawBody } from './slack/raw-body.ts';
import {
  createSlack,
  createSlackIngress,
  createSlackLookUps,
  type SlackIngress,
  type SlackIngressOptions,
  type SlackOptions,
} from './slack/slack.ts';
import { createDrafts } from './store/drafts.ts';
import { createGateStore } from './store/gates.ts';
import { createReadCounter } from './store/read-counter.ts';
import { createReaders } from './store/readers.ts';
import { connectWorker, whileConnected } from './store/redis.ts';
import { createSweep } from './store/sweep.ts';

/** What tests and benchmarks pass in. Production leaves all of it out. */
export interface Overrides extends FoundationOverrides {
  salesforce?: Pick<SalesforceOptions, 'timeouts' | 'listOrder'>;
  concurrency?: number;
  /** Another chat platform in Slack's place: what the worker needs of it… */
  chat?: { people: ChatPeople; notes: ChatNotes; threads: ChatThreads; audience: ChatAudience };
  /** …and what hands people's messages and decisions to the web process. */
  ingress?: (
    core: Pick<SlackIngressOptions, 'intake' | 'decisions' | 'mirrors' | 'notifications' | 'previews'>,
  ) => SlackIngress;
}

/** How many deliveries one worker process has in hand at once. Salesforce's limits are far below what this carries. */
const CONCURRENCY = 50;
/** …and of one person: five people at once cannot keep the others waiting. */
const MOST_IN_HAND = 10;
const SWEEP_MS = 1_000;
export interface Process {
  stop(): Promise<void>;
}

/** The web process: takes messages and decisions in. Asks Salesforce for people alone, for forms. */
export async function composeWeb(
  config: Config,
  log: Logger,
  overrides: Overrides = {},
): Promise<Process & { port: number }> {
  const base = await layFoundation(config, log, overrides);
  await base.watch();
  const { timing } = base;
  const intake = openIntake(base);
  const decisions = createDecisions({
    ...decidingOptions(base, log),
    readers: createReaders(base.state, base.keys),
    after: (ms) => sleep(ms),
  });
  const stopping = new AbortController();
  const onError = (err: Error) => log.error({ err }, 'web');
  const limits = createLimits(base, onError);
  const { people, audience } =
    overrides.chat ??
    createSlackLookUps({ ...slackOptions(config, log), gates: limits.gates }, stopping.signal);
  const salesforce = openSalesforce(config, overrides, limits, timing);
  const { directory } = salesforce;
  const { notifications, previews, close } = createNotifying(base, { intake, people, audience, directory });
  const health = createHealth({ redis: base.state, queue: base.queues.chatter });
  const createIngress = overrides.ingress ?? createSlackIngress;
  const ingress = createIngress({
    ...slackOptions(config, log),
    ...(config.slack.signingSecret !== undefined && { signingSecret: config.slack.signingSecret }),
    ...(config.slack.appToken !== undefined && { appToken: config.slack.appToken }),
    intake,
    decisions,
    mirrors: createMirrors({
      intake,
      mirrors: base.mirrors,
      mirrorEnd: base.mirrorEnd,
      people,
      directory,
      after: (ms) => sleep(ms),
    }),
    notifications,
    previews,
    people,
    directory,
    drafts: createDrafts(base.state, base.keys, base.box),
    gates: limits.gates,
    adminUsers: config.slack.adminUsers,
    notifyLimit: config.slack.notifyLimit,
    port: config.port,
    routes: {
      '/healthz': health.lives,
      '/readyz': health.ready,
      '/conversations': conversationPage,
      '/conversations/*': conversationPage,
      ...apiRoutes(base, notifications, { personIdOf: makePersonId, readBytes: readRawBody }),
    },
  });
  const { port } = await ingress.start();
  log.info({ port }, 'web is up');
  return {
    port,
    async stop() {
      health.stopping();
      stopping.abort();
      await ingress.stop();
      await close();
      await salesforce.close();
      await base.close();
    },
  };
}

/** The worker process: delivers. Opens no port. */
export async function composeWorker(
  config: Config,
  log: Logger,
  overrides: Overrides = {},
): Promise<Process> {
  const base = await layFoundation(config, log, overrides);
  await base.watch();
  const { deliveries, bell, step, timing, queues } = base;
  const stopping = new AbortController();
  const onError = (err: Error, delivery?: string) => log.error({ err, delivery }, 'worker');
  const limits = createLimits(base, onError);
  const whereIs = async (thread: ChatThreadId) => (await base.mirrors.find(thread))?.at ?? thread;
  const chat =
    overrides.chat ??
    (await createSlack({ ...slackOptions(config, log), gates: limits.gates, whereIs }, stopping.signal));
  const salesforce = openSalesforce(config, overrides, limits, timing);
  const connection = connectWorker(config.redisUrl, onError);

  const destinations = createDestinations(base, { ...chat, salesforce });
  const reading = startReadingAnswers(base, { people: chat.people, salesforce }, onError);
  const reporting = startReporting(base, chat.notes, onError);
  const scheduling = startScheduling(base, createSend(openIntake(base)), onError);
  const workers = (['chatter', 'chat'] as const).map((to) =>
    createWorker({
      to,
      deliver: createDeliver({
        log: deliveries,
        destination: destinations[to],
        marks: base.box.marks,
        bell,
        // Only what people write has neighbours to line up with.
        timing: to === 'chatter' ? timing : { ...timing, gatherMs: 0 },
        now: Date.now,
        random: Math.random,
        share: createFairShare(MOST_IN_HAND),
        deletePolicy: config.deletePolicy,
        // What a program has the bridge say is nobody's to wait for.
        sayPaused: async ({ author, notification }, held) => {
          if (notification) await base.notifications.setPaused(notification.id, held);
          if (author !== BRIDGE) await sayOnce(base, pausedEntry(author, held));
        },
        step,
        changed: logChanges(log),
      }),
      log: deliveries,
      bell,
      connection,
      prefix: base.prefix,
      concurrency: overrides.concurrency ?? CONCURRENCY,
      timing,
      now: Date.now,
      newToken: randomUUID,
      step,
      onError,
    }),
  );
  const sweeper = startSweeper({
    sweep: createSweep(base.state, base.keys),
    bell,
    queues,
    everyMs: SWEEP_MS,
    onError,
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  log.info('worker is up');
  return {
    async stop() {
      stopping.abort();
      await sweeper.stop();
      await whileConnected(connection, Promise.all([reading.stop(), reporting.stop(), scheduling.stop()]));
      // Without Redis no outcome can be stored any more: whoever takes over looks for what is in hand.
      await whileConnected(connection, Promise.all(workers.map((worker) => worker.close())));
      await salesforce.close();
      connection.disconnect();
      await base.close();
    },
  };
}

function openIntake({ deliveries, bell, step, log }: Foundation): Intake {
  return createIntake({
    log: deliveries,
    bell,
    step,
    noticed: (what, delivery, err) => log.warn({ delivery, err }, what),
    after: (ms) => sleep(ms),
  });
}

/** What keeps requests back: gates and the budget of readings, shared by all workers. */
function createLimits({ state, keys, timing }: Foundation, onError: (error: Error) => void) {
  const random = Math.random;
  return {
    gates: createGates({
      store: createGateStore(state, keys),
      timing: timing.gates,
      random,
      onError: (cause) => onError(new Error('a gate could not be moved', { cause })),
    }),
    reads: createReadBudget({
      counter: createReadCounter(state, keys),
      timing: timing.reads,
      tellAfterMs: timing.gates.tellAfterMs,
      random,
    }),
  };
}

function openSalesforce(
  config: Config,
  overrides: Overrides,
  limits: ReturnType<typeof createLimits>,
  timing: Timing,
): Salesforce {
  return createSalesforce({
    ...config.salesforce,
    ...overrides.salesforce,
    ...limits,
    shareReadsMs: timing.reads.shareMs,
    now: Date.now,
  });
}

const slackOptions = (config: Config, log: Logger): SlackOptions => ({
  botToken: config.slack.botToken,
  apiUrl: config.slack.apiUrl,
  teams: config.slack.teams,
  answerNames: config.slack.answerNames,
  filePolicy: config.slack.filePolicy,
  connect: config.slack.connect,
  log,
});
