import { posix } from 'node:path';

/** The source tree: path from the project's root (`src/bridge/next.ts`) to text. */
export type Tree = ReadonlyMap<string, string>;

/**
 * Who may import whom (README, How it is built): entry files → compose → edges → bridge. A group may import itself
 * only where that is said: edges know one outside thing each and meet in compose alone.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  entry: ['entry', 'compose', 'config', 'ops'],
  compose: ['compose', 'config', 'page', 'api', 'slack', 'queue', 'chatter', 'store', 'ops', 'bridge'],
  config: ['config'],
  page: [],
  api: ['api', 'bridge'],
  slack: ['slack', 'bridge'],
  queue: ['queue', 'bridge'],
  chatter: ['chatter', 'bridge'],
  store: ['store', 'bridge'],
  ops: ['ops', 'bridge'],
  bridge: ['bridge'],
};

const TOP_LEVEL: Readonly<Record<string, string>> = {
  web: 'entry',
  worker: 'entry',
  start: 'entry',
  operate: 'entry',
  main: 'entry',
  compose: 'compose',
  'compose-operator': 'compose',
  deciding: 'compose',
  destinations: 'compose',
  reading: 'compose',
  reporting: 'compose',
  notifying: 'compose',
  scheduling: 'compose',
  pushing: 'compose',
  foundation: 'compose',
  'after-restart': 'compose',
  'absent-edges': 'compose',
  config: 'config',
  'config-values': 'config',
  'conversation-page': 'page',
};

const READS_ENVIRONMENT = new Set(['web', 'worker', 'start', 'operate', 'config'].map((n) => `src/${n}.ts`));
const MOST_LINES = 300;

/** Outside things, clocks and chance that reach `bridge/` as parameters or not at all. */
const NOT_IN_BRIDGE =
  /\b(bolt|bullmq|ioredis|jsforce|undici|pino|process\.\w+|Date\.now|new Date|performance\.now|Math\.random|setTimeout|setInterval|fetch)\b/gi;

/** What breaks the structure, a sentence each; empty: nothing does. */
export function brokenRules(tree: Tree, dependencies: readonly string[]): string[] {
  return [
    ...[...tree].flatMap(([path, source]) => [
      ...importsOf(source).flatMap((name) => wrongImport(path, name, tree, dependencies)),
      ...wrongWords(path, source),
      ...wrongForm(path, source),
    ]),
    ...cycles(tree),
  ];
}

/** The names after `from`, and of bare and dynamic imports. */
export function importsOf(source: string): string[] {
  const code = withoutComments(source);
  const statements = /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm;
  const bare = /^\s*import\s*['"]([^'"]+)['"]/gm;
  const dynamic = /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g;
  return [statements, bare, dynamic].flatMap((form) => [...code.matchAll(form)].map(([, name = '']) => name));
}

function groupOf(path: string): string | undefined {
  const [, first = '', ...rest] = path.split('/');
  return rest.length > 0 ? first : TOP_LEVEL[first.replace(/\.ts$/, '')];
}

function wrongImport(path: string, name: string, tree: Tree, dependencies: readonly string[]): string[] {
  const group = groupOf(path);
  if (!name.startsWith('.')) return wrongPackage(path, name, group, dependencies);
  const target = resolve(path, name);
  if (!target.startsWith('src/')) return [`${path} imports ${target}: src imports nothing outside src`];
  if (!tree.has(target)) return [`${path} imports ${target}, which is not there`];
  const other = groupOf(target);
  const allowed = MAY_IMPORT[group ?? ''];
  if (!allowed || !other) return [`${path} imports ${target}: one of them belongs to no known folder`];
  return allowed.includes(other) ? [] : [`${path} imports ${target}: ${group} may not import ${other}`];
}

function wrongPackage(
  path: string,
  name: string,
  group: string | undefined,
  dependencies: readonly string[],
): string[] {
  if (group === 'bridge' && name !== 'node:crypto') {
    return [`${path} imports ${name}: bridge imports only bridge and node:crypto`];
  }
  if (name.startsWith('node:')) return [];
  const [scope = '', rest] = name.split('/');
  const wanted = scope.startsWith('@') ? `${scope}/${rest}` : scope;
  return dependencies.includes(wanted) ? [] : [`${path} imports ${name}, which is no dependency`];
}

function wrongWords(path: string, source: string): string[] {
  const code = withoutComments(source);
  const broken: string[] = [];
  if (!READS_ENVIRONMENT.has(path) && /\bprocess\s*\.\s*env\b/.test(code)) {
    broken.push(`${path} reads process.env: only config and the entry files do`);
  }
  if (groupOf(path) !== 'bridge') return broken;
  const words = new Set([...code.matchAll(NOT_IN_BRIDGE)].map(([word]) => word));
  return [...broken, ...[...words].map((word) => `${path} says ${word}: bridge takes it as a parameter`)];
}

function wrongForm(path: string, source: string): string[] {
  const code = withoutComments(source).trim();
  const broken: string[] = [];
  const lines = source.trimEnd().split('\n').length;
  if (lines > MOST_LINES) broken.push(`${path} has ${lines} lines: at most ${MOST_LINES}`);
  if (/^export\s+default\b|\bas\s+default\b/m.test(code)) broken.push(`${path} has a default export`);
  const reExports = /^export\b[^;'"]*?\bfrom\s*['"][^'"]+['"];?\s*/gm;
  if (code !== '' && code.replace(reExports, '').trim() === '') broken.push(`${path} only re-exports`);
  if (/(^|\/)utils?(\.ts$|\/)/.test(path)) broken.push(`${path} is named utils: name what it holds`);
  return broken;
}

/** Each cycle once, as the way round it. */
function cycles(tree: Tree): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push(`import cycle: ${[...way.slice(start), path].join(' → ')}`);
    if (start >= 0 || done.has(path)) return;
    for (const name of importsOf(tree.get(path) ?? '')) {
      if (name.startsWith('.')) visit(resolve(path, name), [...way, path]);
    }
    done.add(path);
  };
  for (const path of tree.keys()) visit(path, []);
  return found;
}

const resolve = (from: string, name: string): string => posix.join(posix.dirname(from), name);

/** Strings stay, also those with slashes in them. */
function withoutComments(source: string): string {
  const stringOrComment =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/g;
  return source.replace(stringOrComment, (match) => (match.startsWith('/') ? '' : match));
}
