import type {
  Decisions,
  FailedMessages,
  Incoming,
  Intake,
  Taken,
  ThreadLink,
} from '../../src/bridge/message.ts';
import type { ChatPersonId, ChatThreadId } from '../../src/bridge/people.ts';

/** The core as the Slack edge sees it: remembers what it was given, answers as it is told. */
export function fakeCore() {
  const asked: string[] = [];
  const taken: { incoming: Incoming; redelivered: boolean }[] = [];
  const hints: { id: string; person: ChatPersonId }[] = [];
  const decided: unknown[] = [];
  const links = new Map<ChatThreadId, ThreadLink>();
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
  };
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
      orBroken();
      return links.get(thread);
    },
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
  };
  return { intake, decisions, asked, taken, hints, decided, links, answers };
}
