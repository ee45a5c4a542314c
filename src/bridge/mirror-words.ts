import type { Rest } from './mirror.ts';
import type { Ending } from './mirror-log.ts';

/** The first message of a mirror's conversation: that it is one, and who reads it. Chatter has no formatting. */
export function openingWords(
  starter: string,
  { place, link }: { place: string; link: string | undefined },
): string {
  return [
    `${starter} has mirrored a Slack thread here. What is written here appears in Slack, in ${place}, for everybody there to read; what is written in the thread appears here.`,
    ...(link === undefined ? [] : [link]),
  ].join('\n');
}

const OVER: Readonly<Record<Rest, string>> = {
  'app-removed': 'The app was removed from the channel in Slack.',
  'app-silenced': 'The app may no longer write in the channel in Slack.',
  'place-shared': 'The channel in Slack is shared with another company now.',
  'place-archived': 'The channel in Slack was closed.',
  'root-deleted': 'The thread in Slack was deleted.',
};

/** The last one. */
export function farewellWords({ rest }: Ending): string {
  const why = rest ? OVER[rest] : 'The thread in Slack is no longer mirrored here.';
  return `(${why} What is written here is not read there any more.)`;
}

/** Longer than any name that Slack takes. */
const NAME_LENGTH = 150;

/** Before the words of somebody for whom the bridge speaks. A name is one short line, so that nothing in it looks like words. */
export function relayLabel(name: string): string {
  const line = [...name.replace(/\s+/g, ' ').trim()].slice(0, NAME_LENGTH).join('');
  return `${line} (in Slack): `;
}
