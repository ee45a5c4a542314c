import { LRUCache } from 'lru-cache';
import { type Finding, foundForMs, unfitForMs } from './user-record.ts';

const mostFindings = 5_000;

/** What was found at e-mail addresses (in lower case), for as long as it is believed. */
export interface Findings {
  get(email: string): Finding | undefined;
  set(email: string, finding: Finding): void;
}

export function createFindings(now: () => number): Findings {
  const findings = new LRUCache<string, Finding>({ max: mostFindings, ttlResolution: 0, perf: { now } });
  return {
    get: (email) => findings.get(email),
    set: (email, finding) => {
      findings.set(email, finding, { ttl: finding.kind === 'user' ? foundForMs : unfitForMs });
    },
  };
}
