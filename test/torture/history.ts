import type { Ledger, Story } from './ledger.ts';

const MOST_STORIES = 12;
const clock = (ms: number | undefined): string =>
  ms === undefined || !Number.isFinite(ms) ? '–' : new Date(ms).toISOString().slice(11, 23);

/** What happened in a lane around one message: ids and times, for whoever looks for the cause in the log. */
export function historyOf(ledger: Ledger, lane: string, id: string): string[] {
  const inLane = [...ledger.stories.values()].filter(({ written }) => written[0]?.lane === lane);
  const at = inLane.findIndex((story) => story.id === id);
  return inLane.slice(Math.max(0, at - MOST_STORIES / 2), at + MOST_STORIES / 2).map(lineOf);
}

function lineOf({ id, written, arrivals, told, excuses }: Story): string {
  const wrote = written.map(
    ({ kind, startMs, answer, ackMs, delivery }) =>
      `${kind} ${clock(startMs)} ${answer} ${clock(ackMs)} ${delivery}`,
  );
  const came = arrivals.map(
    ({ atMs, part, parts, late, byHand, place }) =>
      `#${place} ${clock(atMs)}${parts > 1 ? ` ${part}/${parts}` : ''}${late ? ' late' : ''}${byHand ? ' by hand' : ''}`,
  );
  const words = [...told].map(([word, times]) => (times > 1 ? `${word}×${times}` : word));
  return [id, ...wrote, `arrived ${came.join(', ') || 'never'}`, ...words, ...excuses].join(' | ');
}
