import type { Taken } from '../../bridge/taken.ts';

/** Nothing more is to be done about it. */
const SETTLED = new Set<Taken>(['stored', 'duplicate', 'person-full', 'bridge-full']);

/** @throws Error unless it is stored or its writer was told, so that Slack gets an error and sends the event again. */
export function insist(taken: Taken): void {
  if (!SETTLED.has(taken)) throw new Error(`message not stored: ${taken}`);
}
