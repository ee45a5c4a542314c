const GAP = 3;
/** Lower than this no list is of use. */
const LEAST_HEIGHT = 120;

/**
 * Puts something that is in the top layer below an element, or above it where there is no room below.
 * @param {HTMLElement} shown
 * @param {HTMLElement} anchor
 * @param {'left' | 'right'} side which of their ends are one below the other
 */
export function placeAt(shown, anchor, side) {
  const { top, bottom, left, right } = anchor.getBoundingClientRect();
  const below = innerHeight - bottom - 2 * GAP;
  const isBelow = below > Math.min(shown.scrollHeight, LEAST_HEIGHT);
  shown.style.maxHeight = `${(isBelow ? below : top) - 2 * GAP}px`;
  shown.style.top = `${isBelow ? bottom + GAP : top - shown.offsetHeight - GAP}px`;
  shown.style.left = `${Math.max(GAP, side === 'left' ? left : right - shown.offsetWidth)}px`;
}
