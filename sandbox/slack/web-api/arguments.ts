import type { IncomingMessage } from 'node:http';
import { isFields, parse } from '../json.ts';
import type { Fields } from '../shapes.ts';
import { SlackError } from './method.ts';

/**
 * The arguments of a Web API call, from the query, a form (in which objects are JSON strings) or JSON.
 * @throws SlackError for JSON that is none, or no object.
 */
export function callArguments(request: IncomingMessage, url: URL, body: string): Fields {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
  const query = fromForm(url.searchParams);
  if (type !== 'application/json') return { ...query, ...fromForm(new URLSearchParams(body)) };
  const json = parse(body);
  if (json === undefined) throw new SlackError('invalid_json');
  if (!isFields(json)) throw new SlackError('json_not_object');
  return { ...query, ...json };
}

/** The arguments that a form carries as JSON; all others stay the text that they are. */
const STRUCTURED = new Set(['blocks', 'attachments', 'metadata', 'view', 'unfurls', 'files']);

function fromForm(form: URLSearchParams): Fields {
  const args: Fields = {};
  for (const [name, value] of form) args[name] = STRUCTURED.has(name) ? (parse(value) ?? value) : value;
  return args;
}
