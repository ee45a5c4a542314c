import { textOf } from './blocks.js';
import { h } from './dom.js';
import { createMultiSelect } from './multi-select.js';

/** As many as a list shows without becoming one to search in. */
const MOST_SHOWN = 8;
/** Unless the app says otherwise (Slack docs, "Select menu element"). */
const LEAST_LETTERS = 3;

/**
 * @typedef {object} Control what stands in an input of a form
 * @property {HTMLElement} element
 * @property {HTMLElement} box what gets the focus, and is described by what is wrong with it
 * @property {() => string | readonly string[]} value as it is submitted
 * @property {() => unknown} kept what is given to `restore` when the app changes the form
 * @property {(kept: any) => void} restore
 * @property {boolean} [isGroup] several boxes: they have a legend and no label
 */

/**
 * @typedef {object} Around
 * @property {string} id
 * @property {readonly any[]} people everybody in Slack
 * @property {import('./mrkdwn.js').Names} names
 * @property {(actionId: string, typed: string) => Promise<readonly any[]>} suggest options of the app
 */

/** The control for an element of Slack's forms. @param {any} element @param {Around} around @returns {Control} */
export function createControl(element, around) {
  switch (element.type) {
    case 'radio_buttons':
      return choices('radio', element, around);
    case 'checkboxes':
      return choices('checkbox', element, around);
    case 'users_select':
    case 'multi_users_select':
      return ofPeople(element, around);
    case 'external_select':
    case 'multi_external_select':
      return ofTheApp(element, around);
    case 'static_select':
    case 'multi_static_select':
      return menu(element, around);
    case 'datetimepicker':
      return dateAndTime(element, around);
    default:
      return textBox(element, around);
  }
}

function textBox(element, { id }) {
  const box = /** @type {HTMLInputElement} */ (
    h(element.multiline ? 'textarea' : 'input', {
      id,
      value: element.initial_value ?? '',
      placeholder: element.placeholder?.text ?? '',
      rows: element.multiline ? 4 : undefined,
      maxLength: element.max_length,
    })
  );
  const restore = (text) => {
    box.value = text;
  };
  return { element: box, box, value: () => box.value, kept: () => box.value, restore };
}

/** In the reader's own time zone, as in Slack; Slack has seconds since 1970. */
function dateAndTime({ initial_date_time: initially }, { id }) {
  const local = (seconds) => {
    const at = new Date(seconds * 1_000);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  };
  const box = /** @type {HTMLInputElement} */ (
    h('input', { id, type: 'datetime-local', value: initially ? local(initially) : '' })
  );
  const restore = (kept) => {
    box.value = kept;
  };
  const value = () => (box.value === '' ? '' : String(Math.floor(new Date(box.value).getTime() / 1_000)));
  return { element: box, box, value, kept: () => box.value, restore };
}

function choices(type, element, { id, names }) {
  const initially = [element.initial_option, element.initial_options].flat().filter(Boolean);
  const boxes = element.options.map(
    (option) =>
      /** @type {HTMLInputElement} */ (
        h('input', {
          type,
          name: id,
          value: option.value,
          checked: initially.some(({ value }) => value === option.value),
        })
      ),
  );
  const lines = element.options.map((option, index) =>
    h(
      'label',
      { className: 'choice' },
      boxes[index],
      h(
        'span',
        {},
        ...textOf(option.text, names),
        option.description ? h('small', {}, ...textOf(option.description, names)) : undefined,
      ),
    ),
  );
  const value = () => boxes.filter(({ checked }) => checked).map((box) => box.value);
  const restore = (kept) => {
    for (const box of boxes) box.checked = kept.includes(box.value);
  };
  return { element: h('div', {}, ...lines), box: boxes[0], value, kept: value, restore, isGroup: true };
}

function menu(element, { id, names }) {
  const options = element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
  const isMany = element.type.startsWith('multi_');
  const select = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { id, multiple: isMany },
      isMany ? undefined : h('option', { value: '' }, element.placeholder?.text ?? ''),
      ...options.map(({ value, text }) => h('option', { value }, textOf(text, names).join(''))),
    )
  );
  const value = () => [...select.selectedOptions].map((option) => option.value).filter((each) => each !== '');
  const restore = (kept) => {
    for (const option of select.options) option.selected = kept.includes(option.value);
  };
  const initially = [element.initial_option, element.initial_options].flat().filter(Boolean);
  restore(initially.map((option) => option.value));
  return { element: select, box: select, value, kept: value, restore };
}

function ofPeople(element, { id, people }) {
  const options = people.map((person) => ({
    id: person.id,
    label: person.name,
    note: person.note,
    handle: person.handle,
  }));
  const initially = [element.initial_user, element.initial_users].flat().filter(Boolean);
  const find = async (typed) => options.filter(isCalled(typed.toLowerCase())).slice(0, MOST_SHOWN);
  return several(
    element,
    { id, least: 0, find },
    options.filter((option) => initially.includes(option.id)),
  );
}

function isCalled(typed) {
  return ({ handle, label }) =>
    [handle, ...label.toLowerCase().split(' ')].some((word) => word.startsWith(typed)) ||
    label.toLowerCase().startsWith(typed);
}

function ofTheApp(element, { id, suggest }) {
  const optionOf = ({ value, text, description }) => ({
    id: value,
    label: text.text,
    note: description?.text,
  });
  const initially = [element.initial_option, element.initial_options].flat().filter(Boolean);
  const find = async (typed) => (await suggest(element.action_id, typed)).map(optionOf);
  const least = element.min_query_length ?? LEAST_LETTERS;
  return several(element, { id, least, find }, initially.map(optionOf));
}

function several(element, { id, least, find }, initially) {
  const most = element.type.startsWith('multi_')
    ? (element.max_selected_items ?? Number.POSITIVE_INFINITY)
    : 1;
  const placeholder = element.placeholder?.text ?? 'Type a name';
  const select = createMultiSelect({ id, placeholder, most, least, find });
  select.choose(initially);
  const { box, value, chosen: kept, choose: restore } = select;
  return { element: select.element, box, value, kept, restore };
}
