import { h } from './dom.js';
import { placeAt } from './place.js';

/** A person types on: what they have typed is looked up when they pause. */
const PAUSE_MS = 200;

let lastId = 0;

/**
 * @typedef {object} Option
 * @property {string} id
 * @property {string} label
 * @property {string} [note]
 */

/**
 * A box to choose one or several by typing: what fits is listed below, what is chosen stands in front of it.
 * @param {object} options
 * @param {string} options.id of the box, for its label
 * @param {string} options.placeholder
 * @param {number} options.most how many may be chosen
 * @param {number} options.least letters that are typed before anything is looked up
 * @param {(typed: string) => Promise<readonly Option[]>} options.find
 */
export function createMultiSelect({ id, placeholder, most, least, find }) {
  lastId += 1;
  const listId = `options-${lastId}`;
  /** @type {Option[]} */
  let chosen = [];
  /** @type {readonly Option[]} */
  let found = [];
  let at = 0;
  let asked = 0;
  let pause = 0;
  const box = /** @type {HTMLInputElement} */ (
    h('input', {
      id,
      placeholder,
      autocomplete: 'off',
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-controls': listId,
      'aria-expanded': 'false',
      oninput: () => look(PAUSE_MS),
      onclick: () => look(0),
      onblur: () => close(),
      onkeydown: key,
    })
  );
  const tokens = h('ul', { className: 'tokens', 'aria-label': 'Chosen' });
  // In the top layer: whatever comes and goes there, what is pressed below stays where it is.
  const list = h('ul', {
    id: listId,
    className: 'options',
    role: 'listbox',
    'aria-label': 'Choices',
    popover: 'manual',
  });
  const hint = h('p', { className: 'select-hint', role: 'status' });
  const choice = h('div', { className: 'multi-box' }, tokens, box);
  const element = h('div', { className: 'multi-select' }, choice, list, hint);
  showChosen();
  return {
    element,
    box,
    value: () => chosen.map((option) => option.id),
    chosen: () => chosen,
    /** @param {readonly Option[]} options */
    choose: (options) => {
      chosen = [...options];
      showChosen();
    },
  };

  function look(afterMs) {
    // What fitted the words of before is not what is meant by Enter now.
    close();
    const typed = box.value.trim();
    if (chosen.length >= most) return say(most === 1 ? '' : `No more than ${most} can be chosen.`);
    if (typed.length < least) return say(typed === '' ? '' : `Type at least ${least} letters.`);
    const question = asked;
    pause = setTimeout(async () => {
      const answer = await find(typed).catch(() => undefined);
      if (question !== asked || document.activeElement !== box) return;
      if (!answer) return say('Nothing could be found out. Try again.');
      found = answer.filter((option) => !chosen.some((other) => other.id === option.id));
      at = 0;
      say(found.length === 0 ? 'Nobody fits.' : '', found);
    }, afterMs);
  }

  /** Shows these, or words in their place. */
  function say(words, options = []) {
    found = options;
    hint.textContent = words;
    showFound();
  }

  /** The words below stay: what is pressed next must not move away from under the pointer. */
  function close() {
    clearTimeout(pause);
    asked += 1;
    found = [];
    showFound();
  }

  function key(event) {
    const isOpen = found.length > 0;
    if (event.key === 'Backspace' && box.value === '') take(chosen.at(-1));
    else if (event.key === 'ArrowDown' && !isOpen) look(0);
    // It chooses, and never sends the form.
    else if (event.key === 'Enter' && !isOpen) look(0);
    else if (!isOpen) return;
    else if (event.key === 'ArrowDown') at = (at + 1) % found.length;
    else if (event.key === 'ArrowUp') at = (at + found.length - 1) % found.length;
    else if (event.key === 'Enter') add(found[at]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    showFound();
  }

  function add(option) {
    chosen = most === 1 ? [option] : [...chosen, option];
    box.value = '';
    showChosen();
    say('');
    close();
  }

  /** Takes one back. */
  function take(option) {
    chosen = chosen.filter((other) => other !== option);
    showChosen();
  }

  function showChosen() {
    tokens.replaceChildren(
      ...chosen.map((option) =>
        h(
          'li',
          {},
          option.label,
          h(
            'button',
            {
              type: 'button',
              'aria-label': `Remove ${option.label}`,
              onclick: () => {
                take(option);
                box.focus();
              },
            },
            '✕',
          ),
        ),
      ),
    );
    tokens.hidden = chosen.length === 0;
  }

  function showFound() {
    box.setAttribute('aria-expanded', String(found.length > 0));
    list.replaceChildren(
      ...found.map((option, index) =>
        h(
          'li',
          {
            id: `${listId}-${index}`,
            role: 'option',
            'aria-selected': String(index === at),
            // The box keeps the focus.
            onmousedown: (event) => {
              event.preventDefault();
              add(option);
            },
          },
          h('b', {}, option.label),
          option.note ? h('span', {}, option.note) : undefined,
        ),
      ),
    );
    if (found.length > 0) {
      box.setAttribute('aria-activedescendant', `${listId}-${at}`);
      list.showPopover();
      list.style.width = `${choice.offsetWidth}px`;
      placeAt(list, choice, 'left');
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    } else {
      box.removeAttribute('aria-activedescendant');
      if (list.isConnected) list.hidePopover();
    }
  }
}
