import { jsonObject, parserError } from './json-input.ts';
import type { StoredMessage } from './org.ts';

/** A message as sent, before any rule: the text has two names in Connect's two input forms. */
export interface MessageInput {
  text: string;
  recipients: string[] | null;
  inReplyTo: string | null;
  via: StoredMessage['via'];
}

/**
 * Reads the JSON form (`body`, a string; `recipients`, an array) when there is a request body, otherwise the
 * query form (`text`; `recipients`, comma-separated). Refuses with JSON_PARSER_ERROR.
 */
export function readMessageInput(body: string, query: URLSearchParams): MessageInput {
  if (body === '') return fromQuery(query);
  const sent = jsonObject(body, ['body', 'recipients', 'inReplyTo']);
  return {
    text: sent.body === undefined || sent.body === null ? '' : stringIn('body', sent.body),
    recipients:
      sent.recipients === undefined || sent.recipients === null
        ? null
        : stringsIn('recipients', sent.recipients),
    inReplyTo:
      sent.inReplyTo === undefined || sent.inReplyTo === null ? null : stringIn('inReplyTo', sent.inReplyTo),
    via: 'json',
  };
}

/** The text of either form when there is one, without judging the rest. */
export function textIn(body: string, query: URLSearchParams): string | undefined {
  try {
    return readMessageInput(body, query).text;
  } catch {
    return undefined;
  }
}

function fromQuery(query: URLSearchParams): MessageInput {
  return {
    text: query.get('text') ?? '',
    recipients: query.get('recipients')?.split(',').filter(Boolean) ?? null,
    inReplyTo: query.get('inReplyTo'),
    via: 'query-form',
  };
}

function stringIn(name: string, value: unknown): string {
  if (typeof value !== 'string') throw parserError(`Can not deserialize "${name}": expected a string`);
  return value;
}

function stringsIn(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) throw parserError(`Can not deserialize "${name}": expected an array`);
  return value.map((item) => stringIn(name, item));
}
