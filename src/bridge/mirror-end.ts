import type { Bell, DeliveryLog, NewEntry } from './delivery-log.ts';
import { entryOf } from './incoming.ts';
import { mirrorLane } from './lane.ts';
import type { Mirror, Rest } from './mirror.ts';
import type { Ending, MirrorLog } from './mirror-log.ts';
import { mirrorOverEntry, mirrorRestsEntry } from './outbox.ts';
import type { ChatThreadId, DeliveryId } from './people.ts';
import type { Step } from './steps.ts';

export interface MirrorEndOptions {
  log: Pick<DeliveryLog, 'take'>;
  mirrors: MirrorLog;
  bell: Bell;
  now: () => number;
  step: Step;
}

export interface MirrorEnd {
  /**
   * Ends a live mirror. What was written before still goes, then a word of farewell; and whoever has to know is told.
   * @returns undefined: it was not live.
   */
  end(thread: ChatThreadId, ending: Ending): Promise<Mirror | undefined>;
  /** The same without the farewell, which is being sent: for what a crash left undone. */
  finish(thread: ChatThreadId, openedBy: DeliveryId, ending: Ending): Promise<void>;
}

/** Then people still write in the thread, and its notice can be changed. */
const CAN_BE_SAID: readonly Rest[] = ['place-shared', 'root-deleted'];

/** The delivery of a mirror's farewell. */
export const farewellOf = (openedBy: DeliveryId): DeliveryId => `${openedBy}-end` as DeliveryId;

/**
 * The farewell is stored first, and ends the mirror as well when its turn comes: so an end is never half of one, wherever the
 * process dies.
 */
export function createMirrorEnd({ log, mirrors, bell, now, step }: MirrorEndOptions): MirrorEnd {
  async function tell(mirror: Mirror): Promise<void> {
    const { rest } = mirror;
    if (rest) await say(mirrorRestsEntry(mirror, rest));
    if (!rest || CAN_BE_SAID.includes(rest)) await say(mirrorOverEntry(mirror));
  }

  async function say(entry: NewEntry): Promise<void> {
    if ((await log.take(entry)).kind === 'stored') await bell.ring('chat', entry.delivery.id);
  }

  return {
    async end(thread, wanted) {
      const ending: Ending = { ...wanted, endedAtMs: now() };
      const mirror = await mirrors.find(thread);
      if (mirror?.state !== 'live') return undefined;
      const { openedBy, lane, startedBy } = mirror;
      const farewell = entryOf({
        id: farewellOf(openedBy),
        lane,
        message: {
          v: 1,
          author: ending.stoppedBy ?? startedBy,
          text: '',
          to: { kind: 'mirror', ends: thread, openedBy, ending },
        },
      });
      const taken = await log.take(farewell);
      if (taken.kind === 'unreached' || taken.kind === 'no-room')
        throw new Error('the end could not be stored');
      if (taken.kind === 'stored') {
        await bell.add('chatter', farewell.delivery.id, taken.head === farewell.delivery.id);
      }
      await step('mirror.ending');
      const ended = await mirrors.end(thread, ending, openedBy);
      if (ended) await tell(ended);
      return ended;
    },
    async finish(thread, openedBy, ending) {
      const ended =
        (await mirrors.end(thread, ending, openedBy)) ?? (await mirrors.findOf(thread, mirrorLane(openedBy)));
      if (ended?.state === ending.state) await tell(ended);
    },
  };
}
