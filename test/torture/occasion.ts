import { setTimeout as pause } from 'node:timers/promises';
import type { StepName } from '../../src/bridge/steps.ts';
import type { Arena } from './arena.ts';
import { PEOPLE } from './company.ts';
import { actFor, type Lane } from './load.ts';

/** Long enough for storing to time out, short enough for a lock to be renewed soon after. */
const REDIS_STILL_MS = 2_700;
/** Ids beside those of the load. */
const FIRST_ID = 90_000;

/** Makes going on what a process must be in to come to a rare step. Once an occasion; all of it counts as load. */
export class Occasions {
  readonly #arena: Arena;
  #next = FIRST_ID;
  #lanes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A lane that nobody has written in. */
  freshLane(): Lane {
    const number = this.#lanes++;
    const author = PEOPLE[number % PEOPLE.length];
    // Six others, of which no lane of the load has just these.
    const recipients = PEOPLE.filter((person) => person !== author).filter((_, i) => (i + number) % 6 === 0);
    if (!author) throw new RangeError('nobody there');
    return { name: `extra-${number}`, author, recipients: recipients.slice(0, 6), byEmail: false };
  }

  /** The id of what is typed next. */
  get upcomingId(): string {
    return actFor(this.#next).id;
  }

  async type(lane: Lane, words?: string): Promise<string> {
    const act = actFor(this.#next++, words);
    await this.#arena.writer.command(lane, act);
    return act.id;
  }

  /** Resolves when what it takes was set going; the step itself comes later. */
  async arrange(step: StepName): Promise<void> {
    const { salesforce, slack } = this.#arena;
    const { faults } = salesforce;
    switch (step) {
      case 'cancel.before':
      case 'cancel.sent':
        return this.#stopRedis();
      case 'ack.begun':
        await this.type(this.freshLane(), 'long');
        return;
      case 'uncertain.stored':
        faults.arm({ do: 'hang', afterMs: 120_000, commit: false, kind: 'post' });
        return;
      case 'recover.absent':
      case 'reintent.done':
        faults.arm({ do: 'drop-before', kind: 'post', times: 2 });
        return;
      case 'unknown.marked':
      case 'settle.waiting':
      case 'recover.read':
      case 'recover.found':
        faults.arm({ do: 'drop-after', kind: 'post', times: 2 });
        return;
      case 'refused.answered':
      case 'nopost.done':
        faults.arm({ do: 'status', answer: '429', retryAfterSeconds: 1, kind: 'post', times: 2 });
        return;
      case 'inbound.held':
      case 'held.released':
        // Stored, and not known to be: whoever reads meanwhile sees it.
        faults.arm({ do: 'hang-headers', kind: 'post', times: 3 });
        return;
      case 'slack.searched':
        slack.faults.arm({ method: 'chat.postMessage', kind: 'drop-after', times: 2 });
        return;
      case 'park.done':
        slack.faults.arm({ method: 'events', kind: 'delayed', ms: 120, times: 4 });
        return;
      default:
        return;
    }
  }

  async #stopRedis(): Promise<void> {
    const { redis } = this.#arena;
    // It may be killed and started anew meanwhile.
    const signal = (name: 'SIGSTOP' | 'SIGCONT') => redis.pid !== undefined && process.kill(redis.pid, name);
    signal('SIGSTOP');
    void this.type(this.freshLane());
    await pause(REDIS_STILL_MS);
    signal('SIGCONT');
  }
}
