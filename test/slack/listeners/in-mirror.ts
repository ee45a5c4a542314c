import type { ChatThreadId } from '../../../src/bridge/people.ts';
import { BRIDGE } from '../../../src/bridge/people.ts';
import { makeThreadId } from '../../../src/slack/ids.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';
import { LANE, PAIR } from './in-thread.ts';

/** #general, with a thread of Ada's in it that is mirrored, and another one that is not. */
export async function startInMirror(options: EdgeOptions = {}, channel = 'C0GENERAL') {
  const edge = await startEdge(options);
  const { slack, core } = edge;
  const root = slack.workspace.add({ channel, user: 'U0ADA', text: 'Lunch on Friday?' });
  const other = slack.workspace.add({ channel, user: 'U0ADA', text: 'Something else' });
  slack.workspace.add({ channel, user: 'U0ALAN', text: 'Yes?', thread_ts: other.ts });
  const thread = makeThreadId({ team: 'T0CORP', channel, ts: root.ts });
  const mirror = (known?: ChatThreadId) =>
    core.links.set(thread, {
      v: 1,
      person: BRIDGE,
      lane: LANE,
      pair: PAIR,
      ...(known && { thread: known }),
    });
  mirror();
  const say = (user: string, text: string, how: Parameters<typeof slack.say>[3] = {}) =>
    slack.say(user, channel, text, { thread_ts: root.ts, ...how });
  return { ...edge, channel, root, other, thread, mirror, say };
}
