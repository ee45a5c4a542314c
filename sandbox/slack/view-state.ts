import { isFields } from './json.ts';
import type { Fields, View } from './shapes.ts';

/** What a person has filled in, by block id: text, one choice, or several. What is not there stays as it was at first. */
export type FilledIn = Readonly<Record<string, string | readonly string[]>>;

/** Options that the app has offered while somebody typed, by action id and value. */
export type Offered = (actionId: string, value: string) => Fields | undefined;

/** Slack's own words under a field that may not be left empty. */
export const REQUIRED = 'Please complete this required field.';

/**
 * Slack's `state.values`: by block id, then action id, in the shape of the element's kind. Buttons have no state.
 * @throws when something is filled in that nobody could: a mistake of the test, not of the app.
 */
export function stateValues(blocks: readonly Fields[], filledIn: FilledIn, offered: Offered): Fields {
  const values: Record<string, Fields> = {};
  for (const { block, element } of statefulIn(blocks)) {
    const id = String(block.block_id);
    const value = filledIn[id] ?? initially(element);
    values[id] = { ...values[id], [String(element.action_id)]: elementState(element, value, offered) };
  }
  return values;
}

/** The fields that Slack does not let go like this, by block id: those left empty that may not be. */
export function leftEmpty(view: View, values: Fields): Record<string, string> {
  const isEmpty = (state: unknown) =>
    !isFields(state) ||
    Object.entries(state).every(
      ([key, value]) => key === 'type' || value === null || (Array.isArray(value) && value.length === 0),
    );
  const empty = view.blocks.filter((block) => {
    const state = values[String(block.block_id)];
    return block.type === 'input' && block.optional !== true && Object.values(state ?? {}).every(isEmpty);
  });
  return Object.fromEntries(empty.map(({ block_id }) => [String(block_id), REQUIRED]));
}

/** The elements that keep what a person does with them, each with the block that it is in. */
function statefulIn(blocks: readonly Fields[]): { block: Fields; element: Fields }[] {
  return blocks.flatMap((block) => {
    const elements = Array.isArray(block.elements) ? block.elements : [block.element, block.accessory];
    return elements
      .filter(isFields)
      .filter(({ type }) => String(type) in STATES)
      .map((element) => ({ block, element }));
  });
}

type StateOf = (element: Fields, chosen: readonly string[], offered: Offered) => Fields;

const text: StateOf = (element, [value = '']) => {
  const most = Number(element.max_length ?? Number.POSITIVE_INFINITY);
  if (value.length > most) throw new Error(`nobody can type more than ${most} characters there`);
  return { value: value === '' ? null : value };
};

const one =
  (key: string): StateOf =>
  (_element, [value]) => ({ [key]: value ?? null });

const several =
  (key: string): StateOf =>
  (element, chosen) => ({ [key]: noMoreThanAllowed(element, chosen) });

const oneOption: StateOf = (element, [value], offered) => ({
  selected_option: value === undefined ? null : optionOf(element, value, offered),
});

const severalOptions: StateOf = (element, chosen, offered) => ({
  selected_options: noMoreThanAllowed(element, chosen).map((value) => optionOf(element, value, offered)),
});

const STATES: Readonly<Record<string, StateOf>> = {
  checkboxes: severalOptions,
  radio_buttons: oneOption,
  static_select: oneOption,
  external_select: oneOption,
  multi_static_select: severalOptions,
  multi_external_select: severalOptions,
  users_select: one('selected_user'),
  conversations_select: one('selected_conversation'),
  channels_select: one('selected_channel'),
  multi_users_select: several('selected_users'),
  multi_conversations_select: several('selected_conversations'),
  multi_channels_select: several('selected_channels'),
  datepicker: one('selected_date'),
  datetimepicker: (_element, [value]) => ({ selected_date_time: value === undefined ? null : Number(value) }),
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
};

function elementState(element: Fields, value: string | readonly string[], offered: Offered): Fields {
  const type = String(element.type);
  const chosen = [value].flat().filter((each) => each !== '');
  return { type, ...STATES[type]?.(element, chosen, offered) };
}

/** What an element shows before anybody has touched it. */
function initially(element: Fields): string | readonly string[] {
  const options = [element.initial_option, element.initial_options].flat().filter(isFields);
  if (options.length > 0) return options.map(({ value }) => String(value));
  const ids = element.initial_users ?? element.initial_conversations ?? element.initial_channels;
  if (Array.isArray(ids)) return ids.map(String);
  const single =
    element.initial_value ??
    element.initial_user ??
    element.initial_conversation ??
    element.initial_channel ??
    element.initial_date;
  if (typeof element.initial_date_time === 'number') return String(element.initial_date_time);
  return typeof single === 'string' ? single : [];
}

function noMoreThanAllowed(element: Fields, chosen: readonly string[]): readonly string[] {
  const most = Number(element.max_selected_items ?? Number.POSITIVE_INFINITY);
  if (chosen.length > most) throw new Error(`nobody can choose more than ${most} there`);
  return chosen;
}

/**
 * The option as the app gave it. One of an app's menu that was never offered is made up: an app must also stand what
 * a forged request says.
 */
function optionOf(element: Fields, value: string, offered: Offered): Fields {
  const here = [element.options, element.initial_options, element.initial_option].flat().filter(isFields);
  const option = here.find((each) => each.value === value) ?? offered(String(element.action_id), value);
  if (option) return { ...option, text: withEmoji(option.text) };
  if (!String(element.type).includes('external')) throw new Error(`there is no option ${value} to choose`);
  return { text: withEmoji({ type: 'plain_text', text: value }), value };
}

/** Slack writes out what it takes for granted in plain text. */
function withEmoji(object: unknown): unknown {
  return isFields(object) && object.type === 'plain_text' ? { emoji: true, ...object } : object;
}
