/** A measured value with the bound that it must keep. */
export interface Figure {
  what: string;
  value: number;
  unit: 'ms' | 'calls' | 'bytes' | 'MB';
  bound: number;
  /** What was measured beside it, without a bound. */
  also?: string;
}

export const keepsBound = ({ value, bound }: Figure): boolean => value <= bound;

/** `/chatter-dm answered, median         12 ms  (at most 100)` */
export function lineOf(figure: Figure): string {
  const { what, value, unit, bound, also } = figure;
  const shown = unit === 'calls' ? value.toFixed(2) : value.toFixed(0);
  const verdict = keepsBound(figure) ? '' : '  TOO MUCH';
  return `${what.padEnd(44)} ${shown.padStart(6)} ${unit.padEnd(5)} (at most ${Math.floor(bound)})${also ? `  ${also}` : ''}${verdict}`;
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}
