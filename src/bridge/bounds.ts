/** How much is taken in at most. What is more is refused, and its writer told. */
export interface Bounds {
  /** Messages of one person that wait, are under way, or have failed and are kept. */
  ofPerson: number;
  /** The same of all people together, and what the bridge still has to say. */
  inAll: number;
  /** Beyond `inAll`, for saying that a message was not taken. */
  inAllToSay: number;
}

/**
 * One person may send as much as a list of people has members, and no more than a fraction of all. In all it is about
 * what a Redis of half a gigabyte carries (`npm run bench:memory` prints what one waiting message takes).
 */
export const bounds: Bounds = { ofPerson: 5_000, inAll: 100_000, inAllToSay: 110_000 };
