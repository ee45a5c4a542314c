import type { ChatPersonId } from './people.ts';

/** Shares the hands of one worker process out among people. */
export interface FairShare {
  /** @returns undefined: go on, and call `leave` afterwards; else how long from now to come back. */
  enter(person: ChatPersonId, nowMs: number): number | undefined;
  /** @param sinceMs when it entered. */
  leave(person: ChatPersonId, sinceMs: number, nowMs: number): void;
}

interface Account {
  inHand: number;
  /** When those that were sent away come back. */
  back: number[];
  /** How long one of theirs takes, lately. */
  usualMs: number;
}

/** Before anything is known of somebody's messages. */
const FIRST_GUESS_MS = 100;
const LONGEST_MS = 30_000;

/**
 * One person has at most `most` deliveries in hand of a process at once, however many lanes they write in; what comes
 * on top is sent away for about as long as those before it will take. So it does not stand in the way of others, and
 * does not come back in vain again and again.
 */
export function createFairShare(most: number): FairShare {
  const accounts = new Map<ChatPersonId, Account>();
  return {
    enter(person, nowMs) {
      const account = accounts.get(person) ?? { inHand: 0, back: [], usualMs: FIRST_GUESS_MS };
      accounts.set(person, account);
      if (account.inHand < most) {
        account.inHand += 1;
        return undefined;
      }
      account.back = account.back.filter((backMs) => backMs > nowMs);
      const turns = Math.floor(account.back.length / most) + 1;
      const awayMs = Math.min(Math.ceil(account.usualMs * turns), LONGEST_MS);
      account.back.push(nowMs + awayMs);
      return awayMs;
    },
    leave(person, sinceMs, nowMs) {
      const account = accounts.get(person);
      if (!account) return;
      account.inHand -= 1;
      account.usualMs += (Math.max(nowMs - sinceMs, 1) - account.usualMs) / 8;
      if (account.inHand === 0) accounts.delete(person);
    },
  };
}
