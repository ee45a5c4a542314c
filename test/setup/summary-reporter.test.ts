import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

// Inside the project, where the files below find vitest.
const data = fileURLToPath(new URL('../../.data', import.meta.url));
await mkdir(data, { recursive: true });
const folder = await mkdtemp(join(data, 'summary-'));
afterAll(() => rm(folder, { recursive: true }));

const files = {
  'vitest.config.ts': `import { SummaryReporter } from ${JSON.stringify(new URL('./summary-reporter.ts', import.meta.url).pathname)};
    export default { test: { reporters: ['default', new SummaryReporter()], globalSetup: ['./late.ts'] } };`,
  'late.ts': `export const teardown = () => console.log('the teardown speaks last');`,
  'some.test.ts': `import { it } from 'vitest';
    it('passes', () => {}); it('passes too', () => {}); it.skip('is skipped', () => {}); it.todo('is to do');
    it('fails', () => { throw new Error('on purpose'); });`,
  'broken.test.ts': `import './no-such-file.ts';`,
};

describe('the summary', () => {
  it('is the very last line and counts files that could not run as failures', async () => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').slice(-2)).toEqual(['2 passed, 2 failed, 2 skipped', '']);
    expect(stdout).toContain('the teardown speaks last');
    expect(status).toBe(1);
  });
});
