/**
 * Makes an element. Properties that the element has are set, `on…` listens, anything else is an attribute;
 * undefined and false are left out.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | undefined)} children
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The element of the page with this id. @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** @type {WeakMap<Node, Map<string, {made: string, node: Node}>>} */
const shownIn = new WeakMap();

/**
 * Shows items in a container. What has not changed keeps its element: focus, selection and half-written text
 * stay, and a screen reader hears of new items only. `render` gets the element of before, to go on with or not.
 * @template Item
 * @param {Element} container
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item, before: Node | undefined) => Node} render
 */
export function showItems(container, items, keyOf, render) {
  const before = shownIn.get(container) ?? new Map();
  const now = new Map();
  for (const item of items) {
    const made = JSON.stringify(item);
    const known = before.get(keyOf(item));
    now.set(keyOf(item), known?.made === made ? known : { made, node: render(item, known?.node) });
  }
  shownIn.set(container, now);
  const nodes = [...now.values()].map(({ node }) => node);
  for (const child of [...container.childNodes]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, index) => {
    const there = container.childNodes[index] ?? null;
    if (there !== node) container.insertBefore(node, there);
  });
}

/**
 * Keeps a list that scrolls at its end, for as long as it is there, whatever is added and however it is resized.
 * Gives a function that takes it to the end.
 * @param {HTMLElement} scroller
 */
export function stayAtEnd(scroller) {
  let atEnd = true;
  let before = 0;
  const settle = () => {
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener('scroll', () => {
    const now = scroller.scrollTop;
    // Only who goes up leaves the end: it also gets further away when the list grows or shrinks meanwhile.
    const isNear = scroller.scrollHeight - now - scroller.clientHeight < 40;
    atEnd = isNear || (atEnd && now >= before);
    before = now;
  });
  new ResizeObserver(settle).observe(scroller);
  new MutationObserver(settle).observe(scroller, { childList: true, subtree: true });
  return () => {
    atEnd = true;
    settle();
  };
}

/** A coloured square with the initials of a name. @param {string} name */
export function avatar(name) {
  const initials = name
    .split(' ')
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2);
  let hue = 0;
  for (const character of name) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return h('span', { className: 'avatar', style: `--hue: ${hue}`, 'aria-hidden': 'true' }, initials);
}

/** The time of day. @param {number} atMs */
export function clock(atMs) {
  const at = new Date(atMs);
  return h(
    'time',
    { dateTime: at.toISOString(), title: at.toLocaleString() },
    at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  );
}
