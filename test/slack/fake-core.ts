import type {
  Decisions,
  EndedLink,
  FailedMessages,
  Incoming,
  Intake,
  ThreadLink,
} from '../../src/bridge/message.ts';
import type { Checked, Chosen, Mirror, MirrorRequest, Mirrors, Rest } from '../../src/bridge/mirror.ts';
import type {
  Named,
  NotificationRequest,
  Notifications,
  Preview,
  Previews,
  Report,
  Scheduled,
  When,
} from '../../src/bridge/notification.ts';
import type { ChatPersonId, ChatPlaceId, ChatThreadId } from '../../src/bridge/people.ts';
import type { Taken } from '../../src/bridge/taken.ts';

/** The core as the Slack edge sees it: remembers what it was given, answers as it is told. */
export function fakeCore() {
  const asked: string[] = [];
  const taken: { incoming: Incoming; redelivered: boolean }[] = [];
  const hints: { id: string; person: ChatPersonId }[] = [];
  const decided: unknown[] = [];
  const placed: unknown[] = [];
  const links = new Map<ChatThreadId, ThreadLink>();
  const endedLinks = new Map<ChatThreadId, EndedLink>();
  const lookedUp: ChatThreadId[] = [];
  const seen = new Set<string>();
  const answers = {
    taken: 'stored' as Taken,
    decided: true,
    failed: { all: { count: 0, untilMs: 0 }, first: [] } as FailedMessages,
    decidedAll: { done: 0, uncertain: 0, outdated: 0 },
    /** Set: something is being said to everybody just now. */
    isSaying: false,
    /** Called when it is asked whether something is being said: what happens just then. */
    asked: (): unknown => undefined,
    /** Set: Redis does not answer. */
    broken: false,
    /** Set: storing waits for it. */
    hold: undefined as Promise<void> | undefined,
    isOptedOut: false,
    checked: { kind: 'fine', people: [] } as Checked,
    /** Set: looking people up waits for it. */
    holdCheck: undefined as Promise<void> | undefined,
    started: 'stored' as Awaited<ReturnType<Mirrors['start']>>,
    stopped: 'stopped' as Awaited<ReturnType<Mirrors['stop']>>,
    preview: { reachable: [], leftOut: [] } as Preview,
    /** Called instead, when it is there: throws, or waits. */
    previewing: undefined as (() => Promise<Preview>) | undefined,
    report: undefined as Report | undefined,
    retried: 0,
    isTheirs: true,
    /** Called when something is to be sent later: throws, when it cannot be. */
    scheduling: () => {},
  };
  const notified: { id: string; request: NotificationRequest; when?: When; comesAgain?: true }[] = [];
  const previewed: { by: ChatPersonId; named: readonly Named[] }[] = [];
  const notifyDecided: unknown[] = [];
  const scheduled: Scheduled[] = [];
  const checked: { startedBy: ChatPersonId; chosen: Chosen }[] = [];
  const started: { id: string; request: MirrorRequest }[] = [];
  const stopped: { thread: ChatThreadId; by: ChatPersonId; isAdmin: boolean }[] = [];
  const rested: { where: { thread: ChatThreadId } | { place: ChatPlaceId }; why: Rest }[] = [];
  const moved: { from: ChatPlaceId; to: ChatPlaceId }[] = [];
  const known: Mirror[] = [];
  const orBroken = () => {
    if (answers.broken) throw new Error('Redis does not answer');
  };
  const intake: Intake = {
    take: async (incoming, redelivered) => {
      asked.push(incoming.id);
      await answers.hold;
      if (answers.taken !== 'stored') return answers.taken;
      if (seen.has(incoming.id)) return 'duplicate';
      seen.add(incoming.id);
      taken.push({ incoming, redelivered });
      return 'stored';
    },
    isSaying: async () => {
      answers.asked();
      return answers.isSaying;
    },
    threadLink: async (thread) => {
      lookedUp.push(thread);
      orBroken();
      return links.get(thread);
    },
    endedLink: async (thread) => endedLinks.get(thread),
    explain: async (id, person) => {
      hints.push({ id, person });
      return answers.taken;
    },
  };
  const decisions: Decisions = {
    decide: async (by, delivery, version, what) => {
      orBroken();
      decided.push({ by, delivery, version, what });
      return answers.decided;
    },
    failed: async () => {
      orBroken();
      return answers.failed;
    },
    decideAll: async (by, untilMs, what) => {
      orBroken();
      decided.push({ by, untilMs, what });
      await answers.hold;
      return answers.decidedAll;
    },
    optOut: async (person) => {
      orBroken();
      decided.push({ optOut: person });
    },
    setInbox: async (person, isOn) => {
      orBroken();
      decided.push({ inbox: person, isOn });
      return true;
    },
    optIn: async (person) => {
      orBroken();
      decided.push({ optIn: person });
    },
    isOptedOut: async () => {
      orBroken();
      return answers.isOptedOut;
    },
  };
  const mirrors: Mirrors = {
    check: async (startedBy, chosen) => {
      orBroken();
      checked.push({ startedBy, chosen });
      await answers.holdCheck;
      return answers.checked;
    },
    start: async (id, request) => {
      orBroken();
      await answers.hold;
      started.push({ id, request });
      return answers.started;
    },
    find: async (thread) => {
      orBroken();
      return known.find((mirror) => mirror.thread === thread);
    },
    of: async () => {
      orBroken();
      return known.filter(({ state }) => state === 'live');
    },
    stop: async (thread, by, isAdmin) => {
      orBroken();
      stopped.push({ thread, by, isAdmin });
      if (answers.stopped === 'not-theirs' && isAdmin) return 'stopped';
      return answers.stopped;
    },
    rest: async (where, why) => {
      orBroken();
      rested.push({ where, why });
      placed.push({ rest: where, why, taken: taken.length });
    },
    moved: async (from, to) => {
      orBroken();
      moved.push({ from, to });
      placed.push({ from, to });
    },
  };
  const decideNotification = async <T>(what: string, id: string, by: ChatPersonId, answer: T): Promise<T> => {
    orBroken();
    notifyDecided.push({ what, id, by });
    await answers.hold;
    return answer;
  };
  const takeNotification = async (
    id: string,
    request: NotificationRequest,
    how: { when?: When; comesAgain?: true } = {},
  ) => {
    orBroken();
    await answers.hold;
    notified.push({ id, request, ...how });
    return answers.taken;
  };
  const notifications: Notifications = {
    send: (id, request, comesAgain) => takeNotification(id, request, comesAgain ? { comesAgain } : {}),
    schedule: async (id, request, when) => {
      answers.scheduling();
      return takeNotification(id, request, { when });
    },
    scheduled: async () => {
      orBroken();
      return scheduled;
    },
    cancel: (id, by) => decideNotification('cancel', id, by, answers.isTheirs),
    report: async () => {
      orBroken();
      return answers.report;
    },
    stop: (id, by) => decideNotification('stop', id, by, answers.isTheirs),
    resume: (id, by) => decideNotification('resume', id, by, answers.isTheirs),
    retryFailed: (id, by) => decideNotification('retry', id, by, answers.retried),
  };
  const previews: Previews = {
    preview: async (by, named) => {
      previewed.push({ by, named });
      return answers.previewing ? answers.previewing() : answers.preview;
    },
  };
  const notifying = { notified, previewed, decided: notifyDecided, scheduled };
  const mirrored = { checked, started, stopped, rested, moved, known };
  return {
    placed,
    lookedUp,
    mirrors,
    mirrored,
    notifications,
    previews,
    notifying,
    intake,
    decisions,
    asked,
    taken,
    hints,
    decided,
    links,
    endedLinks,
    answers,
  };
}
