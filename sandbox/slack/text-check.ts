import { isFields } from './json.ts';

/** What is wrong, in the words of Slack's `response_metadata.messages`; nothing when all is well. */
export type Problems = readonly string[];

/** What every block and element is checked with. `at` is a JSON pointer, as in Slack's own words. */
export function problem(at: string, what: string): Problems {
  return [`[ERROR] ${what} [json-pointer:${at}]`];
}

/** A text object of the only type that titles, labels and buttons take. */
export function checkPlainText(text: unknown, most: number, at: string): Problems {
  if (isFields(text) && text.type !== 'plain_text') return problem(`${at}/type`, 'must be plain_text');
  return checkText(text, most, at);
}

export function checkText(text: unknown, most: number, at: string): Problems {
  if (!isFields(text)) return problem(at, 'must provide an object');
  if (text.type !== 'plain_text' && text.type !== 'mrkdwn') return problem(`${at}/type`, 'unsupported type');
  return checkRequired(text.text, most, `${at}/text`);
}

export function checkRequired(value: unknown, most: number, at: string): Problems {
  if (typeof value !== 'string') return problem(at, 'must provide a string');
  if (value.length === 0) return problem(at, 'must be more than 0 characters');
  return checkLength(value, most, at);
}

/** A text that may be left out. */
export function checkLength(value: unknown, most: number, at: string): Problems {
  if (value === undefined) return [];
  if (typeof value !== 'string') return problem(at, 'must be a string');
  return value.length > most ? problem(at, `must be less than ${most + 1} characters`) : [];
}

/** A whole number that may be left out. */
export function checkNumber(value: unknown, least: number, most: number, at: string): Problems {
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return problem(at, 'must be an integer');
  if (Number(value) < least) return problem(at, `must be ${least} or more`);
  return Number(value) > most ? problem(at, `must be ${most} or less`) : [];
}

export type CheckItem = (item: unknown, at: string) => Problems;

export function checkRequiredList(list: unknown, most: number, at: string, checkItem: CheckItem): Problems {
  if (!Array.isArray(list)) return problem(at, `missing required field: ${at.split('/').at(-1)}`);
  return checkList(list, most, at, checkItem);
}

/** A list that may be left out, but not be empty. */
export function checkList(list: unknown, most: number, at: string, checkItem: CheckItem): Problems {
  if (!Array.isArray(list)) return [];
  if (list.length === 0) return problem(at, 'no fewer than 1 items allowed');
  return [
    ...(list.length > most ? problem(at, `no more than ${most} items allowed`) : []),
    ...list.flatMap((item, index) => checkItem(item, `${at}/${index}`)),
  ];
}
