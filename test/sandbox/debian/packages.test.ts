import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchPackages } from '../../../sandbox/debian/packages.ts';
import { findInPath } from '../../../sandbox/debian/programs.ts';

const module = new URL('../../../sandbox/debian/packages.ts', import.meta.url);
const asNobody = ['--reuid=nobody', '--regid=nogroup', '--clear-groups', process.execPath];

/** False for anyone but root, who cannot become nobody, and for a checkout that nobody may not read. */
function canBeNobody(): boolean {
  const look = `require('fs').accessSync(${JSON.stringify(module.pathname)})`;
  return spawnSync('setpriv', [...asNobody, '--eval', look]).status === 0;
}

/** Real apt-get and dpkg, on a repository of our own in a folder, so that no network is needed. */
const isDebian = findInPath(['apt-get']) !== undefined && findInPath(['dpkg-deb']) !== undefined;

describe.skipIf(!isDebian)('fetching packages', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'packages-'));
    const repository = join(home, 'repository');
    await makeRepository(repository, { greeting: 'greeting-words', 'greeting-words': '' });
    await writeFile(join(home, 'sources.list'), `deb [trusted=yes] copy:${repository} ./\n`);
    const settings = { 'Dir::Etc::sourcelist': join(home, 'sources.list'), 'Dir::Etc::sourceparts': '-' };
    const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
    await writeFile(join(home, 'apt.conf'), lines.join(''));
    vi.stubEnv('APT_CONFIG', join(home, 'apt.conf'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  it('unpacks them and what they depend on', async () => {
    await fetchPackages(['greeting'], join(home, 'plain/greeting'));
    expect(await readdir(join(home, 'plain/greeting/usr/share'))).toEqual(['greeting', 'greeting-words']);
  });

  it('happens once when several ask at the same time', async () => {
    let times = 0;
    const count = async () => {
      times += 1;
    };
    const ask = () => fetchPackages(['greeting'], join(home, 'together/greeting'), count);
    await Promise.all([ask(), ask(), ask()]);
    expect(times).toBe(1);
  });

  it('leaves nothing that looks done when what came does not work', async () => {
    const broken = () => Promise.reject(new Error('a library is missing'));
    await expect(fetchPackages(['greeting'], join(home, 'broken/greeting'), broken)).rejects.toThrow(
      'Fetching greeting with apt-get failed: a library is missing. To install it, type: apt-get install greeting',
    );
    expect((await readdir(join(home, 'broken'))).sort()).toEqual(['apt', 'lock']);
  });

  it('removes what a killed attempt left', async () => {
    await mkdir(join(home, 'killed/.greeting-x1y2z3/root'), { recursive: true });
    await fetchPackages(['greeting'], join(home, 'killed/greeting'));
    expect((await readdir(join(home, 'killed'))).sort()).toEqual(['apt', 'greeting', 'lock']);
  });

  it('says in one line what could not be had', async () => {
    await expect(fetchPackages(['no-such-package'], join(home, 'none/x'))).rejects.toThrow(
      /^Fetching no-such-package with apt-get failed: Unable to locate package no-such-package\. To install.*$/,
    );
  });

  it.skipIf(!canBeNobody())('needs no root', async () => {
    const folder = join(home, 'nobody');
    await mkdir(folder);
    await chmod(home, 0o755);
    execFileSync('chown', ['nobody', folder]);
    const program = [
      `import { fetchPackages } from ${JSON.stringify(module.href)};`,
      `await fetchPackages(['greeting'], ${JSON.stringify(join(folder, 'greeting'))});`,
    ];
    await writeFile(join(home, 'program.mts'), program.join('\n'));
    const tsx = ['--import', import.meta.resolve('tsx'), join(home, 'program.mts')];
    execFileSync('setpriv', [...asNobody, ...tsx]);
    expect((await stat(join(folder, 'greeting/usr'))).uid).not.toBe(0);
  });
});

/** Builds packages, given as name and dependency, and the index that makes a folder an apt repository. */
async function makeRepository(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  const index: string[] = [];
  for (const [name, dependency] of Object.entries(packages)) {
    const tree = join(folder, 'trees', name);
    const control = [
      `Package: ${name}`,
      'Version: 1',
      'Architecture: all',
      'Maintainer: Ada Lovelace <ada@example.com>',
      ...(dependency ? [`Depends: ${dependency}`] : []),
      'Description: a greeting',
    ];
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await writeFile(join(tree, 'DEBIAN/control'), `${control.join('\n')}\n`);
    await mkdir(join(tree, 'usr/share', name), { recursive: true });
    const file = join(folder, `${name}_1_all.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
    const digest = execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0];
    const { size } = await stat(file);
    index.push(...control, `Filename: ./${name}_1_all.deb`, `Size: ${size}`, `SHA256: ${digest}`, '');
  }
  await writeFile(join(folder, 'Packages'), `${index.join('\n')}\n`);
}
