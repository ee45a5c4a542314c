import type {
  NotificationRequest,
  Notifications,
  Report,
  Scheduled,
  When,
} from '../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../src/bridge/people.ts';
import type { Taken } from '../../src/bridge/taken.ts';

/** A core that remembers what it was asked for; what it answers is the test's affair. */
export function fakeNotifications() {
  const sent = new Map<NotificationId, NotificationRequest>();
  const reports = new Map<NotificationId, Report>();
  const planned = new Map<NotificationId, Scheduled>();
  const calls: string[] = [];
  /** For the test to change. */
  const mood: {
    /** What taking answers instead of what is true; or what it does before it answers that. */
    takes: (() => Promise<Taken>) | undefined;
    /** Of every call: Redis is away. */
    isAway: boolean;
    nowMs: number;
  } = { takes: undefined, isAway: false, nowMs: Date.parse('2026-11-25T19:50:00Z') };

  const core = {
    async send(id, request) {
      check('send');
      const isNew = !sent.has(id);
      sent.set(id, request);
      return mood.takes ? mood.takes() : isNew ? 'stored' : 'duplicate';
    },
    async schedule(id, request, when) {
      check('schedule');
      const nextAtMs = dueAtMs(when);
      const isNew = !planned.has(id);
      sent.set(id, request);
      planned.set(id, { id, by: request.by, when, nextAtMs });
      return mood.takes ? mood.takes() : isNew ? 'stored' : 'duplicate';
    },
    async scheduled(by) {
      check('scheduled');
      return [...planned.values()].filter((each) => each.by === by);
    },
    async cancel(id, by) {
      check('cancel');
      return planned.get(id)?.by === by && planned.delete(id);
    },
    async report(id) {
      check('report');
      return reports.get(id);
    },
    async stop(id, by) {
      check('stop');
      const report = reports.get(id);
      if (report?.by !== by || report.state === 'done') return false;
      reports.set(id, { ...report, state: 'stopped' });
      return true;
    },
  } satisfies Pick<Notifications, 'send' | 'schedule' | 'scheduled' | 'cancel' | 'report' | 'stop'>;

  function check(name: string): void {
    calls.push(name);
    if (mood.isAway) throw new Error('Redis is away');
  }

  function dueAtMs(when: When): number {
    if ('cron' in when) {
      if (when.cron.startsWith('61')) throw new RangeError('That cron expression cannot be understood.');
      return mood.nowMs + 1_000;
    }
    if (when.atMs <= mood.nowMs) throw new RangeError('That time has passed.');
    return when.atMs;
  }
  return { core, mood, sent, reports, planned, calls };
}

export type FakeNotifications = ReturnType<typeof fakeNotifications>;

export function reportOf(id: string, by: ChatPersonId, change: Partial<Report> = {}): Report {
  return {
    id: id as NotificationId,
    by,
    createdAtMs: Date.parse('2026-11-25T19:50:00Z'),
    state: 'sending',
    people: [
      { name: 'Grace Hopper', email: 'grace@corp.com', outcome: 'delivered' },
      { name: 'Ada Lovelace', email: 'ada@corp.com', outcome: 'waiting' },
      {
        name: 'Alan Turing',
        email: 'alan@corp.com',
        outcome: 'failed',
        code: 'no',
        sentence: 'Not on a Sunday.',
      },
    ],
    leftOut: [
      { name: 'Linus', email: 'linus@corp.com', why: 'no-user' },
      { name: '@nobody', why: 'unknown' },
    ],
    foreseenEndMs: Date.parse('2026-11-25T20:10:00Z'),
    ...change,
  };
}
