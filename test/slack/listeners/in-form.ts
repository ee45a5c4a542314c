import { expect } from 'vitest';
import type { Message, View } from '../../../sandbox/slack/shapes.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import type { startEdge } from '../edge.ts';

type Slack = Awaited<ReturnType<typeof startEdge>>['slack'];

/** What somebody's uppermost modal is, once it has been prepared. The stand-in refuses what is beyond Slack's limits. */
export async function prepared(slack: Slack, user: string): Promise<View> {
  const shown = () => JSON.stringify(slack.viewsOf(user).at(-1)?.blocks ?? mirrorWords.loading);
  await expect.poll(shown).not.toContain(mirrorWords.loading);
  const view = slack.viewsOf(user).at(-1);
  if (!view) throw new Error('closed meanwhile');
  return view;
}

/** Uses a shortcut and waits for what it opens. */
export async function opened(slack: Slack, user: string, shortcut: string, on?: Message): Promise<View> {
  expect(await slack.shortcut(user, shortcut, on)).toMatchObject({ status: 200 });
  return prepared(slack, user);
}

/** All that a view says, in one text. */
export const textOf = (view: View | undefined): string =>
  JSON.stringify(view?.blocks ?? '').replaceAll('\\n', '\n');

/** The element of a block. */
export function fieldOf(view: View, block: string): Record<string, unknown> {
  const found = view.blocks.find(({ block_id }) => block_id === block);
  return found?.element as Record<string, unknown>;
}
