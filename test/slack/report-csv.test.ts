import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonOutcome, Report } from '../../src/bridge/notification.ts';
import type { ChatPersonId, NotificationId } from '../../src/bridge/people.ts';
import { reportCsv } from '../../src/slack/report-csv.ts';

const report = (people: readonly PersonOutcome[], change: Partial<Report> = {}): Report => ({
  id: 'n1' as NotificationId,
  by: 'T1-U1' as ChatPersonId,
  createdAtMs: 0,
  state: 'done',
  people,
  leftOut: [],
  ...change,
});

describe('the CSV of a report', () => {
  it('has a line for everybody, who was left out as well', () => {
    const csv = reportCsv(
      report(
        [
          { name: 'Ada', email: 'ada@corp.com', outcome: 'delivered' },
          {
            name: 'Kurt',
            email: 'kurt@corp.com',
            outcome: 'failed',
            code: 'vetoed',
            sentence: 'It says: “No, never”',
          },
          { name: 'Joan', email: 'joan@corp.com', outcome: 'uncertain' },
          { name: 'Ida', email: 'ida@corp.com', outcome: 'waiting' },
          { name: 'Mary', email: 'mary@corp.com', outcome: 'stopped' },
        ],
        { leftOut: [{ name: 'Charles', why: 'guest' }] },
      ),
    );
    expect(csv).toBe(
      [
        'name,e-mail,outcome,reason',
        'Ada,ada@corp.com,delivered,',
        'Kurt,kurt@corp.com,failed,"It says: “No, never”"',
        'Joan,joan@corp.com,not confirmed,Not confirmed: it may have arrived',
        'Ida,ida@corp.com,waiting,',
        'Mary,mary@corp.com,stopped,Stopped before it was sent',
        'Charles,,left out,Guests in Slack',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['Grace "Amazing" Hopper', '"Grace ""Amazing"" Hopper"'],
    ['a\nb', '"a\nb"'],
    ['Zoë', 'Zoë'],
  ])('writes %j so that no program takes it for something else', (name, written) => {
    const csv = reportCsv(report([{ name, email: 'x', outcome: 'delivered' }]));
    expect(csv.slice(csv.indexOf('\r\n') + 2)).toBe(`${written},x,delivered,\r\n`);
    expect(csv.charCodeAt(0)).not.toBe(0xfeff);
  });

  it('can be read again, whatever is in it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '@', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word)), (people) => {
        const csv = reportCsv(report(people.map(([name, email]) => ({ name, email, outcome: 'delivered' }))));
        const read = parse(csv)
          .slice(1)
          .map(([name = '', email = '']) => [name, email]);
        const bare = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r\n])/, '');
        expect(read.map((cells) => cells.map(bare))).toEqual(people);
      }),
    );
  });
});

/** RFC 4180, read by its grammar. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let row: string[] = []; cell.lastIndex < csv.length; ) {
    const [, quoted, plain = '', end] = cell.exec(csv) ?? [];
    if (end === undefined) throw new Error('not CSV');
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
