import type { ChatPersonId, LaneKey, PairKey } from '../../../src/bridge/people.ts';
import { makeThreadId } from '../../../src/slack/ids.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';

export const ADA = 'T0CORP-U0ADA' as ChatPersonId;
export const LANE = 'to-lane' as LaneKey;
export const PAIR = 'pair' as PairKey;

/** Ada's conversation with the app, with one thread in it that the bridge knows. */
export async function startInThread(options: EdgeOptions = {}) {
  const edge = await startEdge(options);
  const { slack, core } = edge;
  const dm = slack.dmOf('U0ADA');
  const root = slack.workspace.add({
    channel: dm,
    user: 'U0BRIDGE',
    bot_id: 'B0BRIDGE',
    app_id: 'A0BRIDGE',
    text: 'Private message to Grace Hopper',
  });
  const thread = makeThreadId({ team: 'T0CORP', channel: dm, ts: root.ts });
  core.links.set(thread, { v: 1, person: ADA, lane: LANE, pair: PAIR });
  return { ...edge, dm, root, thread, inThread: { thread_ts: root.ts } };
}
