import { seededRandom } from '../random.ts';

/** `token`: OAuth; `post`: sending; `list`: reading messages or conversations; `query`: SOQL. */
export type RequestKind = 'token' | 'post' | 'list' | 'query' | 'other';

/** What goes wrong. "Stored" means: the request takes effect. */
export type Mishap =
  /** Connection reset, nothing stored. */
  | { do: 'drop-before' }
  /** Stored, then the connection is reset. */
  | { do: 'drop-after' }
  /** Reset at once, or no answer at all; stored `afterMs` later. */
  | { do: 'late-commit'; afterMs: number; answer: 'reset' | 'withheld' }
  /** Silence for `afterMs`; then stored and answered, or reset. */
  | { do: 'hang'; afterMs: number; commit: boolean }
  /** Stored; the head of the answer comes, its body stalls half-way for ever. */
  | { do: 'hang-headers' }
  /** An answer that is not the API's own, before or after storing. */
  | { do: 'status'; answer: StatusAnswer; stored?: boolean; retryAfterSeconds?: number }
  /** The user's sessions end now; 401. */
  | { do: 'expired-session' }
  /** 307 to another place, nothing stored. */
  | { do: 'redirect'; location: string }
  /** The right answer, `delayMs` late. */
  | { do: 'slow'; delayMs: number };

/** `row-locked`: somebody else is at work on the same conversation; a no that concerns one message alone. */
export type StatusAnswer = '429' | '500' | '502-page' | '503-page' | '503-limit' | 'row-locked';

/** When it goes wrong: for the next `times` (1) matching requests, or each with a `probability`. */
export interface Occasion {
  kind?: RequestKind;
  userId?: string;
  /** The message's text contains this, or satisfies this. */
  text?: string | ((text: string) => boolean);
  times?: number;
  probability?: number;
  seed?: number;
}

export type Fault = Mishap & Occasion;

/** What a fault is matched against. */
export interface Subject {
  kind: RequestKind;
  userId: string | undefined;
  text: string | undefined;
}

export interface ArmedFault {
  id: number;
  fault: Fault;
  /** How often it will still happen; null with a probability. */
  left: number | null;
}

/** The armed faults; the first that matches a request happens to it. */
export class Faults {
  #armed: (ArmedFault & { random: () => number })[] = [];
  #lastId = 0;
  /** Hears of every fault that happens, and to what. */
  onStrike: (fault: Fault, subject: Subject) => void = () => undefined;

  /** Arms a fault; gives its id. */
  arm(fault: Fault): number {
    const left = fault.probability === undefined ? (fault.times ?? 1) : (fault.times ?? null);
    this.#armed.push({ id: ++this.#lastId, fault, left, random: seededRandom(fault.seed ?? 1) });
    return this.#lastId;
  }

  /** Disarms one fault, or all. */
  clear(id?: number): void {
    this.#armed = id === undefined ? [] : this.#armed.filter((armed) => armed.id !== id);
  }

  active(): ArmedFault[] {
    return this.#armed.map(({ id, fault, left }) => ({ id, fault, left }));
  }

  /** The fault that happens to this request, used up by one. */
  take(subject: Subject): Fault | undefined {
    const armed = this.#armed.find(
      ({ fault, random }) => matches(fault, subject) && (fault.probability ?? 1) > random(),
    );
    if (armed?.left) armed.left -= 1;
    this.#armed = this.#armed.filter(({ left }) => left !== 0);
    if (armed) this.onStrike(armed.fault, subject);
    return armed?.fault;
  }
}

function matches({ kind, userId, text }: Occasion, subject: Subject): boolean {
  if (kind !== undefined && kind !== subject.kind) return false;
  if (userId !== undefined && userId !== subject.userId) return false;
  if (text === undefined) return true;
  if (subject.text === undefined) return false;
  return typeof text === 'string' ? subject.text.includes(text) : text(subject.text);
}
