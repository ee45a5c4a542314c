import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from '../debian/programs.ts';
import { findRedisServer } from './find.ts';

/** What a private server may be told; the rest is what the bridge asks of every Redis. */
export type RedisOptions = {
  /** The data folder, made with mode 0700; without it a temporary one, removed by `stop`. */
  readonly folder?: string;
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** More lines of redis.conf, by directive. */
  readonly extra?: Readonly<Record<string, string>>;
};

/** A running private server; address, password and data stay the same over `kill` and `restart`. */
export type RedisServer = {
  /** `redis://:password@127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** The server's process id; undefined when it is not running. */
  readonly pid: number | undefined;
  /** SIGTERM, waits for the exit, removes a temporary data folder. */
  stop(): Promise<void>;
  /** SIGKILL, waits for the exit, keeps the data. */
  kill(): Promise<void>;
  /** Starts again on the same data and address, after a SIGTERM if it is still running. */
  restart(): Promise<void>;
};

/**
 * Below Linux's ephemeral ports (32768–60999): no outgoing connection takes the port between `kill` and
 * `restart`, and a client that reconnects meanwhile cannot end up connected to itself.
 */
const portRange = [20_000, 32_000] as const;
const portAttempts = 10;
const startTimeoutMs = 10_000;
const stopTimeoutMs = 10_000;

/** flock waits this long, in seconds: a killed server's AOF rewriting child holds the lock until it ends. */
const lockWaitSeconds = 1;
const lockedExitCode = 75;

/**
 * Starts a Redis of our own on 127.0.0.1, with AOF, and waits until it accepts connections.
 * Rejects with one line when there is no server program, when another server uses the folder,
 * or with the server's own last words.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await findRedisServer();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'redis-')));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const password = randomBytes(16).toString('hex');
  const settings = (port: number) => ({
    bind: '127.0.0.1',
    port: `${port}`,
    dir: folder,
    requirepass: password,
    appendonly: 'yes',
    appendfsync: options.appendfsync ?? 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
    ...options.extra,
  });
  const remove = async () => {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };

  let child: ChildProcess | undefined;
  let port = 0;
  try {
    [child, port] = await startOnFreePort((candidate) => launch(program, folder, settings(candidate)));
  } catch (error) {
    await remove();
    throw error;
  }
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (ending) await exit(ending, signal);
  };
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    folder,
    get pid() {
      return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
    },
    async stop() {
      await end('SIGTERM');
      await remove();
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      child = await launch(program, folder, settings(port));
    },
  };
}

/** Another process may take a port between our look and the server's bind: then another port is tried. */
async function startOnFreePort(
  start: (port: number) => Promise<ChildProcess>,
): Promise<[ChildProcess, number]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = randomInt(...portRange);
    if (attempt < portAttempts && !(await isFree(port))) continue;
    try {
      return [await start(port), port];
    } catch (error) {
      if (attempt >= portAttempts || !/Address already in use/.test(String(error))) throw error;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Starts the program with a configuration on its stdin (a password on the command line could be read by all). */
async function launch(
  program: Program,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const guard = await guardCommand(join(folder, 'lock'));
  const [command = program.command, ...args] = [...guard, program.command, '-'];
  const child = spawn(command, args, {
    // Ctrl-C reaches the whole process group: a server in ours would be gone before the bridge has finished.
    detached: guard.length > 0,
    env: { ...process.env, LC_ALL: 'C', ...program.env },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(
    Object.entries(settings)
      .map(([directive, value]) => `${directive} ${JSON.stringify(value)}\n`)
      .join(''),
  );
  await ready(child, folder);
  return child;
}

/**
 * What the server is run by, where util-linux is found (all Linux distributions; elsewhere nothing):
 * setpriv sends it SIGTERM when the *thread* that spawned it ends, so it does not outlive a killed Node
 * (start it from a main thread); flock keeps a second server off the same data, where both would write
 * into one AOF. The kernel drops that lock with the process, so it is never stale.
 */
async function guardCommand(lock: string): Promise<string[]> {
  const guard = ['--pdeathsig', 'TERM', 'flock', '--no-fork', '--wait', `${lockWaitSeconds}`];
  const conflict = ['--conflict-exit-code', `${lockedExitCode}`, lock];
  guardWorks ??= promisify(execFile)('setpriv', [...guard, '/dev/null', 'true']).then(
    () => true,
    () => false,
  );
  return (await guardWorks) ? ['setpriv', ...guard, ...conflict] : [];
}
let guardWorks: Promise<boolean> | undefined;

/** Resolves when the server accepts connections; kills it and rejects when it has not in time. */
function ready(child: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(why));
    };
    const timer = setTimeout(
      () => fail(`Redis was not ready in ${startTimeoutMs} ms: ${log}`),
      startTimeoutMs,
    );
    const listen = (chunk: Buffer) => {
      log = (log + chunk).slice(-2000);
      if (!log.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', listen).resume();
      resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => fail(`Redis could not be started: ${error.message}`));
    child.once('close', (code) =>
      fail(
        code === lockedExitCode
          ? `Another Redis server uses ${folder}`
          : `Redis ended at its start: ${log.trim()}`,
      ),
    );
  });
}

async function exit(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(impatience);
}
