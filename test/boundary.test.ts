import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenRules, importsOf, type Tree } from './boundary-rules.ts';

const root = new URL('..', import.meta.url).pathname;

function treeOf(folder: string): Tree {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file}`);
  return new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('the structure of src', () => {
  const tree = treeOf('src');

  it('is as it was drawn: entry files → compose → edges → bridge', () => {
    expect(brokenRules(tree, Object.keys(manifest.dependencies))).toEqual([]);
  });

  it('is really read', () => {
    expect(tree.size).toBeGreaterThan(50);
    const imports = [...tree.values()].flatMap(importsOf);
    const statements = [...tree.values()].join('\n').match(/^(import|export)\b[^;]*?\sfrom\s'/gm) ?? [];
    expect(imports.length).toBe(statements.length);
  });
});

describe('the check itself', () => {
  const broken = (files: Record<string, string>) => brokenRules(new Map(Object.entries(files)), ['bullmq']);
  const one = 'export const one = 1;\n';

  it.each<[rule: string, files: Record<string, string>, says: string]>([
    [
      'edges import each other',
      { 'src/slack/a.ts': "import { one } from '../queue/b.ts';", 'src/queue/b.ts': one },
      'src/slack/a.ts imports src/queue/b.ts: slack may not import queue',
    ],
    [
      'bridge imports an edge',
      { 'src/bridge/a.ts': "import type { One } from '../store/b.ts';", 'src/store/b.ts': one },
      'src/bridge/a.ts imports src/store/b.ts: bridge may not import store',
    ],
    [
      'an edge imports compose',
      { 'src/ops/a.ts': "import {\n  one,\n} from '../compose.ts';", 'src/compose.ts': one },
      'src/ops/a.ts imports src/compose.ts: ops may not import compose',
    ],
    [
      'an entry file builds an edge',
      { 'src/web.ts': "import { one } from './slack/b.ts';", 'src/slack/b.ts': one },
      'src/web.ts imports src/slack/b.ts: entry may not import slack',
    ],
    [
      'bridge imports a module of Node',
      { 'src/bridge/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;" },
      'src/bridge/a.ts imports node:fs: bridge imports only bridge and node:crypto',
    ],
    [
      'bridge names an outside thing',
      { 'src/bridge/a.ts': 'export interface A {\n  jsforce: unknown;\n}' },
      'src/bridge/a.ts says jsforce: bridge takes it as a parameter',
    ],
    [
      'bridge reads a clock',
      { 'src/bridge/a.ts': 'export const a = Date.now();' },
      'src/bridge/a.ts says Date.now: bridge takes it as a parameter',
    ],
    [
      'an edge reads the environment',
      { 'src/slack/a.ts': 'export const a = process.env.PORT;' },
      'src/slack/a.ts reads process.env: only config and the entry files do',
    ],
    [
      'src imports the sandbox, even lazily',
      { 'src/ops/a.ts': "export const a = () => import('../../sandbox/start.ts');" },
      'src/ops/a.ts imports sandbox/start.ts: src imports nothing outside src',
    ],
    [
      'src imports a development dependency',
      { 'src/ops/a.ts': "import fc from 'fast-check';\nexport const a = fc;" },
      'src/ops/a.ts imports fast-check, which is no dependency',
    ],
    [
      'a folder that nobody drew',
      { 'src/misc/a.ts': "import { one } from './b.ts';", 'src/misc/b.ts': one },
      'src/misc/a.ts imports src/misc/b.ts: one of them belongs to no known folder',
    ],
    [
      'an import cycle',
      {
        'src/ops/a.ts': "import { b } from './b.ts';\nexport const a = b;",
        'src/ops/b.ts': "import { c } from './c.ts';\nexport const b = c;",
        'src/ops/c.ts': "import { a } from './a.ts';\nexport const c = a;",
      },
      'import cycle: src/ops/a.ts → src/ops/b.ts → src/ops/c.ts → src/ops/a.ts',
    ],
    ['a long file', { 'src/ops/a.ts': one.repeat(301) }, 'src/ops/a.ts has 301 lines: at most 300'],
    ['a default export', { 'src/ops/a.ts': 'export default 1;' }, 'src/ops/a.ts has a default export'],
    [
      'a barrel',
      { 'src/ops/a.ts': "// all\nexport * from './b.ts';\n", 'src/ops/b.ts': one },
      'src/ops/a.ts only re-exports',
    ],
    [
      'a file named utils',
      { 'src/ops/utils.ts': one },
      'src/ops/utils.ts is named utils: name what it holds',
    ],
  ])('sees %s', (_rule, files, says) => {
    expect(broken(files)).toEqual([says]);
  });

  it('takes neither comments nor strings for code', () => {
    expect(
      broken({
        'src/bridge/a.ts':
          "// import { Queue } from 'bullmq'\n/* Date.now() */\nexport const a = 'https://x/';\n",
      }),
    ).toEqual([]);
  });
});
