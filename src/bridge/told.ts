import type { Delivery, Effect } from './delivery.ts';
import type { Outcome } from './notification.ts';
import type { Told } from './notification-log.ts';

/** Its sender has stopped the notification before this message went. */
export const STOPPED = 'stopped';

/** Its sender has done with this message alone: it is not sent when the others go on. */
export const DISCARDED = 'discarded';

/** Whether Resume sends it. */
export const canResume = ({ outcome, code }: Pick<Told, 'outcome' | 'code'>): boolean =>
  outcome === 'stopped' && code !== DISCARDED;

/** Whether it has had its turn. */
export const isGone = ({ outcome }: Pick<Told, 'outcome'>): boolean =>
  outcome === 'delivered' || outcome === 'failed' || outcome === 'uncertain';

/** What a change of one person's message means for the report of its notification; undefined: nothing new. */
export function toldBy(after: Delivery, effects: readonly Effect[]): Told | undefined {
  const { notification, phase, failure, waiting } = after;
  if (!notification) return undefined;
  const why = failure ?? waiting;
  const said = why && { code: why.code, sentence: why.sentence };
  const of = (outcome: Outcome): Told => ({ ...notification, outcome, ...said });
  switch (phase) {
    case 'sent':
      return { ...notification, outcome: 'delivered' };
    case 'failed':
      return of(failure?.code === STOPPED ? 'stopped' : 'failed');
    // By its sender, who has seen why it had failed, or that it may have arrived.
    case 'discarded':
      return { ...notification, outcome: 'stopped', code: DISCARDED, sentence: 'You have discarded it.' };
    case 'uncertain':
      return of('uncertain');
    default: {
      const isAgain = effects.some((effect) => effect.do === 'rejoinLane' || effect.do === 'tell');
      return isAgain ? of('waiting') : undefined;
    }
  }
}
