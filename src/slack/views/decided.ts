const OUTCOME_BLOCK = 'outcome';

/** The message that replaces a note whose button was pressed: the same, with the outcome in place of the buttons. */
export function afterDecision(
  blocks: readonly { type: string; block_id?: unknown }[],
  outcome: string,
  final: boolean,
): { replace_original: true; text: string; blocks: readonly object[] } {
  const kept = blocks.filter(
    (block) => block.block_id !== OUTCOME_BLOCK && !(final && block.type === 'actions'),
  );
  const said = {
    type: 'context',
    block_id: OUTCOME_BLOCK,
    elements: [{ type: 'mrkdwn', text: outcome }],
  };
  return { replace_original: true, text: outcome, blocks: [...kept, said] };
}
