import type { Mirror } from '../../src/bridge/mirror.ts';
import type {
  ChatPersonId,
  ChatThreadId,
  DeliveryId,
  LaneKey,
  PairKey,
  SalesforceUserId,
} from '../../src/bridge/people.ts';
import { makePlaceId } from '../../src/slack/ids.ts';

/** A Salesforce user id. */
export const user = (n: number) => `005${String(n).padStart(12, '0')}AAA` as SalesforceUserId;

/** A mirror with Grace and Alan that Alan has started. */
export function mirrorOf(thread: ChatThreadId, change: Partial<Mirror> = {}): Mirror {
  return {
    v: 1,
    state: 'live',
    openedBy: 'view' as DeliveryId,
    thread,
    place: makePlaceId({ team: 'T0CORP', channel: 'C0GENERAL' }),
    startedBy: 'T0CORP-U0ALAN' as ChatPersonId,
    people: [
      { id: user(1), name: 'Grace Hopper' },
      { id: user(2), name: 'Alan Turing' },
    ],
    bring: 'last',
    sinceUs: 1,
    user: user(9),
    pair: 'pair' as PairKey,
    lane: 'lane' as LaneKey,
    startedAtMs: 0,
    ...change,
  };
}
