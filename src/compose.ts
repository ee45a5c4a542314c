import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { absentEdges } from './absent-edges.ts';
import type { ApplyOptions } from './bridge/apply.ts';
import { createCarryOut } from './bridge/carry-out.ts';
import { createDeadLetters } from './bridge/dead-letters.ts';
import { createDecisions } from './bridge/decisions.ts';
import { createDeliver } from './bridge/deliver.ts';
import type { Destination } from './bridge/destination.ts';
import { createFairShare } from './bridge/fair-share.ts';
import { createIntake } from './bridge/intake.ts';
import { personalEntry } from './bridge/outbox.ts';
import type { Pair } from './bridge/pair.ts';
import type { DeliveryId } from './bridge/people.ts';
import type { ChatNotes, ChatPeople } from './bridge/ports.ts';
import { createToChat } from './bridge/to-chat.ts';
import { createToChatter } from './bridge/to-chatter.ts';
import { createSalesforce, type Salesforce, type SalesforceOptions } from './chatter/salesforce.ts';
import type { Config } from './config.ts';
import { conversationPage } from './conversation-page.ts';
import { type Foundation, type FoundationOverrides, layFoundation } from './foundation.ts';
import { createDeadLetterCommands, type DeadLetterCommands } from './ops/dead-letters.ts';
import { createHealth } from './ops/health.ts';
import { logChanges } from './ops/log.ts';
import { createOperator, type Operator } from './queue/operator.ts';
import { startSweeper } from './queue/sweeper.ts';
import { createWorker } from './queue/worker.ts';
import {
  createSlack,
  createSlackIngress,
  type SlackIngress,
  type SlackIngressOptions,
  type SlackOptions,
} from './slack/slack.ts';
import { askDurability, notTold } from './store/durability.ts';
import { createEpoch } from './store/epoch.ts';
import { connectWorker, whileConnected } from './store/redis.ts';
import { reachLines, reviewLines } from './store/review.ts';
import { createSweep } from './store/sweep.ts';
import { waitingFromBefore } from './store/waiting.ts';

/** What tests and benchmarks pass in. Production leaves all of it out. */
export interface Overrides extends FoundationOverrides {
  salesforce?: Pick<SalesforceOptions, 'timeouts' | 'listOrder'>;
  concurrency?: number;
  /** Another chat platform in Slack's place: what the worker needs of it… */
  chat?: { people: ChatPeople; notes: ChatNotes };
  /** …and what hands people's messages and decisions to the web process. */
  ingress?: (core: Pick<SlackIngressOptions, 'intake' | 'decisions'>) => SlackIngress;
}

/** How many deliveries one worker process has in hand at once. Salesforce's limits are far below what this carries. */
const CONCURRENCY = 50;
/** …and of one person: five people at once cannot keep the others waiting. */
const MOST_IN_HAND = 10;
const SWEEP_MS = 1_000;
export interface Process {
  stop(): Promise<void>;
}

/** The web process: takes messages and decisions in. Never talks to Salesforce. */
export async function composeWeb(
  config: Config,
  log: Logger,
  overrides: Overrides = {},
): Promise<Process & { port: number }> {
  const base = await layFoundation(config, log, overrides);
  await base.watch();
  const { deliveries, bell, step } = base;
  const intake = createIntake({
    log: deliveries,
    bell,
    step,
    noticed: (what, delivery, err) => log.warn({ delivery, err }, what),
    after: (ms) => sleep(ms),
  });
  const decisions = createDecisions({ ...decidingOptions(base, log), after: (ms) => sleep(ms) });
  const health = createHealth({ redis: base.state, queue: base.queues.chatter });
  const createIngress = overrides.ingress ?? createSlackIngress;
  const ingress = createIngress({
    ...slackOptions(config, log),
    ...(config.slack.signingSecret !== undefined && { signingSecret: config.slack.signingSecret }),
    ...(config.slack.appToken !== undefined && { appToken: config.slack.appToken }),
    intake,
    decisions,
    port: config.port,
    routes: {
      '/healthz': health.lives,
      '/readyz': health.ready,
      '/conversations': conversationPage,
      '/conversations/*': conversationPage,
    },
  });
  const { port } = await ingress.start();
  log.info({ port }, 'web is up');
  return {
    port,
    async stop() {
      health.stopping();
      await ingress.stop();
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
  const { people, notes } = overrides.chat ?? (await createSlack(slackOptions(config, log), stopping.signal));
  const salesforce = createSalesforce({ ...config.salesforce, ...overrides.salesforce, now: Date.now });
  const onError = (err: Error, delivery?: string) => log.error({ err, delivery }, 'worker');
  const connection = connectWorker(config.redisUrl, onError);

  const destinations = createDestinations(base, { people, notes, salesforce });
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
      // Without Redis no outcome can be stored any more: whoever takes over looks for what is in hand.
      await whileConnected(connection, Promise.all(workers.map((worker) => worker.close())));
      await salesforce.close();
      connection.disconnect();
      await base.close();
    },
  };
}

