import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { composeOperator } from '../../src/compose-operator.ts';
import { createLogger } from '../../src/ops/log.ts';
import { words } from '../../src/slack/words.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import {
  command,
  decidable,
  hasButtons,
  longTest,
  notes,
  patience,
  press,
  reply,
  rootOf,
  told,
  wordsOf,
} from './seen.ts';
import type { Name } from './world.ts';

let bridge: RunningBridge;
let operator: Awaited<ReturnType<typeof composeOperator>>;
beforeAll(async () => {
  bridge = await startBridge();
  const { config, namespace } = bridge;
  operator = await composeOperator(config, createLogger('silent', 'operate'), { namespace });
});
afterAll(async () => {
  await operator?.stop();
  await bridge?.close();
});
afterEach(async () => {
  allow();
  await linesOf(operator.decide('discard', 'all'));
});

const VETO = 'unwanted';
function allow(): void {
  bridge.salesforce.switches.vetoText = null;
}
/** Messages that an admin's rule refuses, until `allow` is called; one after the other. */
async function refused(texts: readonly string[], writer: Name = 'ada'): Promise<void> {
  bridge.salesforce.switches.vetoText = 'Not now.';
  bridge.salesforce.switches.vetoWhenContains = VETO;
  for (const text of texts) {
    await command(bridge, `${writer === 'grace' ? '@alan' : '@grace'} ${text}`, writer);
    await expect.poll(() => notes(bridge, text, writer).some(hasButtons), patience).toBe(true);
  }
}
const wordsAbout = (text: string): string => notes(bridge, text).map(wordsOf).join('\n');
const arrivedSince = (count: number): string[] => bridge.texts().slice(count);
async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
/** The list as `/chatter-dm failed` last showed it, or as a press in it has changed it. */
const listOf = (name: Name = 'ada') => {
  const list = bridge.slack
    .ephemeralsOf(name === 'ada' ? 'U0ADA' : 'U0GRACE')
    .findLast(({ blocks }) => blocks?.length);
  if (!list) throw new Error('there is no list');
  return list;
};
const buttonsIn = (list: ReturnType<typeof listOf>): string[] =>
  (list.blocks ?? [])
    .flatMap(({ elements }) => (elements as { value?: string }[] | undefined) ?? [])
    .flatMap(({ value }) => (value === undefined ? [] : [value]));
const LATE = /^\(sent \d\d:\d\d( UTC)?\) /;

