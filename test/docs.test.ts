import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Delivery, type DeliveryEvent, type Effect, newDelivery } from '../src/bridge/delivery.ts';
import { next } from '../src/bridge/next.ts';
import type { ChatPersonId, DeliveryId, LaneKey } from '../src/bridge/people.ts';
import { INBOUND_STEPS, MIRROR_STEPS, OUTBOX_STEPS, WEB_STEPS, WORKER_STEPS } from '../src/bridge/steps.ts';
import { timing } from '../src/bridge/timing.ts';
import { isWatched } from '../src/bridge/watch.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { COSTS } from '../src/store/durability.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const readme = read('README.md');
const protocol = read('docs/delivery.md');
const example = read('.env.example');

/** Cells of the table's rows below a heading, without its head. */
function tableUnder(text: string, heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function anyPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const plain = (cell = ''): string => /^`([^`]*)`$/.exec(cell)?.[1] ?? '';

describe('the two commands', () => {
  const blocks = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

  it.each(['npm ci && npm run sandbox', 'npm ci && npm test'])('%s is enough by itself', (command) => {
    expect(blocks.filter((code) => code === `${command}\n`)).toHaveLength(1);
    expect(readme.split(command)).toHaveLength(2);
  });

  it('are what the check of every change runs', () => {
    expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm ci && npm test');
  });

  it('and every other one that is named are scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name = '']) => name);
    expect([...new Set(named)].filter((name) => name !== 'ci' && scripts[name] === undefined)).toEqual([]);
  });
});

describe('the settings', () => {
  const table = tableUnder(readme, 'Settings').map(([name, , fallback]) => [plain(name), plain(fallback)]);
  const values = new Map(
    [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

  it('that config.ts asks for are in the README and in .env.example, and no others', () => {
    const asked = new Set<string>();
    const env = new Proxy({}, { get: (_, name) => void asked.add(String(name)) });
    expect(() => readConfig(env)).toThrow(ConfigError);
    const names = [...asked].sort();
    expect(table.map(([name]) => name).sort()).toEqual(names);
    expect([...values.keys()].sort()).toEqual(names);
  });

  it('have the same defaults in the README, in .env.example and in config.ts', () => {
    const given = Object.fromEntries(values);
    const filled = {
      REDIS_URL: given.REDIS_URL,
      ENCRYPTION_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'secret',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_PRIVATE_KEY: anyPrivateKey(),
      SALESFORCE_USERNAME: 'bridge@example.com',
    };
    expect(readConfig({ ...given, ...filled })).toEqual(readConfig(filled));
    const stated = table.filter(([, fallback]) => fallback !== '');
    expect(stated.length).toBeGreaterThan(8);
    expect(stated).toEqual(stated.map(([name = '']) => [name, values.get(name)]));
  });

  it('are each explained in .env.example', () => {
    const unexplained = [...values.keys()].filter((name) => !new RegExp(`^#.*\n${name}=`, 'm').test(example));
    expect(unexplained).toEqual([]);
  });
});

describe('a weaker Redis', () => {
  it('costs what the README says, word for word', () => {
    const told = readme.replaceAll('\n', ' ');
    expect(Object.values(COSTS).filter((cost) => !told.includes(`| ${cost} |`))).toEqual([]);
  });
});

describe('where things are', () => {
  const named = tableUnder(readme, 'How it is built').map(([folder]) => plain(folder));

  it('names every folder of src, and none that is not there', () => {
    const folders = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).replace(`${root}/`, ''));
    const inSrc = named.filter((folder) => folder.startsWith('src/'));
    expect(inSrc.sort()).toEqual(['src', ...folders].map((folder) => `${folder}/`).sort());
    expect(named.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  });
});

