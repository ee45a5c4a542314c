import { OUTBOX_STEPS, type StepName, WEB_STEPS, WORKER_STEPS } from '../../src/bridge/steps.ts';
import type { Mode, Role } from './bridge-process.ts';
import type { Chance } from './seeded.ts';

/** One death, or standstill, at one step. */
export interface Execution {
  readonly role: Role;
  readonly step: StepName;
  readonly mode: Mode;
}

/** Where a worker also stands still for longer than its lock (see docs/delivery.md). */
export const STOPS = [
  'begin.done',
  'post.guarded',
  'post.sent',
  'post.answered',
  'settle.waiting',
  'recover.absent',
] as const satisfies readonly StepName[];

const STEPS: Record<Role, readonly StepName[]> = {
  web: WEB_STEPS,
  worker: [...WORKER_STEPS, ...OUTBOX_STEPS],
};

/** Before and after every step that there is, and every standstill, in an order made by chance. */
export function allExecutions(role: Role, chance: Chance): Execution[] {
  const deaths = STEPS[role].flatMap((step) =>
    (['before', 'after'] as const).map((mode): Execution => ({ role, step, mode })),
  );
  const stops = role === 'web' ? [] : STOPS.map((step): Execution => ({ role, step, mode: 'stop' }));
  return chance.shuffled([...deaths, ...stops]);
}

export const nameOf = ({ step, mode }: Pick<Execution, 'step' | 'mode'>): string => `${mode} ${step}`;

/** Every execution that the steps in the code ask for, by name. */
export const everyExecution = (): string[] => [
  ...[...STEPS.web, ...STEPS.worker].flatMap((step) => [
    nameOf({ step, mode: 'before' }),
    nameOf({ step, mode: 'after' }),
  ]),
  ...STOPS.map((step) => nameOf({ step, mode: 'stop' })),
];