describe('a failed message', longTest, () => {
  it('says until when it can be tried again, and offers no more than itself while it is the only one', async () => {
    await refused([`${VETO} alone`]);
    expect(wordsAbout('alone')).toMatch(
      /Kept for Retry until <!date\^\d+\^[^|]+\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>/,
    );
    expect(wordsAbout('alone')).not.toContain('all (');
  });

  it('that is not the only one offers to try all again: they go in their old order, with their time', async () => {
    const texts = ['one', 'two', 'three'].map((text) => `${VETO} all ${text}`);
    await refused(texts);
    expect(wordsAbout('all three')).toMatch(/Retry all \(3\)[\s\S]*Discard all \(3\)/);
    const before = bridge.texts().length;
    allow();
    await press(bridge, 'all three', 'retry_all_deliveries');
    await expect.poll(() => arrivedSince(before), patience).toHaveLength(3);
    expect(arrivedSince(before).map((text) => text.replace(LATE, ''))).toEqual(texts);
    expect(arrivedSince(before).every((text) => LATE.test(text))).toBe(true);
    await expect.poll(() => told(bridge), patience).toContain('Trying again: 3 messages.');
    await expect.poll(() => notes(bridge, `${VETO} all`).some(hasButtons), patience).toBe(false);
  });

  it('that fails later is not meant by a button that was shown before', async () => {
    await refused([`${VETO} early one`, `${VETO} early two`]);
    const shown = structuredClone(decidable(bridge, 'early two'));
    await refused([`${VETO} later`]);
    await bridge.slack.press('U0ADA', shown, 'discard_all_deliveries');
    await expect.poll(() => wordsAbout('early'), patience).toMatch(/Discarded[\s\S]*Discarded/);
    expect(notes(bridge, 'later').some(hasButtons)).toBe(true);
    const answers = () => told(bridge).filter((text) => text === words.outdated).length;
    const before = answers();
    await bridge.slack.press('U0ADA', shown, 'discard_all_deliveries');
    await expect.poll(answers, patience).toBe(before + 1);
    expect(notes(bridge, 'later').some(hasButtons)).toBe(true);
  });

  it('is asked about before all are discarded', async () => {
    await refused([`${VETO} asked one`, `${VETO} asked two`]);
    expect(JSON.stringify(decidable(bridge, 'asked two').blocks)).toMatch(/"confirm":\{"title"/);
  });
});

describe('/chatter-dm failed', longTest, () => {
  it('says so when there is nothing', async () => {
    expect(await command(bridge, 'failed')).toBe(words.nothingFailed);
  });

  it('lists them to their writer alone, with reason, text, people, times and buttons', async () => {
    await refused([`${VETO} listed one`, `${VETO} listed two`]);
    await command(bridge, 'failed');
    const shown = wordsOf(listOf());
    expect(shown).toMatch(
      /2 messages[\s\S]*Not sent\* to Grace Hopper[\s\S]*Not now[\s\S]*listed one[\s\S]*listed two/,
    );
    expect(shown).toMatch(/written <!date[\s\S]*kept until <!date/);
    expect(shown).toMatch(/Retry[\s\S]*Discard[\s\S]*Retry all \(2\)/);
    await command(bridge, 'failed', 'grace');
    expect(wordsOf(listOf('grace'))).toBe(words.nothingFailed);
  });

  it('shows what is left after each press, and does nothing for a press that is out of date', async () => {
    await refused([`${VETO} pressed one`, `${VETO} pressed two`]);
    await command(bridge, 'failed');
    const before = bridge.texts().length;
    const [old] = buttonsIn(listOf());
    allow();
    await bridge.slack.press('U0ADA', listOf(), 'retry_delivery');
    await expect.poll(() => arrivedSince(before).join(), patience).toMatch(/pressed one$/);
    await expect.poll(() => wordsOf(listOf()), patience).toMatch(/^Trying it again\.\n\*1 message for/);
    expect(wordsOf(listOf())).not.toContain('pressed one');
    await bridge.slack.press('U0ADA', listOf(), 'retry_delivery', { value: old });
    await expect.poll(() => wordsOf(listOf()), patience).toContain(words.outdated);
    await bridge.slack.press('U0ADA', listOf(), 'discard_delivery');
    await expect.poll(() => wordsOf(listOf()), patience).toContain(words.nothingFailed);
    expect(arrivedSince(before)).toHaveLength(1);
  });

  it('knows whom a reply was for', async () => {
    await command(bridge, '@alan a thread to fail in');
    await expect.poll(() => notes(bridge, 'a thread to fail in'), patience).toHaveLength(1);
    bridge.salesforce.switches.vetoText = 'Not now.';
    bridge.salesforce.switches.vetoWhenContains = VETO;
    reply(bridge, rootOf(bridge, 'a thread to fail in'), `${VETO} reply`);
    await expect.poll(() => notes(bridge, `${VETO} reply`).some(hasButtons), patience).toBe(true);
    await command(bridge, 'failed');
    expect(wordsOf(listOf())).toContain('*Not sent* to Alan Turing');
    const [line] = await linesOf(operator.failed());
    expect(line).toContain('T0CORP-');
    expect(line).not.toContain('no thread');
  });

  it('lets nobody decide about what others wrote', async () => {
    await refused([`${VETO} of ada one`, `${VETO} of ada two`]);
    await command(bridge, 'failed');
    const list = { ...listOf() };
    await bridge.slack.press('U0GRACE', list, 'discard_all_deliveries');
    await bridge.slack.press('U0GRACE', list, 'discard_delivery');
    expect(await linesOf(operator.failed())).toHaveLength(3);
  });
});

describe('the operator', longTest, () => {
  it('sees what failed, a line each, without texts or names', async () => {
    expect(await linesOf(operator.failed())).toEqual(['nothing has failed']);
    await refused([`${VETO} seen`]);
    const [line, sum] = await linesOf(operator.failed());
    expect(line).toMatch(
      /^cmd-T0CORP-U0ADA-\S+ {2}\S+ {2}T0CORP-U0ADA {2}no thread {2}0 min old {2}kept until \d{4}-\d\d-\d\dT[\d:.]+Z$/,
    );
    expect(line).not.toMatch(/seen|Grace|Not now/);
    expect(sum).toBe('1 failed or undecided');
  });

  it('tries all again, of everybody, in their old order; twice does nothing more', async () => {
    await refused([`${VETO} 1`], 'alan');
    await refused([`${VETO} 2`], 'ada');
    await refused([`${VETO} 3`], 'alan');
    const before = bridge.texts().length;
    allow();
    expect(await linesOf(operator.decide('retry', 'all'))).toEqual(['3 of 3 tried again']);
    await expect.poll(() => arrivedSince(before), patience).toHaveLength(3);
    const ofAlan = arrivedSince(before).filter((text) => /[13]$/.test(text));
    expect(ofAlan.map((text) => text.replace(LATE, ''))).toEqual([`${VETO} 1`, `${VETO} 3`]);
    expect(await linesOf(operator.decide('retry', 'all'))).toEqual(['0 of 0 tried again']);
  });

  it('decides about one by its id, and says why not when it cannot', async () => {
    await refused([`${VETO} by id`, `${VETO} other`]);
    const [first = ''] = await linesOf(operator.failed());
    const [id = ''] = first.split('  ');
    expect(await linesOf(operator.decide('discard', id))).toEqual(['1 of 1 discarded']);
    expect(await linesOf(operator.decide('discard', id))).toEqual([
      `not done: ${id}: nothing can be decided about it (any more)`,
    ]);
    expect(await linesOf(operator.decide('retry', 'msg-nobody'))).toEqual([
      'not done: msg-nobody: no such message is stored',
    ]);
    await expect.poll(() => wordsAbout('by id'), patience).toContain('Discarded');
    expect(notes(bridge, `${VETO} other`).some(hasButtons)).toBe(true);
  });
});

describe('npm run operate', longTest, () => {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const run = promisify(execFile);
  const operate = async (...args: string[]) => {
    try {
      const { stdout } = await run(process.execPath, ['--import', 'tsx', 'src/operate.ts', ...args], {
        cwd: project,
        env: { ...process.env, ...bridge.env },
      });
      return { code: 0, said: stdout.trim() };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, said: stderr };
    }
  };

  it('does what it is told, and gives usage for anything else', async () => {
    expect(await operate('failed')).toEqual({ code: 0, said: 'nothing has failed' });
    expect(await operate('discard', 'all')).toEqual({ code: 0, said: '0 of 0 discarded' });
    for (const wrong of [[], ['failing'], ['retry'], ['retry', 'a', 'b'], ['failed', 'all']]) {
      expect(await operate(...wrong)).toMatchObject({
        code: 2,
        said: expect.stringMatching(/^Usage[\s\S]*retry <id>\|all/),
      });
    }
  });
});

