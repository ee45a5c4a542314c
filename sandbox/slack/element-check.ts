import { isFields } from './json.ts';
import type { Fields } from './shapes.ts';
import {
  checkLength,
  checkList,
  checkNumber,
  checkPlainText,
  checkRequired,
  checkRequiredList,
  checkText,
  type Problems,
  problem,
} from './text-check.ts';

/** Limits of what stands in blocks (Slack docs, "Block elements", "Composition objects"; Slack's own type package). */
export const ELEMENT_LIMITS = {
  id: 255,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  options: 100,
  optionText: 75,
  optionValue: 75,
  optionDescription: 75,
  checkboxes: 10,
  overflow: 5,
  altText: 2_000,
  placeholder: 150,
  inputText: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

const ONE_OF = ['static', 'external', 'users', 'conversations', 'channels'].map((kind) => `${kind}_select`);
const SEVERAL_OF = ONE_OF.map((type) => `multi_${type}`);
const CHOICES = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker', ...ONE_OF];
const TYPED = ['plain_text_input', 'rich_text_input', 'email_text_input', 'url_text_input', 'number_input'];

/** Which elements a place takes (Slack docs, each element's "Works with block types"). */
const ALLOWED = {
  actions: new Set(['button', 'overflow', 'datetimepicker', 'workflow_button', ...CHOICES, ...SEVERAL_OF]),
  accessory: new Set(['button', 'image', 'overflow', 'workflow_button', ...CHOICES, ...SEVERAL_OF]),
  input: new Set(['datetimepicker', 'file_input', ...CHOICES, ...SEVERAL_OF, ...TYPED]),
} as const;

/** Where an element stands. */
export type ElementPlace = keyof typeof ALLOWED;

export function checkElement(element: unknown, place: ElementPlace, at: string): Problems {
  if (!isFields(element) || !ALLOWED[place].has(String(element.type)))
    return problem(`${at}/type`, 'unsupported type');
  return [
    ...checkLength(element.action_id, ELEMENT_LIMITS.id, `${at}/action_id`),
    ...checkKind(element, at),
    ...(element.placeholder === undefined
      ? []
      : checkPlainText(element.placeholder, ELEMENT_LIMITS.placeholder, `${at}/placeholder`)),
    ...(isFields(element.confirm) ? checkConfirm(element.confirm, `${at}/confirm`) : []),
  ];
}

function checkKind(element: Fields, at: string): Problems {
  switch (element.type) {
    case 'button':
      return checkButton(element, at);
    case 'image':
      return checkImage(element, at);
    case 'overflow':
      return checkOptions(element, ELEMENT_LIMITS.overflow, at);
    case 'checkboxes':
    case 'radio_buttons':
      return checkOptions(element, ELEMENT_LIMITS.checkboxes, at, checkText);
    case 'static_select':
    case 'multi_static_select':
      return [
        ...(element.option_groups === undefined ? checkOptions(element, ELEMENT_LIMITS.options, at) : []),
        ...checkMostSelected(element, at),
      ];
    case 'external_select':
    case 'multi_external_select':
      return [
        ...checkNumber(element.min_query_length, 0, Number.POSITIVE_INFINITY, `${at}/min_query_length`),
        ...checkList(element.initial_options, ELEMENT_LIMITS.options, `${at}/initial_options`, checkOption),
        ...checkMostSelected(element, at),
      ];
    case 'datetimepicker':
      // "A UNIX timestamp in seconds… exactly 10 digits" (Slack docs, "Datetime picker element").
      return checkNumber(element.initial_date_time, 1_000_000_000, 9_999_999_999, `${at}/initial_date_time`);
    case 'plain_text_input':
      return checkTextInput(element, at);
    default:
      return checkMostSelected(element, at);
  }
}

/** How many may be chosen, and that no more are at first. */
function checkMostSelected(element: Fields, at: string): Problems {
  const most = element.max_selected_items;
  const initially = element.initial_users ?? element.initial_options ?? element.initial_conversations;
  const tooMany = typeof most === 'number' && Array.isArray(initially) && initially.length > most;
  return [
    ...checkNumber(most, 1, Number.POSITIVE_INFINITY, `${at}/max_selected_items`),
    ...(tooMany ? problem(at, `no more than ${most} items can be selected`) : []),
  ];
}

function checkTextInput({ min_length, max_length, initial_value }: Fields, at: string): Problems {
  return [
    ...checkNumber(min_length, 0, ELEMENT_LIMITS.inputText, `${at}/min_length`),
    ...checkNumber(max_length, 1, ELEMENT_LIMITS.inputText, `${at}/max_length`),
    ...checkLength(initial_value, Number(max_length ?? ELEMENT_LIMITS.inputText), `${at}/initial_value`),
  ];
}

/** Options, and that those chosen at first are among them, alike in every field. */
function checkOptions(
  { options, initial_option, initial_options }: Fields,
  most: number,
  at: string,
  checkWords = checkPlainText,
): Problems {
  const there = new Set((Array.isArray(options) ? options : []).map(asWritten));
  const chosen = [initial_option, initial_options].flat().filter((option) => option !== undefined);
  return [
    ...checkRequiredList(options, most, `${at}/options`, (option, where) =>
      checkOption(option, where, checkWords),
    ),
    ...(chosen.every((option) => there.has(asWritten(option)))
      ? []
      : problem(at, 'initial options must be among the options')),
  ];
}

/** Texts differ by what they say, not by whether `emoji` is written out. */
function asWritten(option: unknown): string {
  const { text, value } = isFields(option) ? option : {};
  const { type, text: words } = isFields(text) ? text : {};
  return JSON.stringify([type, words, value]);
}

/** @param checkWords for the option's text: menus take plain text only */
export function checkOption(option: unknown, at: string, checkWords = checkPlainText): Problems {
  const { text, value, description } = isFields(option) ? option : {};
  return [
    ...checkWords(text, ELEMENT_LIMITS.optionText, `${at}/text`),
    ...checkRequired(value, ELEMENT_LIMITS.optionValue, `${at}/value`),
    ...(description === undefined
      ? []
      : checkWords(description, ELEMENT_LIMITS.optionDescription, `${at}/description`)),
  ];
}

function checkButton({ text, value, url, style }: Fields, at: string): Problems {
  const wrongStyle = style !== undefined && style !== 'primary' && style !== 'danger';
  return [
    ...checkPlainText(text, ELEMENT_LIMITS.buttonText, `${at}/text`),
    ...checkLength(value, ELEMENT_LIMITS.buttonValue, `${at}/value`),
    ...checkLength(url, ELEMENT_LIMITS.url, `${at}/url`),
    ...(wrongStyle ? problem(`${at}/style`, 'must be one of: primary, danger') : []),
  ];
}

function checkConfirm({ title, text, confirm, deny }: Fields, at: string): Problems {
  return [
    ...checkPlainText(title, ELEMENT_LIMITS.confirmTitle, `${at}/title`),
    ...checkText(text, ELEMENT_LIMITS.confirmText, `${at}/text`),
    ...checkPlainText(confirm, ELEMENT_LIMITS.confirmButton, `${at}/confirm`),
    ...checkPlainText(deny, ELEMENT_LIMITS.confirmButton, `${at}/deny`),
  ];
}

export function checkImage({ alt_text, image_url }: Fields, at: string): Problems {
  return [
    ...checkRequired(alt_text, ELEMENT_LIMITS.altText, `${at}/alt_text`),
    ...checkLength(image_url, ELEMENT_LIMITS.url, `${at}/image_url`),
  ];
}
