import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const END_WITH_SANDBOX = new URL('end-with-sandbox.ts', import.meta.url).href;
/** The bridge finishes what is in hand; here nobody waits long for that. */
const PATIENCE_MS = 4_000;
/** Long enough to be seen in the page, which looks every 400 ms. */
const FIRST_DELAY_MS = 1_500;
const LONGEST_DELAY_MS = 10_000;
/** One that has run for so long had started well: its next crash is a first one again. */
const SETTLED_MS = 30_000;

export interface ProcessOptions {
  readonly name: string;
  /** The file to run, from the project's folder: `src/web.ts`. */
  readonly script: string;
  /** Its settings; of ours it gets nothing but what a program needs to run at all. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes all it writes. */
  readonly log: WriteStream;
  /** Hears in one line of every end that was not asked for. */
  readonly say: (line: string) => void;
}

/** One of the bridge's processes, started again whenever it ends by itself. */
export class BridgeProcess {
  readonly name: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #startedAtMs = 0;
  #delayMs = FIRST_DELAY_MS;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** How often it has ended by itself. */
  crashes = 0;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get state(): 'running' | 'restarting' | 'stopped' {
    if (this.#stopped) return 'stopped';
    return this.#child ? 'running' : 'restarting';
  }

  /** SIGTERM, after four seconds SIGKILL; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child?.pid) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  }

  #start(): void {
    const { script, env, log } = this.#options;
    const child = spawn(process.execPath, ['--import', 'tsx', '--import', END_WITH_SANDBOX, script], {
      cwd: PROJECT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C reaches a whole process group: in its own, the bridge hears from us alone, and once.
      detached: true,
    });
    this.#child = child;
    this.#startedAtMs = performance.now();
    child.stdin.on('error', () => undefined);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('error', (error) => this.#ended(error.message));
    child.once('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
  }

  #ended(how: string): void {
    if (!this.#child) return;
    this.#child = undefined;
    if (this.#stopped) return;
    this.crashes += 1;
    if (performance.now() - this.#startedAtMs > SETTLED_MS) this.#delayMs = FIRST_DELAY_MS;
    const seconds = this.#delayMs / 1_000;
    this.#options.say(`${this.name} ended by itself (${how}); starting it again in ${seconds} s`);
    this.#timer = setTimeout(() => this.#start(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }
}