describe('a message that may have arrived', longTest, () => {
  it('is listed when it was looked for long enough, and goes again at a word about just this one', async () => {
    const quick = await startBridge({
      timing: { slowLookMs: { first: 50, most: 50, forMs: 100 }, holdMs: 400 },
    });
    const { config, namespace } = quick;
    const desk = await composeOperator(config, createLogger('silent', 'operate'), { namespace });
    onTestFinished(async () => {
      await desk.stop();
      await quick.close();
    });
    quick.salesforce.faults.arm({ do: 'hang', afterMs: 60_000, commit: false, kind: 'post' });
    await command(quick, '@grace silence');
    await expect.poll(() => linesOf(desk.failed()), patience).toHaveLength(2);
    const [line = ''] = await linesOf(desk.failed());
    expect(line).toContain('  unconfirmed  T0CORP-U0ADA  ');
    const [id = ''] = line.split('  ');
    expect(await linesOf(desk.decide('retry', 'all'))).toEqual([
      `not done: ${id}: it may have arrived: decide it by its id`,
      '0 of 1 tried again',
    ]);
    await command(quick, 'failed');
    const list = quick.slack.ephemeralsOf('U0ADA').findLast(({ blocks }) => blocks?.length);
    expect(list && wordsOf(list)).toMatch(
      /Not confirmed\* to Grace Hopper[\s\S]*may make it arrive twice[\s\S]*Send again/,
    );
    expect(await linesOf(desk.decide('retry', id))).toEqual(['1 of 1 tried again']);
    await expect.poll(() => quick.texts().length, patience).toBe(1);
    await expect.poll(() => linesOf(desk.failed()), patience).toEqual(['nothing has failed']);
  });
});
