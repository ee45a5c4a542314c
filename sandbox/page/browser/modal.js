import { act } from './api.js';
import { showBlocks, textOf } from './blocks.js';
import { byId, h } from './dom.js';

/**
 * The modal that a person has open in Slack, if any.
 * @param {object} options
 * @param {(error: unknown) => void} options.fail
 */
export function createModal({ fail }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('modal'));
  let shown = '';
  let viewer = '';
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    act({ do: 'close', as: viewer }).catch(fail);
  });

  return {
    /** @param {import('../snapshot.ts').Snapshot['slack']} slack */
    show({ modal, viewer: as, people }, names) {
      viewer = as;
      const now = modal ? `${as} ${modal.hash}` : '';
      if (now === shown) return;
      shown = now;
      if (!modal) {
        dialog.close();
        return;
      }
      dialog.replaceChildren(form(modal, { as, people, names, fail }));
      if (!dialog.open) dialog.showModal();
    },
  };
}

function form(view, { as, people, names, fail }) {
  const problems = h('p', { className: 'problem', role: 'alert' });
  const inputs = new Map();
  const press = (actionId) => act({ do: 'press', as, channel: '', ts: view.id, actionId }).catch(fail);
  const parts = view.blocks.map((block) => {
    if (block.type !== 'input') return showBlocks([block], names, press)[0];
    const control = controlFor(block.element, people, names);
    inputs.set(block.block_id, control);
    return h(
      'label',
      { className: 'field-label' },
      h('span', {}, ...textOf(block.label, names), block.optional ? ' (optional)' : ''),
      control.element,
      block.hint ? h('small', {}, ...textOf(block.hint, names)) : undefined,
    );
  });
  const submit = async (event) => {
    event.preventDefault();
    const filledIn = Object.fromEntries([...inputs].map(([id, control]) => [id, control.value()]));
    const { errors = {} } = await act({ do: 'submit', as, filledIn });
    problems.textContent = Object.values(errors).join(' ');
  };
  const close = () => act({ do: 'close', as }).catch(fail);
  return h(
    'form',
    { onsubmit: (event) => submit(event).catch(fail) },
    h('h2', {}, ...textOf(view.title, names)),
    ...parts,
    problems,
    h(
      'div',
      { className: 'modal-buttons' },
      h(
        'button',
        { type: 'button', className: 'block-button', onclick: close },
        view.close?.text ?? 'Cancel',
      ),
      view.submit
        ? h('button', { type: 'submit', className: 'block-button primary' }, view.submit.text)
        : undefined,
    ),
  );
}

/** A control for an input's element, and what is filled in: a text, or several choices. */
function controlFor(element, people, names) {
  const many = element.type.startsWith('multi_') || element.type === 'checkboxes';
  const choices = element.type.includes('users_select')
    ? people.map(({ id, name }) => ({ id, label: name }))
    : element.options?.map(({ value, text }) => ({ id: value, label: textOf(text, names).join('') }));
  if (choices) {
    const select = h(
      'select',
      { multiple: many },
      ...choices.map(({ id, label }) => h('option', { value: id }, label)),
    );
    return { element: select, value: () => [...select.selectedOptions].map(({ value }) => value) };
  }
  const box = h(element.multiline ? 'textarea' : 'input', {
    value: element.initial_value ?? '',
    placeholder: element.placeholder?.text ?? '',
  });
  // Of a menu whose options the app supplies, the value itself is typed, several with commas.
  return { element: box, value: () => (many ? box.value.split(',').map((each) => each.trim()) : box.value) };
}
