import { seededRandom } from '../random.ts';

/**
 * What can go wrong with a Web API call or a response_url. "Commit" means that Slack did what was asked,
 * whatever the caller got to see; where it can be chosen, it is off unless asked for.
 */
export type CallFault =
  /** The connection is cut and nothing was done. */
  | { readonly kind: 'drop-before' }
  /** It was done, and the connection is cut instead of an answer. */
  | { readonly kind: 'drop-after' }
  /** The connection is cut at once; it is done this much later. */
  | { readonly kind: 'late-commit'; readonly afterMs: number }
  /** No answer, ever. */
  | { readonly kind: 'hang'; readonly commit?: boolean }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly commit?: boolean }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'error'; readonly error: string; readonly commit?: boolean };

/** What can go wrong with an event on its way to the app. */
export type EventFault =
  /** Sent twice at the same time, as one event. */
  | { readonly kind: 'twice' }
  /** Sent twice, as two events with an `event_id` each, at the same time unless said. */
  | { readonly kind: 'two-ids'; readonly apartMs?: number }
  /** Sent only when the event after it has been answered: out of order. */
  | { readonly kind: 'held-back' }
  | { readonly kind: 'delayed'; readonly ms: number }
  /** Never sent: Slack promises best effort. */
  | { readonly kind: 'lost' };

export type Fault = (
  | (CallFault & {
      /** A Web API method, `response_url`, `upload`, or `*` for any of them. */
      readonly method: string;
      /** Strikes only calls about this channel; a person's id means their conversation with the app. */
      readonly channel?: string;
    })
  | (EventFault & { readonly method: 'events' })
) & {
  /** How often it strikes; once unless said, and with a probability without end. */
  readonly times?: number;
  /** How many calls it lets pass first. */
  readonly skip?: number;
  /** How likely it strikes each time; the numbers come from the seed. */
  readonly probability?: number;
  readonly seed?: number;
};

const EVENT_KINDS: ReadonlySet<string> = new Set<EventFault['kind']>([
  'twice',
  'two-ids',
  'held-back',
  'delayed',
  'lost',
]);

interface ArmedFault {
  readonly fault: Fault;
  left: number;
  skip: number;
  readonly random: () => number;
}

/** The faults waiting to strike, first armed first. */
export class Faults {
  #armed: ArmedFault[] = [];
  /** Hears of every fault that strikes. */
  onStrike: (fault: Fault) => void = () => undefined;

  arm(fault: Fault): void {
    const left = fault.times ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#armed.push({ fault, left, skip: fault.skip ?? 0, random: seededRandom(fault.seed ?? 1) });
  }

  clear(): void {
    this.#armed = [];
  }

  active(): readonly (Fault & { readonly left: number })[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, left }));
  }

  /** The fault that strikes this call, used up by being asked for. `channel`: all that its channel is called. */
  takeForCall(method: string, channel: readonly string[] = []): CallFault | undefined {
    const struck = this.#take((fault) => {
      if (fault.method !== method && fault.method !== '*') return false;
      return !('channel' in fault) || fault.channel === undefined || channel.includes(fault.channel);
    });
    return struck && !isEventFault(struck) ? struck : undefined;
  }

  takeForEvent(): EventFault | undefined {
    const struck = this.#take(isEventFault);
    return struck && isEventFault(struck) ? struck : undefined;
  }

  #take(strikes: (fault: Fault) => boolean): Fault | undefined {
    const armed = this.#armed.find(
      ({ fault, random }) => strikes(fault) && (fault.probability ?? 1) > random(),
    );
    if (!armed) return undefined;
    if (armed.skip > 0) {
      armed.skip -= 1;
      return undefined;
    }
    armed.left -= 1;
    if (armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
    this.onStrike(armed.fault);
    return armed.fault;
  }
}

function isEventFault(fault: Fault): fault is Fault & EventFault {
  return EVENT_KINDS.has(fault.kind);
}
