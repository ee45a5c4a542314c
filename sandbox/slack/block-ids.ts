import { isFields } from './json.ts';
import type { Fields } from './shapes.ts';

/** Gives blocks and their elements the ids that Slack makes up where the app has given none. */
export function withIds(blocks: readonly unknown[], nextId: () => string): readonly Fields[] {
  return blocks.filter(isFields).map((block) => ({
    ...block,
    block_id: block.block_id ?? nextId(),
    ...(block.type === 'actions' && Array.isArray(block.elements)
      ? { elements: block.elements.map((element) => withActionId(element, nextId)) }
      : {}),
    ...(block.accessory ? { accessory: withActionId(block.accessory, nextId) } : {}),
    ...(block.element ? { element: withActionId(block.element, nextId) } : {}),
  }));
}

function withActionId(element: unknown, nextId: () => string): unknown {
  return isFields(element) ? { ...element, action_id: element.action_id ?? nextId() } : element;
}

/** The element with this action id, with the block that it is in: the first one, or the one of that block. */
export function findElement(
  blocks: readonly Fields[] | undefined,
  actionId: string,
  blockId?: string,
): { readonly block: Fields; readonly element: Fields } | undefined {
  for (const block of blocks ?? []) {
    if (blockId !== undefined && block.block_id !== blockId) continue;
    const elements = Array.isArray(block.elements) ? block.elements : [block.accessory, block.element];
    const element = elements.filter(isFields).find((candidate) => candidate.action_id === actionId);
    if (element) return { block, element };
  }
  return undefined;
}
