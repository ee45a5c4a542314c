import { beforeEach, describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import { type Answer, type Excuse, Ledger, type Word } from './ledger.ts';

let ledger: Ledger;
let nowMs: number;
beforeEach(() => {
  ledger = new Ledger();
  nowMs = 1_000;
});

function tick(): number {
  nowMs += 10;
  return nowMs;
}

/** Somebody types a command; each takes its time. */
function wrote(id: string, answer: Answer = 'acknowledged', lane = 'lane-0', ackMs?: number): void {
  const startMs = tick();
  const written = {
    id,
    lane,
    author: 'U0ADA',
    kind: 'command' as const,
    delivery: '',
    startMs,
    endMs: startMs + 5,
    answer: 'pending' as Answer,
  };
  ledger.wrote(written);
  ledger.answered(written, answer, ackMs ?? written.endMs);
}

const arrived = (text: string, byHand = false): void => ledger.arrived(text, tick(), byHand);
const told = (id: string, ...words: Word[]): void => {
  for (const word of words) ledger.told(id, word, tick());
};
const excused = (id: string, excuse: Excuse) => ledger.story(id).excuses.add(excuse);

function verdict(expectShown = false, standstills: { fromMs: number; toMs: number }[] = []) {
  const { findings, counted } = judge(ledger.stories.values(), { expectShown, standstills });
  return {
    findings: findings.map(({ what, id }) => `${what} ${id}`),
    counted: Object.fromEntries([...counted].filter(([, count]) => count > 0)),
  };
}

const clean = { findings: [], counted: {} };

describe('the judge', () => {
  it('has nothing to say about what arrived once and in order', () => {
    for (const id of ['m00001', 'm00002', 'm00003']) wrote(id);
    for (const id of ['m00001', 'm00002', 'm00003']) arrived(`${id} lunch?`);
    expect(verdict()).toEqual(clean);
    expect(ledger.open.size).toBe(0);
  });

  it('finds what was acknowledged and never arrived', () => {
    wrote('m00001');
    expect([...ledger.open]).toEqual(['m00001']);
    expect(verdict().findings).toEqual(['lost m00001']);
  });

  it('misses a single part of a long text', () => {
    wrote('m00001');
    arrived('(1/3) m00001w0 m00001w1');
    arrived('(3/3) m00001w8');
    expect(verdict().findings).toEqual(['lost m00001']);
    arrived('(2/3) m00001w4');
    expect(verdict().findings).toEqual([]);
  });

  it('finds what arrived twice', () => {
    wrote('m00001');
    arrived('m00001 lunch?');
    arrived('m00001 lunch?');
    expect(verdict().findings).toEqual(['doubled m00001']);
  });

  it('finds it too when it was said: being told is no excuse by itself', () => {
    wrote('m00001');
    arrived('m00001 lunch?');
    arrived('m00001 lunch?');
    told('m00001', 'arrived-twice');
    expect(verdict().findings).toEqual(['doubled m00001']);
  });

  it('counts it apart when Salesforce stored it after the last look and its writer was told, only then', () => {
    wrote('m00001');
    arrived('m00001 lunch?');
    arrived('m00001 lunch?');
    excused('m00001', 'late-commit');
    expect(verdict().findings).toEqual(['not said m00001']);
    told('m00001', 'arrived-twice');
    expect(verdict()).toEqual({ findings: [], counted: { 'arrived twice': 1 } });
  });

  it('wants two of what was written twice, no more and no less', () => {
    wrote('m00001');
    wrote('m00001');
    arrived('m00001 lunch?');
    expect(verdict().findings).toEqual(['lost m00001']);
    arrived('m00001 lunch?');
    expect(verdict()).toEqual(clean);
    arrived('m00001 lunch?');
    expect(verdict().findings).toEqual(['doubled m00001']);
  });

  it('finds what overtook another one of its lane', () => {
    for (const id of ['m00001', 'm00002']) wrote(id);
    for (const id of ['m00002', 'm00001']) arrived(`${id} lunch?`);
    expect(verdict().findings).toEqual(['out of order m00001']);
  });

  it('does not compare lanes', () => {
    wrote('m00001');
    wrote('m00002', 'acknowledged', 'lane-1');
    for (const id of ['m00002', 'm00001']) arrived(`${id} lunch?`);
    expect(verdict()).toEqual(clean);
  });

  it('counts what Slack brought after its successor, when it carries its time', () => {
    wrote('m00001', 'acknowledged', 'lane-0', 9_000);
    wrote('m00002');
    arrived('m00002 lunch?');
    arrived('(sent 10:42) m00001 lunch?');
    expect(verdict()).toEqual({ findings: [], counted: { 'late, with its time': 1 } });
  });

  it('takes no time on a message for an excuse when nothing was late', () => {
    for (const id of ['m00001', 'm00002']) wrote(id);
    arrived('m00002 lunch?');
    arrived('(sent 10:42) m00001 lunch?');
    expect(verdict().findings).toEqual(['out of order m00001']);
  });

  it('finds a part that got between the parts of another one', () => {
    for (const id of ['m00001', 'm00002']) wrote(id);
    arrived('(1/2) m00001w0');
    arrived('m00002 lunch?');
    arrived('(2/2) m00001w1');
    expect(verdict().findings).toEqual(['out of order m00001']);
  });

  it('finds what arrived though it was said that nothing was sent', () => {
    wrote('m00001', 'nothing-sent');
    expect(verdict().findings).toEqual([]);
    arrived('m00001 lunch?');
    expect(verdict().findings).toEqual(['refused yet arrived m00001']);
  });

  it('lets what nobody was sure of arrive once or not at all', () => {
    wrote('m00001', 'unsure');
    wrote('m00002', 'none');
    expect(verdict().findings).toEqual([]);
    arrived('m00001 lunch?');
    arrived('m00002 lunch?');
    expect(verdict().findings).toEqual([]);
    arrived('m00002 lunch?');
    expect(verdict().findings).toEqual(['doubled m00002']);
  });

  it('counts what is uncertain, and wants a word when it turns up', () => {
    wrote('m00001');
    told('m00001', 'not-confirmed');
    expect(verdict()).toEqual({ findings: [], counted: { uncertain: 1 } });
    arrived('m00001 lunch?');
    expect(verdict().findings).toEqual(['not said m00001']);
    told('m00001', 'sent-after-all');
    expect(verdict()).toEqual({ findings: [], counted: { 'sent after all': 1 } });
  });

  it('counts the same words typed by hand, and does not take them for a copy', () => {
    wrote('m00001');
    arrived('m00001 lunch?', true);
    excused('m00001', 'by-hand');
    expect(verdict()).toEqual({ findings: [], counted: { 'taken for typed by hand': 1 } });
    arrived('m00001 lunch?');
    expect(verdict()).toEqual(clean);
  });

  it('wants each shown to its writer once', () => {
    wrote('m00001');
    arrived('m00001 lunch?');
    expect(verdict(true).findings).toEqual(['not shown m00001']);
    told('m00001', 'shown');
    expect(verdict(true)).toEqual(clean);
    told('m00001', 'shown');
    expect(verdict(true).findings).toEqual(['shown twice m00001']);
    // A worker that stood still in those moments may have said it once more; one that did so later may not.
    expect(verdict(true, [{ fromMs: nowMs + 1, toMs: nowMs + 5_000 }]).findings).toHaveLength(1);
    const counted = { 'shown twice after a standstill': 1 };
    expect(verdict(true, [{ fromMs: 0, toMs: nowMs }])).toEqual({ findings: [], counted });
  });
});