export interface OperatorCommands extends Operator, DeadLetterCommands {
  /** What may be missing or revived since the last restart of Redis, a line each. */
  review(): AsyncGenerator<string>;
}

/**
 * The operator's side: pauses, resumes, decides about dead letters, tells how things stand, and what a restart of Redis
 * may have brought back.
 */
export async function composeOperator(
  config: Config,
  log: Logger,
  overrides: Overrides = {},
): Promise<OperatorCommands & Process> {
  const base = await layFoundation(config, log, overrides);
  const { state, keys, pulse, deliveries } = base;
  const operator = createOperator(base.queues, createEpoch(state, keys));
  const carryOut = createCarryOut(decidingOptions(base, log));
  const deadLetters = createDeadLetters({ log: deliveries, carryOut, now: Date.now });
  return {
    ...operator,
    ...createDeadLetterCommands({ log: deliveries, deadLetters, now: Date.now }),
    async status() {
      const lines = await operator.status();
      const beat = await pulse.read();
      if (beat && (beat.epoch > 1 || beat.wasPaused)) lines.push(...reachLines(beat));
      const { weak, unknown } = await askDurability(state);
      return [...lines, ...weak, ...(unknown.length > 0 ? [notTold(unknown)] : [])];
    },
    async *review() {
      const beat = await pulse.read();
      if (!beat) yield 'No process of the bridge has used this Redis yet.';
      else yield* reviewLines(beat, waitingFromBefore(state, keys, beat.epoch), Date.now());
    },
    stop: base.close,
  };
}

/** What people decide is stored and told about by processes that never talk to Salesforce. */
function decidingOptions(
  { config, deliveries, box, bell, timing, step }: Foundation,
  log: Logger,
): ApplyOptions {
  const told = { ...absentEdges, ...chatterTelling(config), log: deliveries, marks: box.marks };
  return {
    log: deliveries,
    destination: createToChatter(told),
    marks: box.marks,
    bell,
    timing,
    now: Date.now,
    step,
    changed: logChanges(log),
  };
}

function createDestinations(
  { config, deliveries, bell, box }: Foundation,
  edges: { people: ChatPeople; notes: ChatNotes; salesforce: Salesforce },
): { chatter: Destination; chat: Destination } {
  const { people, notes, salesforce } = edges;
  return {
    chatter: createToChatter({
      ...chatterTelling(config, salesforce.instanceUrl),
      log: deliveries,
      people,
      directory: salesforce.directory,
      messages: salesforce.messages,
      marks: box.marks,
      consent: config.consent,
      async sayOnce(kind, person) {
        const entry = personalEntry(kind, `${kind}-${person}` as DeliveryId, person);
        const taken = await deliveries.take(entry);
        if (taken.kind === 'stored') await bell.ring('chat', entry.delivery.id);
      },
      now: Date.now,
    }),
    chat: createToChat({ log: deliveries, notes, now: Date.now }),
  };
}

/** What the writer is told, and the link that is given to them. */
function chatterTelling(config: Config, instanceUrl: () => string | undefined = () => undefined) {
  const link = (pair: Pair): string =>
    config.conversationUrl
      .replaceAll('{publicUrl}', config.publicUrl ?? '')
      .replaceAll('{instanceUrl}', (instanceUrl() ?? config.salesforce.loginUrl).replace(/\/+$/, ''))
      .replaceAll('{conversationId}', encodeURIComponent(pair.conversation ?? ''));
  return {
    link,
    reactions: config.reactions,
    holdMinutes: Math.round(config.holdMs / 60_000),
    failedKeepMs: config.failedKeepMs,
  };
}

const slackOptions = (config: Config, log: Logger): SlackOptions => ({
  botToken: config.slack.botToken,
  apiUrl: config.slack.apiUrl,
  teams: config.slack.teams,
  log,
});
