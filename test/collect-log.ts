import { type Logger, pino } from 'pino';
import { describeError } from '../src/ops/log.ts';

export type LogLine = Record<string, unknown> & { level: number; msg: string };

/** A logger whose lines of level info and above are kept, for tests that read them. */
export function collectLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as LogLine);
  return { log: pino({ level: 'info', serializers: { err: describeError } }, { write }), lines };
}
