import { avatar, h } from './dom.js';

const MOST = 6;
let lastId = 0;

/**
 * Completes `@gra` in a text box to the handle of a person: arrow keys, Enter or Tab, Escape, or the mouse.
 * Gives the list to put next to the box, and what to do with a key: true when it was for the list.
 * @param {HTMLTextAreaElement} box
 * @param {() => readonly {handle: string, name: string, note: string}[]} people
 */
export function mentionCompletion(box, people) {
  lastId += 1;
  const id = `mentions-${lastId}`;
  const list = h('ul', { id, className: 'mentions', role: 'listbox', 'aria-label': 'People', hidden: true });
  box.setAttribute('role', 'combobox');
  box.setAttribute('aria-autocomplete', 'list');
  box.setAttribute('aria-controls', id);
  box.setAttribute('aria-expanded', 'false');
  let matches = [];
  let chosen = 0;

  const update = () => {
    const typed = typedHandle(box);
    matches = typed === undefined ? [] : people().filter(startingWith(typed)).slice(0, MOST);
    chosen = 0;
    draw();
  };
  box.addEventListener('input', update);
  box.addEventListener('blur', () => close());

  return { list, key };

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (matches.length === 0) return false;
    if (event.key === 'ArrowDown') chosen = (chosen + 1) % matches.length;
    else if (event.key === 'ArrowUp') chosen = (chosen + matches.length - 1) % matches.length;
    else if (event.key === 'Enter' || event.key === 'Tab') complete(matches[chosen].handle);
    else if (event.key === 'Escape') matches = [];
    else return false;
    draw();
    return true;
  }

  function close() {
    matches = [];
    draw();
  }

  function complete(handle) {
    const end = box.selectionStart;
    const start = box.value.lastIndexOf('@', end - 1);
    box.setRangeText(`@${handle} `, start, end, 'end');
    box.focus();
    close();
  }

  function draw() {
    list.hidden = matches.length === 0;
    box.setAttribute('aria-expanded', String(matches.length > 0));
    list.replaceChildren(
      ...matches.map(({ handle, name, note }, index) =>
        h(
          'li',
          {
            id: `${id}-${index}`,
            role: 'option',
            'aria-selected': String(index === chosen),
            // The box keeps the focus.
            onmousedown: (event) => {
              event.preventDefault();
              complete(handle);
            },
          },
          avatar(name),
          h('b', {}, name),
          h('span', {}, `@${handle}${note ? ` · ${note}` : ''}`),
        ),
      ),
    );
    if (matches.length > 0) box.setAttribute('aria-activedescendant', `${id}-${chosen}`);
    else box.removeAttribute('aria-activedescendant');
  }
}

/** What stands between the last `@` and the cursor, when that is the beginning of a handle. */
function typedHandle(box) {
  const before = box.value.slice(0, box.selectionStart);
  return /(?:^|\s)@([\w.-]*)$/.exec(before)?.[1]?.toLowerCase();
}

function startingWith(typed) {
  return ({ handle, name }) =>
    handle.startsWith(typed) ||
    name
      .toLowerCase()
      .split(' ')
      .some((word) => word.startsWith(typed));
}
