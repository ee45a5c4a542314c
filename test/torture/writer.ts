import { setTimeout as pause } from 'node:timers/promises';
import type { Attempt } from '../../sandbox/slack/delivery.ts';
import type { StandInSlack } from '../../sandbox/slack/server.ts';
import { CHANNEL } from './company.ts';
import type { Ear, Thread } from './ear.ts';
import type { Answer, Ledger, Written } from './ledger.ts';
import type { Act, Burst, Lane } from './load.ts';

export interface WriterOptions {
  slack: StandInSlack;
  ledger: Ledger;
  ear: Ear;
}

export interface Pace {
  /** Messages a second, at most. */
  perSecond: number;
  /** No more is written while so many are on their way. */
  mostOpen: number;
  /** Nobody types while Slack can reach no web: they see that it fails. */
  mayWrite?: () => boolean;
}

const LOOK_MS = 20;
/** A thread that does not open in this time is not waited for: its writer types a command instead. */
const THREAD_MS = 30_000;

/** Writes as people do: one thing after another in a lane, many lanes at once. */
export class Writer {
  readonly #o: WriterOptions;
  readonly #lanes = new Map<Lane, Promise<void>>();
  /** The first id of each lane: its note is the thread's root. */
  readonly #openers = new Map<Lane, string>();
  readonly #deliveries = new Set<Promise<void>>();
  readonly latenciesMs: number[] = [];

  constructor(options: WriterOptions) {
    this.#o = options;
  }

  /** Writes all of them at this pace; resolves when all have been answered. */
  async write(bursts: readonly Burst[], pace: Pace): Promise<void> {
    const startMs = performance.now();
    let written = 0;
    for (const { lane, acts } of bursts) {
      const dueMs = startMs + (written / pace.perSecond) * 1_000;
      if (dueMs > performance.now()) await pause(dueMs - performance.now());
      while (this.#o.ledger.open.size >= pace.mostOpen || pace.mayWrite?.() === false) await pause(LOOK_MS);
      written += acts.length;
      this.#after(lane, () => this.#burst(lane, acts));
    }
    await this.answered();
  }

  /** Types one command now, whatever else its lane does. */
  async command(lane: Lane, act: Pick<Act, 'id' | 'text'>): Promise<Answer> {
    const { slack, ledger } = this.#o;
    const named = lane.recipients.map(({ slackId, email }) => (lane.byEmail ? email : `<@${slackId}>`));
    const written = this.#begin(lane, act.id, 'command', Date.now());
    const typed = `${named.join(' ')} ${act.text}`;
    const answered = await slack.command(lane.author.slackId, CHANNEL, '/chatter-dm', typed, {
      escaped: true,
    });
    written.endMs = Date.now();
    written.delivery = `cmd-${String(answered.payload.team_id)}-${lane.author.slackId}-${String(answered.payload.trigger_id)}`;
    const answer = answerIn(answered.status, answered.body);
    if (answer === 'acknowledged') this.latenciesMs.push(answered.ms);
    ledger.answered(written, answer, written.endMs);
    return answer;
  }

  /** Replies in the lane's thread; what Slack has to deliver goes on by itself. */
  reply(lane: Lane, thread: Thread, act: Pick<Act, 'id' | 'text'>): void {
    const { slack, ledger } = this.#o;
    const { slackId } = lane.author;
    const said = slack.say(slackId, slack.dmOf(slackId), act.text, { thread_ts: thread.ts, escaped: true });
    const atMs = Number(said.ts) * 1_000;
    const name = ledger.story(thread.openedBy).written[0]?.lane ?? lane.name;
    const written = this.#begin({ ...lane, name }, act.id, 'reply', atMs);
    written.endMs = atMs;
    written.delivery = `msg-${said.message.team}-${said.message.channel}-${said.ts}-new`;
    const delivered = said.delivered.then((attempts) => {
      const taken = attempts.find(({ status }) => status === 200);
      ledger.answered(written, taken ? 'acknowledged' : 'none', ackMs(taken));
    });
    this.#deliveries.add(delivered);
    void delivered.then(() => this.#deliveries.delete(delivered));
  }

  /** Resolves when everything that was written was answered, or given up. */
  async answered(): Promise<void> {
    await Promise.all(this.#lanes.values());
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  async #burst(lane: Lane, acts: readonly Act[]): Promise<void> {
    const opener = this.#openers.get(lane);
    const isReply = acts[0]?.kind === 'reply';
    const thread = isReply && opener !== undefined ? await this.#threadOf(opener) : undefined;
    for (const act of acts) {
      if (act.pauseMs > 0) await pause(act.pauseMs);
      if (thread) this.reply(lane, thread, act);
      else {
        const answer = await this.command(lane, act);
        if (answer === 'acknowledged' && !this.#openers.has(lane)) this.#openers.set(lane, act.id);
      }
    }
  }

  async #threadOf(opener: string): Promise<Thread | undefined> {
    const deadlineMs = performance.now() + THREAD_MS;
    while (performance.now() < deadlineMs) {
      const thread = this.#o.ear.threadOf(opener);
      if (thread) return thread;
      await pause(LOOK_MS * 5);
    }
    return undefined;
  }

  #begin(lane: Lane, id: string, kind: Written['kind'], startMs: number): Written {
    const written: Written = {
      id,
      lane: lane.name,
      author: lane.author.slackId,
      kind,
      delivery: '',
      startMs,
      endMs: Number.POSITIVE_INFINITY,
      answer: 'pending',
    };
    this.#o.ledger.wrote(written);
    return written;
  }

  #after(lane: Lane, work: () => Promise<void>): void {
    this.#lanes.set(lane, (this.#lanes.get(lane) ?? Promise.resolve()).then(work));
  }
}

const ackMs = (taken: Attempt | undefined): number =>
  taken ? taken.at + taken.ms : Number.POSITIVE_INFINITY;

/** What the web said: only this counts as a promise. */
function answerIn(status: number | undefined, body: string): Answer {
  if (status !== 200) return 'none';
  const { text = '' } = JSON.parse(body) as { text?: string };
  if (text.startsWith('Sending to')) return 'acknowledged';
  return text.startsWith('Nothing was sent') ? 'nothing-sent' : 'unsure';
}
