import { mentionCompletion } from './completion.js';
import { h } from './dom.js';

/**
 * A box to write a message in: Enter sends, Shift+Enter begins a new line. What could not be sent stays in it,
 * with the reason.
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.action] what its button does
 * @param {(text: string) => Promise<unknown>} options.send
 * @param {() => readonly any[]} [options.people] whom an `@` can be completed to
 */
export function createComposer({ label, action = 'Send', send, people }) {
  const box = /** @type {HTMLTextAreaElement} */ (
    h('textarea', {
      rows: 1,
      placeholder: label,
      'aria-label': label,
      autocomplete: 'off',
      spellcheck: 'false',
    })
  );
  const problem = h('p', { className: 'problem', role: 'alert' });
  const button = h(
    'button',
    { type: 'submit', className: 'send', 'aria-label': action, title: `${action} (Enter)` },
    '↑',
  );
  const completion = people && mentionCompletion(box, people);
  const element = h(
    'form',
    {
      className: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    completion?.list,
    problem,
    h('div', { className: 'composer-box' }, box, button),
  );
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (completion?.key(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    }
  });
  box.addEventListener('input', grow);

  return { element, fill, describe };

  async function submit() {
    const text = box.value.trim();
    if (text === '' || box.readOnly) return;
    box.readOnly = true;
    problem.textContent = '';
    try {
      await send(text);
      box.value = '';
      grow();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      box.readOnly = false;
    }
  }

  /** Puts a text into the box, ready to be sent. */
  function fill(text) {
    box.value = text;
    box.focus();
    box.setSelectionRange(text.length, text.length);
    grow();
  }

  /** Names the box; the hint stands in it while it is empty. */
  function describe(name, hint = name) {
    // What was wrong in one channel is not wrong in the next.
    if (box.getAttribute('aria-label') !== name) problem.textContent = '';
    box.placeholder = hint;
    box.setAttribute('aria-label', name);
  }

  function grow() {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }
}
