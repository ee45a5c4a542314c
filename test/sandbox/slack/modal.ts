import type { WebClient } from '@slack/web-api';
import type { StandInSlack } from '../../../sandbox/slack/server.ts';

export const plain = (text: string) => ({ type: 'plain_text', text });

/** An input block with what stands in it. */
export const input = (block_id: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element: { action_id: `${block_id}-action`, ...element },
  ...more,
});

export const modal = (...blocks: object[]) => ({
  type: 'modal',
  callback_id: 'mirror',
  title: plain('Mirror'),
  submit: plain('Mirror'),
  blocks,
});

/** Ada opens a modal by way of a shortcut. */
export async function open(slack: StandInSlack, client: WebClient, view: object): Promise<void> {
  const { trigger_id } = (await slack.shortcut('U0ADA', 'compose')).payload;
  await client.apiCall('views.open', { trigger_id, view });
}