describe('the delivery protocol', () => {
  it('names every step at which a process may die, and no others', () => {
    const steps: string[] = [
      ...WEB_STEPS,
      ...WORKER_STEPS,
      ...INBOUND_STEPS,
      ...OUTBOX_STEPS,
      ...MIRROR_STEPS,
    ];
    const cells = tableUnder(protocol, 'Where a process may die').map(([cell = '']) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual(steps.sort());
  });

  it('tells every counterexample that a test is named after', () => {
    const tested = read('test/bridge/counterexamples.test.ts').matchAll(/it\('([A-Z]\d+):/g);
    const told = tableUnder(protocol, 'Counterexamples that shaped it').map(([letters]) => letters);
    expect([...tested].map(([, letters]) => letters).filter((letters) => !told.includes(letters))).toEqual(
      [],
    );
  });

  it('names tests that are there', () => {
    const cells = tableUnder(protocol, 'If you change it').map(([, cell = '']) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('has a row for every transition that the machine can make, and no others', { timeout: 90_000 }, () => {
    expect(statedTransitions()).toEqual(possibleTransitions());
  });
});

/** What is stored with each transition: `from event to` → effects in any of its cases, sorted. */
type Transitions = Record<string, string[]>;

const sorted = (made: ReadonlyMap<string, ReadonlySet<string>>): Transitions =>
  Object.fromEntries([...made].sort().map(([key, effects]) => [key, [...effects].sort()]));

function statedTransitions(): Transitions {
  const stated = new Map<string, Set<string>>();
  for (const [from = '', events = '', to = '', stored = ''] of tableUnder(protocol, 'Transitions')) {
    const effects = stored === '–' ? [] : stored.replace(/[()]/g, '').split(/, | or /);
    for (const before of from.split(', ')) {
      const after = to === '(itself)' ? before : to;
      for (const event of events.split(', ')) stated.set(`${before} ${event} ${after}`, new Set(effects));
    }
  }
  return sorted(stated);
}

/** Everything that the machine does, from every state that it can get into. */
function possibleTransitions(): Transitions {
  // Two looks and two POSTs instead of several, so that the states are few.
  const short = {
    ...timing,
    lookAfterMs: { broken: [2_000, 5_000], silent: [2_000, 5_000] },
    watchEveryMs: [2_000, 5_000],
    mostPosts: 2,
  };
  const seen = new Set<string>();
  const made = new Map<string, Set<string>>();
  const open: Delivery[] = firstDeliveries();
  for (let d = open.pop(); d; d = open.pop()) {
    for (const event of possibleEvents) {
      const { delivery, effects } = next(d, event, short);
      if (delivery === d && effects.length === 0) continue;
      const key = `${d.phase} ${event.type} ${delivery.phase}`;
      made.set(key, new Set([...(made.get(key) ?? []), ...effects.map(nameOf)]));
      const state = essence(delivery);
      if (delivery.posts <= 3 && !seen.has(state)) open.push(delivery);
      seen.add(state);
    }
  }
  return sorted(made);
}

const nameOf = (effect: Effect): string => (effect.do === 'tell' ? `tell ${effect.what}` : effect.do);

function firstDeliveries(): Delivery[] {
  const kinds = [
    { to: 'chatter', repeatable: false },
    { to: 'chat', repeatable: false },
    { to: 'chat', repeatable: true },
  ] as const;
  return kinds.flatMap((kind) =>
    [1, 2].map((parts) => ({
      ...newDelivery({
        ...kind,
        id: 'd' as DeliveryId,
        lane: 'l' as LaneKey,
        author: 'p' as ChatPersonId,
        order: 0,
        takenAtMs: 0,
      }),
      parts,
    })),
  );
}

const SOON_MS = 1_000;
/** When there is no more patience for anything. */
const LATE_MS = 25 * 60 * 60 * 1_000;

const possibleEvents: DeliveryEvent[] = [SOON_MS, LATE_MS].flatMap((atMs): DeliveryEvent[] => {
  const base = { sinceMs: 0, known: [] };
  const arrived = { id: 'm1', conversation: 'c', atMs: 0 };
  const error = { code: 'no', sentence: 'No.' };
  return [
    ...[true, false].map((must): DeliveryEvent => ({ type: 'begin', base, must, atMs })),
    { type: 'begin', base: undefined, must: false, atMs },
    { type: 'takenOver', atMs },
    { type: 'accepted', arrived, atMs },
    { type: 'refused', error: { ...error, kind: 'passing' }, atMs, jitter: 0 },
    { type: 'refused', error: { ...error, kind: 'passing', waitsFor: 'token' }, atMs, jitter: 0 },
    { type: 'refused', error: { ...error, kind: 'permanent' }, atMs, jitter: 0 },
    { type: 'lost', how: 'broken', atMs },
    { type: 'lost', how: 'silent', atMs },
    { type: 'looked', found: arrived, atMs },
    { type: 'looked', found: undefined, atMs },
    { type: 'unreadable', atMs },
    { type: 'holdOver', atMs },
    { type: 'retry', order: 1, atMs },
    { type: 'discard', atMs },
    { type: 'edited' },
    { type: 'deleted' },
    { type: 'witnessed', arrived: { ...arrived, id: 'm2' }, atMs },
  ];
});

/** What the machine decides by; times and counters would make the states endless. */
function essence(d: Delivery): string {
  const { phase, to, repeatable, part, parts, posts, unknown, lost, must, aside, mayDouble } = d;
  const has = [d.base, d.refusal, d.failure, d.tryingSinceMs > SOON_MS, isWatched(d)].map(Boolean);
  const more = [
    d.unreadableSinceMs,
    Math.min(d.looks, 2),
    Math.min(d.ghosts, 2),
    d.waiting?.for,
    d.arrived?.id,
    ...has,
  ];
  return [phase, to, repeatable, part, parts, posts, unknown, lost, must, aside, mayDouble, ...more].join();
}

describe('links', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`);
  const pages = ['README.md', 'docs/delivery.md', ...decisions];

  it.each(pages)('of %s lead to something that is there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const relative = links.filter((link) => !/^[a-z]+:/.test(link));
    const broken = relative.filter((link) => !resolves(page, link));
    expect(broken).toEqual([]);
  });
});

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
