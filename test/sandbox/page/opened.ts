import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, chromium as playwright } from 'playwright-core';
import { chromiumFlags } from '../../../sandbox/debian/browser.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { chromium } from '../../setup/browser.ts';

export interface OpenedPage {
  page: Page;
  /** What the page has thrown, or written to its console as an error. */
  problems: string[];
  close(): Promise<void>;
}

/** A page in a Chromium of its own. @param timeoutMs for whatever is looked for in it. */
export async function openPage(url: string, height: number, timeoutMs: number): Promise<OpenedPage> {
  const browser = await playwright.launch({
    executablePath: chromium?.command ?? '',
    args: [...chromiumFlags],
    env: { ...process.env, ...chromium?.env },
  });
  const problems: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height } });
  page.setDefaultTimeout(timeoutMs);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(url);
  return { page, problems, close: () => browser.close() };
}

/** The whole sandbox, and its page as somebody sees it who opens the address. */
export async function openSandbox(
  height: number,
  timeoutMs: number,
): Promise<OpenedPage & { sandbox: Sandbox }> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const sandbox = await startSandbox({ folder, port: 0, say: () => undefined });
  const opened = await openPage(sandbox.url, height, timeoutMs);
  return {
    ...opened,
    sandbox,
    async close() {
      await opened.close();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}
