import type { KnownBlock } from '@slack/web-api';
import type { Mirror } from '../../bridge/mirror.ts';
import type { Home } from '../modals.ts';
import { COMMAND } from '../payload.ts';
import { words } from '../words.ts';
import { context, section } from './blocks.ts';
import { mirrorList } from './mirror-list.ts';

/** What the Home tab shows of somebody. */
export interface Standing {
  isOptedOut: boolean;
  mirrors: readonly Mirror[];
  /** Messages of theirs that failed, or wait for them to decide. */
  failed: number;
}

/**
 * @param standing undefined: it could not be looked up.
 * @param told what became of a press on one of its buttons.
 */
export function homeView(standing: Standing | undefined, told?: string): Home {
  return {
    type: 'home',
    blocks: [
      ...(told === undefined ? [] : [section(told), { type: 'divider' as const }]),
      section(words.home),
      { type: 'divider' },
      ...(standing === undefined ? [section(words.notRead)] : shown(standing)),
    ],
  };
}

function shown({ isOptedOut, mirrors, failed }: Standing): KnownBlock[] {
  return [
    section(isOptedOut ? words.optedOut : words.actsForYou),
    ...(failed === 0
      ? []
      : [section(`*${words.messages(failed)} for you to decide about:* \`${COMMAND} failed\` lists them.`)]),
    ...mirrorList(mirrors),
    context(`\`${COMMAND} help\` says what else this app can do.`),
  ];
}
