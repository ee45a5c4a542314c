import type { Redis } from 'ioredis';
import type { Box } from './box.ts';
import { type Keys, keepMs } from './keys.ts';

/** Messages that somebody is about to send, while the form is open that asks to whom: encrypted, for half an hour. */
export interface Drafts {
  /** Throws when it could not be stored. */
  keep(form: string, draft: string): Promise<void>;
  /** What was kept for that form; undefined: nothing any more. Throws when Redis does not answer, or its key is gone. */
  read(form: string): Promise<string | undefined>;
  erase(form: string): Promise<void>;
  /** It was sent: kept for a minute more, for who asks again. */
  fade(form: string): Promise<void>;
}

export function createDrafts(redis: Redis, keys: Keys, box: Box): Drafts {
  const contextOf = (form: string): string => `${form}:draft`;
  return {
    async keep(form, draft) {
      await redis.set(keys.draft(form), box.seal(draft, contextOf(form)), 'PX', keepMs.draft);
    },
    async read(form) {
      const sealed = await redis.get(keys.draft(form));
      return sealed === null ? undefined : box.open(sealed, contextOf(form));
    },
    async fade(form) {
      await redis.pexpire(keys.draft(form), keepMs.sentDraft);
    },
    async erase(form) {
      await redis.del(keys.draft(form));
    },
  };
}
