import type { Outcome, Report } from '../bridge/notification.ts';
import { GROUPS, groupOf } from './report-groups.ts';

const HEAD = ['name', 'e-mail', 'outcome', 'reason'];

const SAID: Readonly<Record<Outcome, string>> = {
  delivered: 'delivered',
  waiting: 'waiting',
  failed: 'failed',
  uncertain: 'not confirmed',
  stopped: 'stopped',
};

/** What became of a notification for each, as CSV (RFC 4180): UTF-8 without a mark at its beginning. */
export function reportCsv({ people, leftOut, state }: Report): string {
  const told = people.map((person) => {
    const { name, email, outcome, sentence } = person;
    const group = groupOf(person, state === 'stopped');
    return [name, email, SAID[outcome], sentence ?? (group ? GROUPS[group].says : '')];
  });
  const others = leftOut.map(({ name, email = '', why }) => [name, email, 'left out', GROUPS[why].says]);
  return [HEAD, ...told, ...others].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What a spreadsheet takes for the beginning of a formula, behind a tab or a line break, too (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** An apostrophe in front makes text of a formula. */
function cell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
