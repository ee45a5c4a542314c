import type { Beat } from './pulse.ts';
import type { Waiting } from './waiting.ts';

/** How far Redis's data reach, and what that means, a line each. Holds no text and nobody's name. */
export function reachLines(beat: Beat): string[] {
  if (beat.epoch === 1 && !beat.wasPaused) return ['Redis has not been restarted since the bridge began.'];
  const reach = beat.until ? `its data reach until ${iso(beat.until.atMs)}` : 'it came up without data';
  return [
    `This run of Redis is known since ${iso(beat.sinceMs)}; ${reach}.`,
    'What was taken in after that may be missing: commands, decisions on buttons, opt-outs. What was discarded after that is back.',
    ...(beat.wasPaused
      ? ['It had certainly forgotten more than a minute, so sending was paused. `resume` goes on.']
      : []),
  ];
}

/** The whole list for the operator, line by line: what waits and was stored before Redis came up. */
export async function* reviewLines(
  beat: Beat,
  waiting: AsyncIterable<Waiting>,
  nowMs: number,
): AsyncGenerator<string> {
  yield* reachLines(beat);
  let [messages, notes] = [0, 0];
  for await (const { id, to, author, phase, takenAtMs } of waiting) {
    if (to === 'chat') notes += 1;
    else {
      messages += 1;
      yield `${id}  ${author}  ${phase}  stored ${iso(takenAtMs)}, ${age(nowMs - takenAtMs)} ago`;
    }
  }
  yield `${messages} message(s) to Salesforce and ${notes} note(s) to Slack wait from before that; each is looked for before it is sent.`;
}

const iso = (ms: number): string => new Date(ms).toISOString();

function age(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
