import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type SlackOptions as StandInOptions, startSlack } from '../../sandbox/slack/server.ts';
import { createSlackIngress, createSlackLookUps, type SlackIngressOptions } from '../../src/slack/slack.ts';
import { openGates } from '../setup/open-gates.ts';
import { fakeCore } from './fake-core.ts';

/** A log whose lines can be read. */
export function memoryLog() {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }) };
}

export interface EdgeOptions {
  slack?: StandInOptions;
  ingress?: Partial<SlackIngressOptions>;
}

/** The stand-in Slack and the real Slack edge in front of a fake core, stopped when the test is over. */
export async function startEdge({ slack: slackOptions = {}, ingress = {} }: EdgeOptions = {}) {
  const slack = await startSlack({ retryDelaysMs: [0, 0, 0], ...slackOptions });
  const core = fakeCore();
  const { lines, log } = memoryLog();
  const drafts = new Map<string, string>();
  const common = {
    botToken: slack.botToken,
    apiUrl: slack.apiUrl,
    teams: new Map(),
    log,
    gates: openGates,
    ...(ingress.teams && { teams: ingress.teams }),
  };
  const edge = createSlackIngress({
    ...common,
    signingSecret: slack.signingSecret,
    ...(slackOptions.socketMode ? { appToken: slack.appToken } : {}),
    intake: core.intake,
    decisions: core.decisions,
    mirrors: core.mirrors,
    notifications: core.notifications,
    previews: core.previews,
    notifyLimit: { free: 20, allowed: 'admins' },
    people: createSlackLookUps(common).people,
    directory: { search: async () => [], findByEmail: async () => Promise.reject(new Error('nobody')) },
    drafts: {
      keep: async (form, draft) => void drafts.set(form, draft),
      read: async (form) => drafts.get(form),
      erase: async (form) => void drafts.delete(form),
      fade: async (form) => void drafts.set(`faded ${form}`, ''),
    },
    adminUsers: new Set(),
    routes: { '/healthz': (_request, response) => void response.end('ok') },
    port: 0,
    host: '127.0.0.1',
    ...ingress,
  });
  onTestFinished(async () => {
    await edge.stop().catch(() => {});
    await slack.close();
  });
  const { port } = await edge.start();
  const url = `http://127.0.0.1:${port}`;
  slack.pointAt(`${url}/slack/events`);
  return { slack, core, edge, drafts, lines, url };
}
