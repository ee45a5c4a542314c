import type { Logger } from 'pino';
import { absentEdges } from './absent-edges.ts';
import type { ApplyOptions } from './bridge/apply.ts';
import type { Pair } from './bridge/pair.ts';
import { createToChatter } from './bridge/to-chatter.ts';
import type { Config } from './config.ts';
import type { Foundation } from './foundation.ts';
import { logChanges } from './ops/log.ts';

/** What people decide is stored and told about without a word to Salesforce. */
export function decidingOptions(
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

/** What the writer is told, and the link that is given to them. */
export function chatterTelling(config: Config, instanceUrl: () => string | undefined = () => undefined) {
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
