import { act } from './api.js';
import { byId, h, showItems } from './dom.js';

const SIDES = { salesforce: 'Salesforce', slack: 'Slack' };

/**
 * The strip below: what shall go wrong, and what is armed to.
 * @param {object} options
 * @param {Record<'slack' | 'salesforce', {occasions: any[]}>} options.menus
 * @param {(error: unknown) => void} options.fail
 */
export function createFaults({ menus, fail }) {
  const active = h('ul', { className: 'armed', 'aria-label': 'Armed faults' });
  const clear = h(
    'button',
    { type: 'button', className: 'clear', onclick: () => act({ do: 'clear' }).catch(fail) },
    'Clear all',
  );
  const summary = h('span', { className: 'armed-count' });
  byId('faults').append(
    h(
      'details',
      {},
      h('summary', {}, h('b', {}, 'Faults'), summary),
      h(
        'div',
        { className: 'fault-forms' },
        ...Object.entries(SIDES).map(([side, name]) => faultForm(side, name, menus[side].occasions, fail)),
      ),
    ),
    h('div', { className: 'armed-line' }, active, clear),
  );

  return {
    /** @param {import('../snapshot.ts').Snapshot['faults']} faults */
    show(faults) {
      const items = faults.map((fault, index) => ({
        ...fault,
        key: `${index} ${fault.side} ${fault.label}`,
      }));
      showItems(
        active,
        items,
        ({ key }) => key,
        ({ side, label, always }) =>
          h('li', {}, h('b', {}, side), ` ${label} `, h('em', {}, always ? 'until cleared' : 'once')),
      );
      clear.hidden = items.length === 0;
      summary.textContent = items.length === 0 ? 'make something go wrong, and see what people are told' : '';
      byId('faults').classList.toggle('is-armed', items.length > 0);
    },
  };
}

function faultForm(side, name, occasions, fail) {
  const occasion = menu(`When, for ${name}`, occasions);
  const fault = menu(`What goes wrong, for ${name}`, []);
  const times = menu(`How often, for ${name}`, [
    { id: 'once', label: 'once' },
    { id: 'always', label: 'every time' },
  ]);
  const showFaults = () => {
    const { faults } = occasions.find(({ id }) => id === occasion.value);
    fault.replaceChildren(...faults.map(option));
    showTimes();
  };
  /** A rule of the org is there until it is cleared. */
  const showTimes = () => {
    const { faults } = occasions.find(({ id }) => id === occasion.value);
    times.disabled = faults.find(({ id }) => id === fault.value).lasts;
    if (times.disabled) times.value = 'always';
  };
  occasion.addEventListener('change', showFaults);
  fault.addEventListener('change', showTimes);
  showFaults();
  const arm = (event) => {
    event.preventDefault();
    const always = times.value === 'always';
    act({ do: 'arm', side, occasion: occasion.value, fault: fault.value, always }).catch(fail);
  };
  return h(
    'form',
    { className: 'fault-form', 'aria-label': `Fault in ${name}`, onsubmit: arm },
    h('b', {}, name),
    h('span', {}, 'When'),
    occasion,
    fault,
    times,
    h('button', { type: 'submit' }, 'Arm'),
  );
}

function menu(label, choices) {
  return /** @type {HTMLSelectElement} */ (h('select', { 'aria-label': label }, ...choices.map(option)));
}

function option({ id, label }) {
  return h('option', { value: id }, label);
}
