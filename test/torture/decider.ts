import { setTimeout as pause } from 'node:timers/promises';
import type { StandInSlack } from '../../sandbox/slack/server.ts';
import type { Message } from '../../sandbox/slack/shapes.ts';
import type { Chance } from './seeded.ts';

/** How long somebody reads and thinks. */
const THINK_MS = 1_500;

/** What people do about "Not confirmed.": most discard, some want it again, and some never look. */
export function createDecider(chance: Chance, retried: (id: string) => void) {
  return (id: string, note: Message, slack: StandInSlack): void => {
    const action = chance.pick([
      'discard_delivery',
      'discard_delivery',
      'retry_delivery',
      undefined,
    ] as const);
    if (action === undefined) return;
    if (action === 'retry_delivery') retried(id);
    void pause(THINK_MS).then(async () => {
      const user = [...slack.workspace.channel(note.channel).members].find(
        (member) => member !== slack.workspace.app.user_id,
      );
      // It may have been found meanwhile: then there is no button any more.
      const isOpen = note.blocks?.some(({ type }) => type === 'actions');
      if (user && isOpen) await slack.press(user, note, action);
    });
  };
}
