import type { Mishap, RequestKind, Fault as SalesforceFault } from '../../sandbox/salesforce/faults.ts';
import type { StandInSalesforce } from '../../sandbox/salesforce/server.ts';
import type { Fault as SlackFault } from '../../sandbox/slack/faults.ts';
import type { StandInSlack } from '../../sandbox/slack/server.ts';
import { idIn, type Ledger } from './ledger.ts';
import { seedOf } from './seeded.ts';
import type { Waits } from './waits.ts';

/** What may go wrong, and how likely it does for each request that it concerns. */
interface SalesforceRow {
  name: string;
  kind: RequestKind;
  share: number;
  mishap: Mishap;
}

type SlackRow = { name: string; share: number; fault: SlackFault };

const RATE_LIMIT_SECONDS = 1;

function salesforceRows({ sendMs, lastLookMs }: Waits): SalesforceRow[] {
  const post = (name: string, share: number, mishap: Mishap): SalesforceRow => ({
    name,
    kind: 'post',
    share,
    mishap,
  });
  return [
    post('dropped after storing', 0.012, { do: 'drop-after' }),
    post('dropped before storing', 0.012, { do: 'drop-before' }),
    post('stored while it was looked for', 0.003, { do: 'late-commit', afterMs: 500, answer: 'reset' }),
    post('stored after the last look', 0.0015, {
      do: 'late-commit',
      afterMs: lastLookMs.broken + 1_500,
      answer: 'reset',
    }),
    post('stored after silence and the last look', 0.0004, {
      do: 'late-commit',
      afterMs: sendMs + lastLookMs.silent + 2_000,
      answer: 'withheld',
    }),
    post('a no that passes', 0.01, { do: 'status', answer: 'row-locked' }),
    // Limits are rare: each stops a person, or everybody, for its time.
    post('429 with Retry-After', 0.0005, {
      do: 'status',
      answer: '429',
      retryAfterSeconds: RATE_LIMIT_SECONDS,
    }),
    post('503 of the hourly limit', 0.001, { do: 'status', answer: '503-limit' }),
    post('503 page', 0.003, { do: 'status', answer: '503-page' }),
    post('503 page, stored', 0.003, { do: 'status', answer: '503-page', stored: true }),
    post('502 page', 0.003, { do: 'status', answer: '502-page' }),
    post('502 page, stored', 0.003, { do: 'status', answer: '502-page', stored: true }),
    post('500, stored', 0.003, { do: 'status', answer: '500', stored: true }),
    post('silence, stored', 0.0015, { do: 'hang', afterMs: sendMs + 500, commit: true }),
    post('silence, not stored', 0.0006, { do: 'hang', afterMs: sendMs + 500, commit: false }),
    post('half an answer', 0.001, { do: 'hang-headers' }),
    post('session expired', 0.006, { do: 'expired-session' }),
    post('slow', 0.05, { do: 'slow', delayMs: 150 }),
    { name: 'token endpoint away', kind: 'token', share: 0.02, mishap: { do: 'status', answer: '503-page' } },
    { name: 'token endpoint dropped', kind: 'token', share: 0.01, mishap: { do: 'drop-before' } },
    { name: 'list dropped', kind: 'list', share: 0.02, mishap: { do: 'drop-before' } },
    { name: 'list slow', kind: 'list', share: 0.05, mishap: { do: 'slow', delayMs: 300 } },
    { name: 'look-up dropped', kind: 'query', share: 0.02, mishap: { do: 'drop-before' } },
  ];
}

function slackRows(): SlackRow[] {
  const event = (name: string, share: number, fault: SlackFault): SlackRow => ({ name, share, fault });
  const call = event;
  return [
    event('event twice at once', 0.01, { method: 'events', kind: 'twice' }),
    event('event under two ids', 0.01, { method: 'events', kind: 'two-ids' }),
    event('event once more after 2 s', 0.01, { method: 'events', kind: 'two-ids', apartMs: 2_000 }),
    event('event late by 0.1 s', 0.03, { method: 'events', kind: 'delayed', ms: 100 }),
    event('event late by 0.4 s', 0.01, { method: 'events', kind: 'delayed', ms: 400 }),
    event('event late by 1 s', 0.01, { method: 'events', kind: 'delayed', ms: 1_000 }),
    call('note dropped before', 0.01, { method: 'chat.postMessage', kind: 'drop-before' }),
    call('note dropped after', 0.01, { method: 'chat.postMessage', kind: 'drop-after' }),
    call('note rate-limited', 0.003, {
      method: 'chat.postMessage',
      kind: 'rate-limited',
      retryAfterSeconds: RATE_LIMIT_SECONDS,
    }),
    call('note slow', 0.02, { method: 'chat.postMessage', kind: 'delay', ms: 300 }),
    call('mark dropped', 0.01, { method: 'reactions.add', kind: 'drop-after' }),
    call('answer dropped', 0.01, { method: 'response_url', kind: 'drop-before' }),
    call('look-up dropped', 0.01, { method: 'users.info', kind: 'drop-before' }),
  ];
}

/** How often each kind of fault has struck so far, by its name. */
export type FaultCounts = ReadonlyMap<string, number>;

export interface FaultPlan {
  readonly counts: FaultCounts;
  /** No new ones from now on; what has struck goes on. */
  end(): void;
}

export interface PlanOptions {
  seed: number;
  waits: Waits;
  salesforce: StandInSalesforce;
  slack: StandInSlack;
  ledger: Ledger;
  /** Multiplies every share; 0 arms none. */
  rate?: number;
  /** Hears of each POST that was dropped before it was stored: its writer may lose patience. */
  dropped?: (text: string, senderId: string) => void;
}

/** Arms all faults, each with a chance of its own, and counts what strikes. */
export function armFaults(o: PlanOptions): FaultPlan {
  const { salesforce, slack, rate = 1 } = o;
  const names = new Map<SalesforceFault | SlackFault, string>();
  const counts = new Map<string, number>();
  const struck = (fault: SalesforceFault | SlackFault): void => {
    const name = names.get(fault) ?? 'arranged';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  salesforce.faults.onStrike = (fault, { kind, text = '', userId = '' }) => {
    struck(fault);
    if (fault.do === 'drop-before' && kind === 'post') o.dropped?.(text, userId);
    const id = idIn(text);
    if (id !== undefined && isAfterTheLastLook(fault, o.waits)) o.ledger.story(id).excuses.add('late-commit');
  };
  slack.faults.onStrike = struck;
  for (const { name, kind, share, mishap } of salesforceRows(o.waits)) {
    const fault = { ...mishap, kind, probability: share * rate, seed: seedOf(o.seed, `salesforce ${name}`) };
    names.set(fault, `Salesforce: ${name}`);
    salesforce.faults.arm(fault);
  }
  for (const { name, share, fault: what } of slackRows()) {
    const fault = { ...what, probability: share * rate, seed: seedOf(o.seed, `slack ${name}`) };
    names.set(fault, `Slack: ${name}`);
    slack.faults.arm(fault);
  }
  return {
    counts,
    end() {
      salesforce.faults.clear();
      slack.faults.clear();
    },
  };
}

/** Then posting again doubles, and not posting leaves it uncertain. */
function isAfterTheLastLook(fault: SalesforceFault, { sendMs, lastLookMs }: Waits): boolean {
  if (fault.do !== 'late-commit') return false;
  return fault.afterMs > (fault.answer === 'reset' ? lastLookMs.broken : sendMs + lastLookMs.silent);
}
