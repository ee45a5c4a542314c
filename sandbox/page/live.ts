import type { ServerResponse } from 'node:http';
import { type Snapshot, snapshot, type Viewer } from './snapshot.ts';
import type { Stage } from './stage.ts';

/** Changes that come together are shown together. */
const TOGETHER_MS = 20;
/** A fault that strikes and a process that ends announce nothing: looked for this often. */
const LOOK_EVERY_MS = 400;

/** Sends snapshots as server-sent events (WHATWG HTML, "Server-sent events") to every page that is open. */
export class Live {
  readonly #stage: Stage;
  readonly #pages = new Set<{ response: ServerResponse; viewer: Viewer; sent: string }>();
  readonly #look: NodeJS.Timeout;
  readonly #forget: (() => void)[];
  #pending: NodeJS.Timeout | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#look = setInterval(() => this.#send(), LOOK_EVERY_MS);
    this.#forget = [stage.slack, stage.salesforce].map((side) => side.onChange(() => this.changed()));
  }

  /** Keeps the response open and writes the present snapshot and every later one to it. */
  show(response: ServerResponse, viewer: Viewer): void {
    const page = { response, viewer, sent: '' };
    this.#pages.add(page);
    response.once('close', () => this.#pages.delete(page));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#send();
  }

  changed(): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = undefined;
      this.#send();
    }, TOGETHER_MS);
  }

  close(): void {
    clearInterval(this.#look);
    clearTimeout(this.#pending);
    for (const forget of this.#forget) forget();
    for (const { response } of this.#pages) response.end();
  }

  #send(): void {
    for (const page of this.#pages) {
      const state: Snapshot = snapshot(this.#stage, page.viewer);
      const json = JSON.stringify(state);
      if (json === page.sent) continue;
      page.sent = json;
      page.response.write(`data: ${json}\n\n`);
    }
  }
}
