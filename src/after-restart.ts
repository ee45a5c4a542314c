import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { type Beat, type Loss, lossOf, type Pulse, type Reach } from './store/pulse.ts';
import type { Waiting } from './store/waiting.ts';

export interface AfterRestartOptions {
  pulse: Pulse;
  waitingFromBefore: (epoch: number) => AsyncIterable<Waiting>;
  /** The operator's own pause. */
  pause: () => Promise<void>;
  afterRestore: Config['afterRestore'];
  /** A proven loss of more than this is a restore: sending waits for the operator. */
  pauseAfterMs: number;
  everyMs: number;
  log: Logger;
}

/** Keeps Redis's pulse, and lists what a restart may have lost or brought back before anything is claimed again. */
export interface AfterRestart {
  /** Beats once and lists if need be, then goes on every second; what fails comes again. */
  start(): Promise<void>;
  /** Whether all of that is done for this run of Redis. */
  mayClaim(run: string): boolean;
  stop(): void;
}

/** More are shown by `npm run operate -- review`. */
const MOST_ROWS = 20;

const RESTARTED =
  'Redis was restarted, restored or failed over: everything that waited is looked for in Salesforce before it is sent. ' +
  'What was taken in after the time to which its data reach may be missing: commands, decisions on buttons, opt-outs. ' +
  'What was discarded after that time is back, and is among what waits.';
const ROW = 'waits from before Redis came up';
const FORGOT = 'Redis has certainly forgotten writes: this process has seen later ones than it came up with';
const PAUSED =
  'sending to Salesforce is paused: Redis was restored from an older state, or came up empty. See what waits with ' +
  '`npm run operate -- review`, then go on with `npm run operate -- resume`';

export function createAfterRestart(o: AfterRestartOptions): AfterRestart {
  /** The run that all is done for, and the last beat of it that this process has seen. */
  let known: Beat | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  async function look(): Promise<void> {
    const beat = await o.pulse.beat();
    if (beat.run !== known?.run) await met(beat, known);
    known = beat;
  }

  async function tick(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      await look();
    } catch (err) {
      // Redis is away, slow or full, which shows elsewhere: nothing is claimed before this has succeeded.
      o.log.debug({ err }, 'the pulse failed');
    } finally {
      isLooking = false;
    }
  }

  /** Nothing of this is undone when it breaks off halfway; it is done again from the start. */
  async function met(beat: Beat, remembered: Reach | undefined): Promise<void> {
    const loss = lossOf(remembered, beat);
    if (loss)
      o.log.error({ forgottenSeconds: seconds(loss), rememberedUntil: iso(loss.rememberedMs) }, FORGOT);
    const isRestore = loss !== undefined && loss.ms > o.pauseAfterMs;
    if (isRestore && o.afterRestore === 'pause' && !beat.wasPaused) {
      await o.pause();
      await o.pulse.note(beat.run, 'paused');
      o.log.error(PAUSED);
    }
    // Once is enough, whichever process does it. A first start has nothing to list.
    if (beat.isListed || (beat.epoch === 1 && !loss)) return;
    await list(beat);
    await o.pulse.note(beat.run, 'listed');
  }

  async function list(beat: Beat): Promise<void> {
    const waits = { chatter: 0, chat: 0 };
    const rows: Waiting[] = [];
    for await (const one of o.waitingFromBefore(beat.epoch)) {
      waits[one.to] += 1;
      if (one.to === 'chatter' && rows.length < MOST_ROWS) rows.push(one);
    }
    const dataReachUntil = beat.until && iso(beat.until.atMs);
    const upSince = iso(beat.sinceMs);
    o.log.warn({ dataReachUntil, upSince, messagesWait: waits.chatter, notesWait: waits.chat }, RESTARTED);
    for (const { id, author, phase, takenAtMs } of rows) {
      const ageSeconds = Math.round((beat.atMs - takenAtMs) / 1_000);
      o.log.warn({ delivery: id, author, phase, ageSeconds }, ROW);
    }
  }

  return {
    async start() {
      await tick();
      timer = setInterval(() => void tick(), o.everyMs);
    },
    mayClaim: (run) => known?.run === run,
    stop: () => clearInterval(timer),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
/** Left out of the log when everything was forgotten. */
const seconds = ({ ms }: Loss): number | undefined =>
  Number.isFinite(ms) ? Math.round(ms / 1_000) : undefined;
