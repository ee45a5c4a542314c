import type { Mishap, RequestKind, Fault as SalesforceFault } from '../salesforce/faults.ts';
import type { CallFault, EventFault, Fault as SlackFault } from '../slack/faults.ts';
import type { Stage } from './stage.ts';

export type Side = 'slack' | 'salesforce';

/** One thing that a person can switch on, in words that complete "when …, …". */
interface Choice<What> {
  readonly id: string;
  readonly label: string;
  readonly what: What;
}

const LATE_MS = 5_000;
/** Longer than the bridge waits for an answer. */
const HANG_MS = 60_000;

const SALESFORCE_OCCASIONS: readonly Choice<RequestKind | undefined>[] = [
  { id: 'post', label: 'the bridge sends a message', what: 'post' },
  { id: 'list', label: 'the bridge reads messages', what: 'list' },
  { id: 'query', label: 'the bridge looks somebody up', what: 'query' },
  { id: 'token', label: 'the bridge asks for a token', what: 'token' },
  { id: 'any', label: 'the bridge asks anything', what: undefined },
];

/** The veto is not a fault of the line but a rule of the org: a certain no, until it is cleared. */
const SALESFORCE_FAULTS: readonly Choice<Mishap | 'veto'>[] = [
  { id: 'veto', label: 'an Apex trigger refuses the text', what: 'veto' },
  { id: 'drop-before', label: 'the connection drops, nothing is stored', what: { do: 'drop-before' } },
  { id: 'drop-after', label: 'it is stored, then the connection drops', what: { do: 'drop-after' } },
  {
    id: 'late-commit',
    label: 'the connection drops, it is stored 5 s later',
    what: { do: 'late-commit', afterMs: LATE_MS, answer: 'reset' },
  },
  { id: '429', label: 'the answer is 429, too many requests', what: { do: 'status', answer: '429' } },
  {
    id: '503-limit',
    label: 'the answer is 503, hourly limit reached',
    what: { do: 'status', answer: '503-limit' },
  },
  {
    id: '503-page',
    label: 'the answer is 503, a maintenance page',
    what: { do: 'status', answer: '503-page' },
  },
  {
    id: 'hang',
    label: 'there is no answer for a minute',
    what: { do: 'hang', afterMs: HANG_MS, commit: false },
  },
  { id: 'expired-session', label: 'the session has expired', what: { do: 'expired-session' } },
];

const SLACK_OCCASIONS: readonly Choice<string>[] = [
  { id: 'chat.postMessage', label: 'the bridge posts a message', what: 'chat.postMessage' },
  { id: 'chat.update', label: 'the bridge changes a message', what: 'chat.update' },
  { id: 'response_url', label: 'the bridge answers a command late', what: 'response_url' },
  { id: 'any', label: 'the bridge calls anything', what: '*' },
  { id: 'events', label: 'Slack tells the bridge of a message', what: 'events' },
];

const SLACK_CALL_FAULTS: readonly Choice<CallFault>[] = [
  {
    id: 'rate-limited',
    label: 'it is rate-limited for 5 s',
    what: { kind: 'rate-limited', retryAfterSeconds: LATE_MS / 1_000 },
  },
  { id: 'drop-before', label: 'the connection drops, nothing is done', what: { kind: 'drop-before' } },
  { id: 'drop-after', label: 'it is done, then the connection drops', what: { kind: 'drop-after' } },
  {
    id: 'late-commit',
    label: 'the connection drops, it is done 5 s later',
    what: { kind: 'late-commit', afterMs: LATE_MS },
  },
  { id: '503', label: 'the answer is 503', what: { kind: 'status', status: 503 } },
  { id: 'hang', label: 'there is no answer', what: { kind: 'hang' } },
];

const SLACK_EVENT_FAULTS: readonly Choice<EventFault>[] = [
  { id: 'twice', label: 'it tells it twice', what: { kind: 'twice' } },
  { id: 'delayed', label: 'it tells it 5 s late', what: { kind: 'delayed', ms: LATE_MS } },
  { id: 'held-back', label: 'it tells it after the next one', what: { kind: 'held-back' } },
  { id: 'lost', label: 'it never tells it', what: { kind: 'lost' } },
];

const VETO_WORDS = 'Corp policy: this text may not be sent in Chatter.';

/** The choices for each side's two menus; an event fault fits the occasion `events` only. */
export const FAULT_MENUS = {
  slack: {
    occasions: SLACK_OCCASIONS.map(({ id, label }) => ({
      id,
      label,
      faults: shown(id === 'events' ? SLACK_EVENT_FAULTS : SLACK_CALL_FAULTS),
    })),
  },
  salesforce: {
    occasions: SALESFORCE_OCCASIONS.map(({ id, label }) => ({
      id,
      label,
      faults: shown(SALESFORCE_FAULTS).filter((fault) => id === 'post' || fault.id !== 'veto'),
    })),
  },
};

/**
 * Arms a fault by the ids of its menus, for the next request or for all.
 * Throws for ids that are not in the menus.
 */
export function armFault(stage: Stage, side: Side, occasion: string, fault: string, always: boolean): void {
  const times = always ? Number.POSITIVE_INFINITY : 1;
  if (side === 'slack') {
    const on = chosen(SLACK_OCCASIONS, occasion);
    const faults: readonly Choice<CallFault | EventFault>[] =
      occasion === 'events' ? SLACK_EVENT_FAULTS : SLACK_CALL_FAULTS;
    const { what, label } = chosen(faults, fault);
    const armed = { ...what, method: on.what, times, label: sentence(on.label, label) };
    stage.slack.faults.arm(armed as SlackFault);
    return;
  }
  const on = chosen(SALESFORCE_OCCASIONS, occasion);
  const { what, label } = chosen(SALESFORCE_FAULTS, fault);
  if (what === 'veto') {
    stage.salesforce.switches.vetoText = VETO_WORDS;
    return;
  }
  const armed = {
    ...what,
    ...(on.what ? { kind: on.what } : {}),
    times,
    label: sentence(on.label, label),
  };
  stage.salesforce.faults.arm(armed as SalesforceFault);
}

/** Disarms everything on both sides. */
export function clearFaults({ slack, salesforce }: Stage): void {
  slack.faults.clear();
  salesforce.faults.clear();
  salesforce.switches.vetoText = null;
}

/** What is armed, in words. */
export function activeFaults({ slack, salesforce }: Stage) {
  const veto = salesforce.switches.vetoText === null ? [] : [VETO_LINE];
  return [
    ...slack.faults.active().map((fault) => line('Slack', fault, fault.left)),
    ...veto,
    ...salesforce.faults.active().map(({ fault, left }) => line('Salesforce', fault, left ?? 1)),
  ];
}

const VETO_LINE = {
  side: 'Salesforce',
  label: 'When the bridge sends a message, an Apex trigger refuses the text',
  always: true,
};

function line(side: string, fault: object, left: number) {
  const label = 'label' in fault ? String(fault.label) : 'A fault';
  return { side, label, always: left === Number.POSITIVE_INFINITY };
}

function sentence(occasion: string, fault: string): string {
  return `When ${occasion}, ${fault}`;
}

function shown(choices: readonly Choice<unknown>[]) {
  return choices.map(({ id, label, what }) => ({ id, label, lasts: what === 'veto' }));
}

function chosen<What>(choices: readonly Choice<What>[], id: string): Choice<What> {
  const choice = choices.find((one) => one.id === id);
  if (!choice) throw new Error(`there is no choice ${id}`);
  return choice;
}
