import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Overrides } from '../../src/compose.ts';
import type { Fate, Order, Report, Role } from './bridge-process.ts';
import type { Program } from './program.ts';

/** One web or worker. */
export interface Member {
  readonly role: Role;
  readonly pid: number;
  port: number;
  state: 'starting' | 'up' | 'still' | 'dead';
}

export interface Struck {
  member: Member;
  fate: Fate;
  atMs: number;
}

export interface FleetOptions {
  program: Program;
  env: Record<string, string>;
  overrides: Omit<Overrides, 'step'>;
  /** Where all of them log to: an open file. */
  logTo: number;
  /** Hears where the webs listen, whenever that changes. */
  webPorts: (ports: readonly number[]) => void;
}

/** A supervisor takes this long to see that a process is gone. */
const REPLACE_MS = 250;
const GOES_ON_MS = 500;

/** Whoever is told something may have just died: its end is heard of anyway. */
const goneByNow = (): void => undefined;

/** The bridge's processes under a supervisor that replaces what dies. */
export class Fleet {
  readonly members: Member[] = [];
  /** Ends that nobody here ordered. */
  readonly surprises: string[] = [];
  readonly #o: FleetOptions;
  readonly #children = new Map<Member, ChildProcess>();
  #spare: ChildProcess | undefined;
  readonly #fates = new Map<Role, { fate: Fate; met: boolean; struck: (struck: Struck) => void }>();
  #closing = false;
  /** No replacement comes while this holds: a test wants a role empty. */
  holdBack = false;

  constructor(options: FleetOptions) {
    this.#o = options;
    this.#spare = this.#load();
  }

  of(role: Role): Member[] {
    return this.members.filter((member) => member.role === role && member.state === 'up');
  }

  async start(counts: Record<Role, number>): Promise<void> {
    const roles = (['worker', 'web'] as const).flatMap((role) => Array<Role>(counts[role]).fill(role));
    await Promise.all(roles.map((role) => this.launch(role)));
  }

  /** Resolves when it is up, or gone. */
  async launch(role: Role): Promise<void> {
    const child = this.#spare ?? this.#load();
    this.#spare = undefined;
    const member: Member = { role, pid: child.pid ?? 0, port: 0, state: 'starting' };
    this.members.push(member);
    this.#children.set(member, child);
    const up = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.on('message', (report: Report) => {
        this.#heard(member, report);
        if (report.kind === 'up') resolve();
      });
    });
    child.once('exit', (code, signal) => this.#ended(member, signal ?? `exit code ${code}`));
    const { env, overrides } = this.#o;
    const tell = (order: Order) => child.send(order, goneByNow);
    tell({ kind: 'compose', role, env, overrides });
    const fated = this.#fates.get(role);
    if (fated) tell({ kind: 'arm', fate: fated.fate });
    await up;
    if (!this.#closing) this.#spare ??= this.#load();
  }

  /** Whoever of this role first comes to the step meets its fate. Gives undefined when nobody has in time. */
  async arm(role: Role, fate: Fate, withinMs: number): Promise<Struck | undefined> {
    const cancelled = new AbortController();
    const struck = new Promise<Struck>((resolve) => {
      this.#fates.set(role, { fate, met: false, struck: resolve });
    });
    this.#tell(role, { kind: 'arm', fate });
    const first = await Promise.race([
      struck,
      pause(withinMs, undefined, { signal: cancelled.signal }).catch(() => undefined),
    ]);
    cancelled.abort();
    this.#fates.delete(role);
    this.#tell(role, { kind: 'disarm' });
    return first;
  }

  signal(member: Member, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (member.state === 'dead') return;
    if (signal === 'SIGSTOP') member.state = 'still';
    if (signal === 'SIGCONT') member.state = 'up';
    this.#children.get(member)?.kill(signal);
  }

  async close(): Promise<void> {
    this.#closing = true;
    const children = [...this.#children.values(), ...(this.#spare ? [this.#spare] : [])];
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }

  #load(): ChildProcess {
    const { logTo, program } = this.#o;
    return fork(program.entry, [program.src], {
      execArgv: [],
      stdio: ['ignore', logTo, logTo, 'ipc'],
    });
  }

  #tell(role: Role, order: Order): void {
    for (const [member, child] of this.#children) {
      if (member.role === role && child.connected) child.send(order, goneByNow);
    }
  }

  #heard(member: Member, report: Report): void {
    if (report.kind === 'up') {
      member.state = 'up';
      member.port = report.port;
      this.#tellPorts();
    }
    if (report.kind !== 'struck') return;
    if (report.mode === 'stop') member.state = 'still';
    const fated = this.#fates.get(member.role);
    if (fated?.fate.step === report.step && !fated.met) {
      fated.met = true;
      fated.struck({ member, fate: fated.fate, atMs: Date.now() });
      return;
    }
    // Two came to it at once: this one is not waited for, and goes on when it has really stopped.
    if (report.mode === 'stop') void pause(GOES_ON_MS).then(() => this.signal(member, 'SIGCONT'));
  }

  #ended(member: Member, how: string): void {
    const wasStarting = member.state === 'starting';
    member.state = 'dead';
    this.#children.delete(member);
    this.members.splice(this.members.indexOf(member), 1);
    if (this.#closing) return;
    if (how !== 'SIGKILL')
      this.surprises.push(`${member.role} ended with ${how}${wasStarting ? ' at its start' : ''}`);
    this.#tellPorts();
    if (this.holdBack) return;
    void pause(REPLACE_MS).then(() =>
      this.#closing || this.holdBack ? undefined : this.launch(member.role),
    );
  }

  #tellPorts(): void {
    this.#o.webPorts(this.of('web').map(({ port }) => port));
  }
}
