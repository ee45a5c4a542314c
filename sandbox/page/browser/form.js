import { showBlocks, textOf } from './blocks.js';
import { createControl } from './controls.js';
import { h } from './dom.js';

/**
 * A view of Slack's as a form: blocks to read, inputs to fill in, and below each what is wrong with it.
 * @param {any} view
 * @param {object} around
 * @param {readonly any[]} around.people
 * @param {import('./mrkdwn.js').Names} around.names
 * @param {import('./blocks.js').Press} around.press
 * @param {(actionId: string, typed: string) => Promise<readonly any[]>} around.suggest
 * @param {(filledIn: Record<string, string | readonly string[]>) => Promise<Record<string, string>>} around.submit
 *   gives what is to be corrected, by block id
 * @param {() => void} around.close
 * @param {(error: unknown) => void} around.fail
 */
export function createForm(view, { people, names, press, suggest, submit, close, fail }) {
  /** @type {Map<string, ReturnType<typeof createField>>} */
  const fields = new Map();
  const parts = view.blocks.map((block) => {
    if (block.type !== 'input') return showBlocks([block], names, press)[0];
    const field = createField(block, { people, names, suggest });
    fields.set(block.block_id, field);
    return field.element;
  });
  const send = view.submit
    ? /** @type {HTMLButtonElement} */ (
        h('button', { type: 'submit', className: 'block-button primary' }, view.submit.text)
      )
    : undefined;
  const element = h(
    'form',
    { noValidate: true, onsubmit: (event) => void submitted(event) },
    h('h2', { id: 'modal-title' }, ...textOf(view.title, names)),
    h('div', { className: 'modal-body' }, ...parts),
    h(
      'div',
      { className: 'modal-buttons' },
      h(
        'button',
        { type: 'button', className: 'block-button', onclick: close },
        view.close?.text ?? 'Cancel',
      ),
      send,
    ),
  );
  return {
    element,
    /** What is filled in, to go on with when the app changes the view: by block, as Slack does it. */
    kept: () => new Map([...fields].map(([id, { control }]) => [id, control.kept()])),
    /** @param {Map<string, unknown>} kept */
    restore: (kept) => {
      for (const [id, { control }] of fields) if (kept.has(id)) control.restore(kept.get(id));
    },
  };

  async function submitted(event) {
    event.preventDefault();
    if (!send || send.disabled) return;
    send.disabled = true;
    try {
      const filledIn = Object.fromEntries([...fields].map(([id, { control }]) => [id, control.value()]));
      const errors = await submit(filledIn);
      for (const [id, field] of fields) field.say(errors[id] ?? '');
      const [first] = Object.keys(errors);
      if (first) fields.get(first)?.control.box.focus();
    } catch (error) {
      fail(error);
    } finally {
      send.disabled = false;
    }
  }
}

/** An input block: its label, its control, a hint, and what is wrong. */
function createField(block, { people, names, suggest }) {
  const id = `field-${block.block_id}`;
  const control = createControl(block.element, { id, people, names, suggest });
  const problem = h('p', { id: `${id}-problem`, className: 'problem', role: 'alert' });
  const label = [...textOf(block.label, names), block.optional ? h('i', {}, ' (optional)') : ''];
  const parts = [
    control.element,
    block.hint ? h('small', {}, ...textOf(block.hint, names)) : undefined,
    problem,
  ];
  const element = control.isGroup
    ? h('fieldset', { className: 'field' }, h('legend', {}, ...label), ...parts)
    : h('div', { className: 'field' }, h('label', { htmlFor: id }, ...label), ...parts);
  return {
    element,
    control,
    say(words) {
      problem.textContent = words;
      control.box.setAttribute('aria-invalid', String(words !== ''));
      control.box.setAttribute('aria-describedby', problem.id);
    },
  };
}
