import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumFlags, findChromium } from '../../../sandbox/debian/browser.ts';
import { chromium } from '../../setup/browser.ts';

const page = `<!doctype html><meta charset="utf-8"><title>Chatter</title>
<body style="font: 20px sans-serif"><span id="i">iiiiiiiiii</span><br><span id="m">mmmmmmmmmm</span>
<p id="greeting"></p><script>greeting.textContent = 'Hello, Grace';</script>`;
const server = createServer((_request, response) =>
  response.setHeader('content-type', 'text/html').end(page),
);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

describe.skipIf(!chromium)('Chromium', () => {
  it('runs a page of this machine and draws its text', { timeout: 30_000 }, async () => {
    const browser = await playwright.launch({
      executablePath: chromium?.command ?? '',
      args: [...chromiumFlags],
      env: { ...process.env, ...chromium?.env },
    });
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(await tab.textContent('#greeting')).toBe('Hello, Grace');
      const width = async (id: string) => (await tab.locator(id).boundingBox())?.width ?? 0;
      expect(await width('#m')).toBeGreaterThan((await width('#i')) * 2);
      expect((await tab.screenshot()).subarray(1, 4).toString()).toBe('PNG');
    } finally {
      await browser.close();
    }
  });
});

describe('a machine where no browser can be had', () => {
  it('is told of in one line, and is no error', async () => {
    const reasons: string[] = [];
    const found = await findChromium(
      (reason) => reasons.push(reason),
      '',
      join(import.meta.filename, 'no-folder'),
    );
    expect(found).toBeUndefined();
    expect(reasons).toEqual([expect.stringMatching(/^No chromium or google-chrome in PATH\. .*$/)]);
  });
});
