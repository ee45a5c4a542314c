import { refuse } from './api-error.ts';

/**
 * A JSON object with none but these properties; anything else is a JSON_PARSER_ERROR, as Connect's
 * deserialiser does not skip what it does not know (`text` instead of `body`, for one).
 */
export function jsonObject(body: string, properties: readonly string[]): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw parserError(error instanceof Error ? error.message : 'Unparseable');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw parserError('Can not deserialize: expected an object');
  }
  const unknown = Object.keys(value).find((key) => !properties.includes(key));
  if (unknown !== undefined) throw parserError(`Unrecognized field "${unknown}"`);
  return { ...value };
}

export function parserError(message: string) {
  return refuse(400, 'JSON_PARSER_ERROR', message);
}
