import type { Fields } from './shapes.ts';

/** Parses a JSON object; undefined for anything else. */
export function parseFields(text: string): Fields | undefined {
  const value = parse(text);
  return isFields(value) ? value : undefined;
}

/** Parses JSON; undefined when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
