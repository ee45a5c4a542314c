/** The question whose button was pressed, as it is shown from then on: with the answer in place of the buttons. */
export function afterDecision(
  blocks: readonly { type: string }[],
  answer: string,
): { replace_original: true; text: string; blocks: readonly object[] } {
  const kept = blocks.filter((block) => block.type !== 'actions');
  const said = { type: 'context', elements: [{ type: 'mrkdwn', text: answer }] };
  return { replace_original: true, text: answer, blocks: [...kept, said] };
}
