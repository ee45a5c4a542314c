import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { Bell, DeliveryLog, NewEntry } from './delivery-log.ts';
import { copyFor, entryOf } from './incoming.ts';
import type { Incoming } from './message.ts';
import type { Mirror, MirrorRequest } from './mirror.ts';
import type { Brought, MirrorLog } from './mirror-log.ts';
import type { ChatThreads } from './ports.ts';
import type { Step } from './steps.ts';

export interface BringAlongOptions {
  log: DeliveryLog;
  mirrors: MirrorLog;
  bell: Bell;
  threads: ChatThreads;
  step: Step;
}

/** Longer than nobody waits for; with a deadline nothing is stored beyond what the bridge keeps. */
const TAKE_MS = 5_000;

const TOO_FULL =
  'More messages wait to be sent already than the bridge takes, so that the thread could not be brought along. Mirror it with less of what was written before, or try again tomorrow.';

/**
 * Takes in what was written in a thread before it was mirrored, as much as is wished for, and since. Harmless to repeat: what is
 * stored is known by its key. The promise is rejected with a DeliveryError, also in the middle.
 */
export function createBringAlong(o: BringAlongOptions) {
  const { log, mirrors } = o;

  return async (request: MirrorRequest, mirror: Mirror): Promise<void> => {
    const all = await o.threads.written(request, mirror.lane);
    await mirrors.setBrought(request.thread, broughtOf(all));
    for (const written of all) {
      await takeAlong(written, mirror);
      await o.step('mirror.brought');
    }
  };

  /**
   * What was written in the mirror that the thread had before is known, and goes to this one's people all the same, unless it was
   * for just these.
   */
  async function takeAlong(written: Incoming, { thread, pair, lane, openedBy }: Mirror): Promise<void> {
    if (await take(entryOf(written))) return;
    const there = await log.read(written.id);
    if (!there || there.delivery.lane === lane) return;
    const before = await mirrors.findOf(thread, there.delivery.lane);
    if (before?.pair !== pair) await take(entryOf(copyFor(openedBy, written)));
  }

  /** @returns whether it was not known. */
  async function take(entry: NewEntry): Promise<boolean> {
    const taken = await log.take(entry, TAKE_MS);
    if (taken.kind === 'duplicate' || taken.kind === 'cancelled') return false;
    if (taken.kind === 'stored') {
      await o.bell.add('chatter', entry.delivery.id, taken.head === entry.delivery.id);
      return true;
    }
    // However often that is tried, it is not taken for a day.
    if (taken.kind === 'full') throw refusedForGood('thread-too-full', TOO_FULL);
    throw new DeliveryError({
      retry: { kind: 'later' },
      certain: true,
      code: `thread-not-stored-${taken.kind}`,
      sentence: 'What is in the thread could not be stored yet.',
    });
  }
}

/** The root comes first. */
function broughtOf(all: readonly Incoming[]): Brought {
  const [root, from] = all
    .filter(({ message }) => message.isBrought)
    .map(({ order = 0 }) => Math.floor(order / 1_000));
  return { ...(root !== undefined && { rootMs: root }), ...(from !== undefined && { fromMs: from }) };
}
