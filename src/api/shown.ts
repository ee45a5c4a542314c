import { pauseSentences } from '../bridge/gate.ts';
import type { LeftOutReason, Outcome, Report, Scheduled } from '../bridge/notification.ts';

const WHY: Readonly<Record<LeftOutReason, string>> = {
  sender: 'Whoever sends it is not told.',
  bot: 'Bots are not written to.',
  guest: 'Guests of the workspace are not written to.',
  'other-company': 'People of other companies are not written to.',
  deactivated: 'Their account in Slack is deactivated.',
  'no-email': 'Slack knows no e-mail address of theirs.',
  'no-user': 'Salesforce has no user with that e-mail address.',
  'several-users': 'Salesforce has several users with that e-mail address.',
  inactive: 'Their Salesforce user is inactive.',
  'no-chatter': 'Their Salesforce user has no Chatter.',
  'opted-out': 'They do not want to be written to through the bridge.',
  unknown: 'Nobody and no group is called that.',
};

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** How a notification stands, person by person. */
export function shownReport(report: Report): object {
  const count = (outcome: Outcome): number => report.people.filter((each) => each.outcome === outcome).length;
  return {
    id: report.id,
    state: report.state,
    createdAt: iso(report.createdAtMs),
    ...(report.failure && { failure: report.failure }),
    ...(report.foreseenEndMs !== undefined && { foreseenEndAt: iso(report.foreseenEndMs) }),
    ...(report.paused && {
      paused: {
        sentence: pauseSentences[report.paused.reason],
        until: iso(report.paused.untilMs),
      },
    }),
    counts: {
      waiting: count('waiting'),
      delivered: count('delivered'),
      failed: count('failed'),
      uncertain: count('uncertain'),
      stopped: count('stopped'),
      leftOut: report.leftOut.length,
    },
    recipients: report.people.map(({ name, email, outcome, code, sentence }) => ({
      name,
      email,
      outcome,
      ...(code !== undefined && { code }),
      ...(sentence !== undefined && { sentence }),
    })),
    leftOut: report.leftOut.map(({ name, email, why }) => ({
      name,
      ...(email !== undefined && { email }),
      code: why,
      sentence: WHY[why],
    })),
  };
}

/** One that has not gone yet, or goes again and again. */
export function shownSchedule({ id, when, nextAtMs, lastRun }: Scheduled): object {
  return {
    id,
    state: 'scheduled',
    ...('cron' in when ? { cron: when.cron, timeZone: when.timeZone } : { at: iso(when.atMs) }),
    nextAt: iso(nextAtMs),
    ...(lastRun !== undefined && { lastRun }),
  };
}
