import { writtenAt } from './written-at.ts';

/** The label of a message that goes later than it was written: `(sent 10:42)`. */
export const lateLabel = (writtenAtMs: number, nowMs: number, timeZone: string): string =>
  `(sent ${writtenAt(writtenAtMs, nowMs, timeZone)}) `;

const LABEL = /^\(sent [^()]*\d\d:\d\d(?: UTC)?\) /;

/** The text as it would go in time. */
export const withoutLabel = (text: string): string => text.replace(LABEL, '');
