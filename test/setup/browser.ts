import { findChromium } from '../../sandbox/debian/browser.ts';

/**
 * The Chromium of this machine, or undefined: `describe.skipIf(!chromium)` then skips and counts the tests
 * that need one. The first file that asks fetches it, the others wait.
 */
export const chromium = await findChromium((reason) =>
  process.stderr.write(`Browser tests are skipped: ${reason}\n`),
);
