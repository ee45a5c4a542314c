import { checkBlocks } from './block-check.ts';
import { isFields } from './json.ts';
import type { Fields } from './shapes.ts';
import { checkLength, checkPlainText, type Problems, problem } from './text-check.ts';

/** Limits of modals (Slack docs, "Modals"). */
const TITLE = 24;
const PRIVATE_METADATA = 3_000;
const ID = 255;

/** Checks a modal or Home tab against Slack's limits. */
export function checkView(view: Fields, uniqueIds: boolean): Problems {
  return [
    ...checkKind(view),
    ...checkLength(view.private_metadata, PRIVATE_METADATA, '/view/private_metadata'),
    ...checkLength(view.callback_id, ID, '/view/callback_id'),
    ...checkLength(view.external_id, ID, '/view/external_id'),
    ...checkBlocks(view.blocks, { inView: true, uniqueIds, at: '/view/blocks' }),
  ];
}

function checkKind({ type, title, submit, close, blocks }: Fields): Problems {
  if (type === 'home') return [];
  if (type !== 'modal') return problem('/view/type', 'must be one of: modal, home');
  const hasInput = Array.isArray(blocks) && blocks.some((block) => isFields(block) && block.type === 'input');
  return [
    ...checkPlainText(title, TITLE, '/view/title'),
    ...(submit === undefined ? [] : checkPlainText(submit, TITLE, '/view/submit')),
    ...(close === undefined ? [] : checkPlainText(close, TITLE, '/view/close')),
    ...(submit === undefined && hasInput
      ? problem('/view/submit', 'required when there is an input block')
      : []),
  ];
}
