import type { Logger } from 'pino';
import type { Decisions } from '../bridge/message.ts';
import type { Mirrors } from '../bridge/mirror.ts';
import type { ChatPersonId } from '../bridge/people.ts';
import { parsePersonId } from './ids.ts';
import type { Modals } from './modals.ts';
import { homeView, type Standing } from './views/home.ts';

export interface HomePorts {
  modals: Pick<Modals, 'publish'>;
  mirrors: Pick<Mirrors, 'of'>;
  decisions: Pick<Decisions, 'failed' | 'isOptedOut'>;
  log: Logger;
}

/**
 * Shows somebody's Home tab as things are now.
 * @param told what became of a press on one of its buttons. Throws DeliveryError.
 */
export type ShowHome = (person: ChatPersonId, told?: string) => Promise<void>;

export function createShowHome({ modals, mirrors, decisions, log }: HomePorts): ShowHome {
  async function standingOf(person: ChatPersonId): Promise<Standing | undefined> {
    try {
      const [isOptedOut, theirs, failed] = await Promise.all([
        decisions.isOptedOut(person),
        mirrors.of(person),
        decisions.failed(person),
      ]);
      return { isOptedOut, mirrors: theirs, failed: failed.all.count };
    } catch (error) {
      log.warn({ err: error }, 'not known what the Home tab shows');
      return undefined;
    }
  }

  return async (person, told) => {
    await modals.publish(parsePersonId(person).user, homeView(await standingOf(person), told));
  };
}
