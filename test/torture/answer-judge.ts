import type { Arena } from './arena.ts';
import type { Person } from './company.ts';
import type { Lane } from './load.ts';
import { linesIn, storedById, type Talk } from './talk.ts';

export interface AnswerFinding {
  what: 'lost' | 'doubled' | 'echo' | 'out of order' | 'wrong name' | 'stray';
  id: string;
  /** The thread, when Salesforce stored it, and when it was shown. */
  where: string;
  author: Person;
}

export interface JudgedAnswers {
  findings: AnswerFinding[];
  /** Not shown yet. */
  missing: string[];
  latenciesMs: number[];
  shown: number;
  late: number;
}

export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** From the outside: what each thread shows against what Chatter holds of its conversation. */
export function judgeAnswers(o: {
  arena: Pick<Arena, 'slack' | 'salesforce' | 'ear'>;
  talks: readonly Talk[];
  /** The root of a lane's thread. */
  thread: (lane: string) => string;
  /** The first id of each lane. */
  since: ReadonlyMap<string, string>;
}): JudgedAnswers {
  const { salesforce } = o.arena;
  const stored = storedById(salesforce.messages());
  const result: JudgedAnswers = { findings: [], missing: [], latenciesMs: [], shown: 0, late: 0 };
  const userOf = ({ email }: Person) => salesforce.users.find((user) => user.email === email)?.id ?? '';
  for (const talk of o.talks) for (const lane of talk.lanes) judgeThread(talk, lane);
  return result;

  function judgeThread(talk: Talk, lane: Lane): void {
    const lines = linesIn(o.arena, lane.author, o.thread(lane.name));
    const opening = stored.get(o.since.get(lane.name) ?? '');
    const members = new Set(talk.people.map(userOf));
    const expected = new Map(
      [...stored].filter(
        ([id, message]) =>
          message.conversationId === opening?.conversationId &&
          message.committedAt >= opening.committedAt &&
          !(id.startsWith('m') && message.senderId === userOf(lane.author)),
      ),
    );
    const fail = (what: AnswerFinding['what'], id: string) => {
      const message = stored.get(id);
      const shown = lines.filter((line) => line.id === id).map(({ atMs }) => clock(atMs));
      const where = `${lane.name}, sent ${message?.sentDate.slice(11, 23)}, stored ${clock(message?.committedAt ?? 0)}, shown ${shown.join(' ')}`;
      // What is only missing stands behind what is wrong.
      if (what === 'lost') result.findings.push({ what, id, where, author: lane.author });
      else result.findings.unshift({ what, id, where, author: lane.author });
    };
    const seen = new Map<string, number>();
    let latestMs = 0;
    for (const line of lines) {
      const message = stored.get(line.id);
      seen.set(line.id, (seen.get(line.id) ?? 0) + 1);
      if (!message || !members.has(message.senderId)) {
        fail('stray', line.id);
        continue;
      }
      if (!expected.has(line.id)) {
        // Its own opening, or what was there before it: somebody else's conversation began earlier.
        fail('echo', line.id);
        continue;
      }
      const sender = talk.people.find((person) => userOf(person) === message.senderId);
      const name = sender === lane.author ? 'You, in Chatter' : sender?.name;
      if (name === undefined || !line.shown.includes(name)) fail('wrong name', line.id);
      const sentMs = Date.parse(message.sentDate);
      if (line.carriesTime) result.late += 1;
      else if (sentMs < latestMs) fail('out of order', line.id);
      latestMs = Math.max(latestMs, sentMs);
      result.shown += 1;
      result.latenciesMs.push(line.atMs - message.committedAt);
    }
    for (const id of expected.keys()) {
      const times = seen.get(id) ?? 0;
      if (times === 0) result.missing.push(id);
      if (times === 0) fail('lost', id);
      if (times > 1) fail('doubled', id);
    }
  }
}
