import { createHash, timingSafeEqual } from 'node:crypto';

/** What is wrong with an Authorization header; undefined: it bears the token. */
export type TokenFlaw = 'no-token' | 'wrong-token' | undefined;

/** Compares in a time that says nothing: neither how much is right, nor how long the token is. */
export function createBearerCheck(token: string): (authorization: string | undefined) => TokenFlaw {
  const wanted = hashOf(token);
  return (authorization) => {
    const [, given] = /^Bearer +([^\s]+)$/i.exec(authorization ?? '') ?? [];
    if (given === undefined) return 'no-token';
    return timingSafeEqual(hashOf(given), wanted) ? undefined : 'wrong-token';
  };
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
