import { readFileSync } from 'node:fs';

/** What the bridge logs about a stored change of a delivery, as far as it is of use here. */
export interface LogLine {
  readonly time: number;
  readonly pid: number;
  readonly msg: string;
  readonly delivery?: string;
  readonly phase?: string;
}

/** Lines that are about deliveries, oldest first. A line cut off by a kill is left out. */
export function deliveryLines(file: string): LogLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"delivery":'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        return [];
      }
    });
}
