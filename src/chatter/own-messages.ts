import { LRUCache } from 'lru-cache';
import type { SalesforceUser, SalesforceUserId } from '../bridge/people.ts';
import type { PrivateMessage, ReadUse } from '../bridge/ports.ts';

type Read = (sender: SalesforceUser, sinceMs: number, use: ReadUse) => Promise<readonly PrivateMessage[]>;

interface Reading {
  beganAtMs: number;
  sinceMs: number;
  messages: Promise<readonly PrivateMessage[]>;
}

/** So many people's readings are kept at once. */
const mostReadings = 100;

/**
 * One reading for all looks that it is good for: after an outage or a restart of Redis a thousand messages of one person
 * are looked for, and their budget has sixty. What somebody sent themselves is kept in memory, for `keepMs`; the rest of
 * what was read is dropped at once.
 *
 * Is what an earlier reading says still right? Whatever Salesforce had stored when it began is in it, and a look asks for
 * no more: it names the time (`newEnoughMs`). What was stored since is either known by its id, which the look leaves out,
 * or later than the look waits for. What was read and has been acknowledged since is known by its id as well.
 */
export function createOwnMessages(o: { read: Read; keepMs: number; now: () => number }) {
  const readings = new LRUCache<SalesforceUserId, Reading>({
    max: mostReadings,
    ttl: o.keepMs,
    // Texts do not stay because nobody asks again.
    ttlAutopurge: true,
  });

  function begin(sender: SalesforceUser, sinceMs: number, use: ReadUse): Reading {
    const reading: Reading = {
      // Taken before anything is asked: what this process waits for in between makes it older, never newer.
      beganAtMs: o.now(),
      sinceMs,
      messages: o
        .read(sender, sinceMs, use)
        .then((messages) => messages.filter((message) => message.sender === sender.id)),
    };
    readings.set(sender.id, reading);
    reading.messages.catch(() => {
      if (readings.peek(sender.id) === reading) readings.delete(sender.id);
    });
    return reading;
  }

  return async (
    sender: SalesforceUser,
    sinceMs: number,
    newEnoughMs: number,
    use: ReadUse,
  ): Promise<readonly PrivateMessage[]> => {
    const known = readings.get(sender.id);
    const isGood = known && known.beganAtMs >= newEnoughMs && known.sinceMs <= sinceMs;
    // It reaches as far back as the one before, so that two lanes do not take turns at replacing each other's.
    const reading = isGood ? known : begin(sender, Math.min(sinceMs, known?.sinceMs ?? sinceMs), use);
    return (await reading.messages).filter((message) => message.sentAtMs >= sinceMs);
  };
}
