import type { Mirroring } from './bridge/mirroring.ts';
import type { ChatPeople, ChatThreads, PrivateMessages, SalesforceDirectory } from './bridge/ports.ts';

/** What web has in place of the edges: it stores decisions and tells about them, and never prepares, posts or looks. */
export const absentEdges = {
  people: absent<ChatPeople>(),
  directory: absent<SalesforceDirectory>(),
  messages: absent<PrivateMessages>(),
  threads: absent<ChatThreads>(),
  mirroring: absent<Mirroring>(),
  spread: async () => {},
  mayGo: async () => {},
  consent: 'notice',
  sayOnce: async () => {},
  now: Date.now,
} as const;

function absent<T extends object>(): T {
  return new Proxy({} as T, {
    get() {
      throw new Error('only the worker process delivers');
    },
  });
}
