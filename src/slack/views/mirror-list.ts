import type { KnownBlock } from '@slack/web-api';
import type { Mirror } from '../../bridge/mirror.ts';
import { parsePersonId, parseThreadId } from '../ids.ts';
import { mirrorWords } from '../mirror-words.ts';
import { MIRROR_ACTIONS } from '../payload-interactions.ts';
import { button, context, section } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import { moment } from './moment.ts';
import type { Rendered } from './rendered.ts';

/** A message has 50 blocks, and nobody reads more. */
const MOST_SHOWN = 20;
const PEOPLE_LIMIT = 600;

/**
 * Somebody's mirrored threads, each with a button that stops it.
 * @param told what became of a press on one of these buttons, said above the list as it is now
 */
export function mirrorList(mirrors: readonly Mirror[], told?: string): KnownBlock[] {
  const above = told === undefined ? [] : [context(told)];
  if (mirrors.length === 0) return [...above, section(mirrorWords.noMirrors)];
  const more = mirrors.length - MOST_SHOWN;
  return [
    ...above,
    section(mirrorWords.mirrors(mirrors.length)),
    ...mirrors.slice(0, MOST_SHOWN).map(one),
    ...(more > 0 ? [context(`${more} more: shown when these are stopped.`)] : []),
  ];
}

/** The same as an answer to a command. */
export function renderMirrors(mirrors: readonly Mirror[], told?: string): Rendered {
  const said = mirrors.length === 0 ? mirrorWords.noMirrors : mirrorWords.mirrors(mirrors.length);
  return { text: told ?? said, blocks: mirrorList(mirrors, told) };
}

function one({ thread, people, startedBy, startedAtMs }: Mirror): KnownBlock {
  const { channel } = parseThreadId(thread);
  const text = `A thread in <#${channel}>, with ${namesOf(people)}\nStarted by <@${parsePersonId(startedBy).user}>, ${moment(startedAtMs)}`;
  return { ...section(text), accessory: button('Stop', MIRROR_ACTIONS.stop, thread, 'danger') };
}

export function namesOf(people: Mirror['people']): string {
  return escapedExcerpt(people.map(({ name }) => name).join(', '), PEOPLE_LIMIT);
}
