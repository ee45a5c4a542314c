import { byId, h } from './dom.js';
import { placeAt } from './place.js';

/** Where the focus goes back to. @type {HTMLElement} */
let openedBy;

/**
 * The button at a message that opens the menu of what can be done with it.
 * @param {readonly {label: string, isGrave?: boolean, choose: () => void}[]} items
 */
export function moreButton(items) {
  if (items.length === 0) return undefined;
  const button = h(
    'button',
    {
      type: 'button',
      className: 'more',
      'aria-haspopup': 'menu',
      'aria-label': 'More actions',
      title: 'More actions',
    },
    '⋯',
  );
  button.addEventListener('click', () => open(button, items));
  return button;
}

function open(button, items) {
  const menu = byId('message-menu');
  const close = () => menu.hidePopover();
  menu.replaceChildren(
    ...items.map(({ label, isGrave, choose }) =>
      h(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          className: isGrave ? 'grave' : '',
          onclick: () => {
            close();
            choose();
          },
        },
        label,
      ),
    ),
  );
  menu.onkeydown = (event) => moveFocus(menu, event);
  menu.showPopover();
  placeAt(menu, button, 'right');
  menu.firstElementChild.focus();
  openedBy = button;
}

/** Arrow keys go round; Tab leaves, as from any menu. */
function moveFocus(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  if (step !== undefined) items.at((at + step + items.length) % items.length).focus();
  else if (event.key === 'Home') items[0].focus();
  else if (event.key === 'End') items.at(-1).focus();
  else if (event.key === 'Tab') {
    menu.hidePopover();
    openedBy.focus();
  } else return;
  event.preventDefault();
}
