import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { parse } from 'yaml';

/** The parts of an OpenAPI document that are looked at here. */
export interface Document {
  paths: Record<string, PathItem>;
  [part: string]: unknown;
}
type Ref = { $ref: string };
type PathItem = { parameters?: (Parameter | Ref)[] } & Record<string, unknown>;
interface Parameter {
  name: string;
  in: 'header' | 'query' | 'path';
  required?: boolean;
  schema: unknown;
}
interface Operation {
  parameters?: (Parameter | Ref)[];
  requestBody?: { required?: boolean; content: Record<string, { schema: unknown }> };
  responses: Record<string, Response | Ref>;
}
interface Response {
  headers?: Record<string, { required?: boolean; schema: unknown } | Ref>;
  content?: Record<string, { schema: unknown }>;
}

export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** JSON already read; undefined: none. */
  body?: unknown;
}
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
}

export function readOpenApi(): Document {
  return parse(readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8')) as Document;
}

/**
 * Compares requests and answers with an OpenAPI document: what that does not name is wrong. `seen` and `documented` are
 * operations with a status: `POST /api/notifications 202`.
 */
export function createOpenApiCheck(document: Document) {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false, formats: fullFormats });
  // Headers and queries are text, also where a number is meant.
  const lax = new Ajv2020({ coerceTypes: true, strictTypes: false, formats: fullFormats });
  for (const each of [ajv, lax]) {
    // The document stands in for a schema, so that what is inside it can be referred to. Else unknown keywords are mistakes.
    each.addVocabulary(Object.keys(document));
    each.addSchema(document as object, 'openapi');
  }
  const compiled = new Map<string, ValidateFunction>();
  const seen = new Set<string>();

  function at(pointer: readonly string[]): { value: unknown; pointer: readonly string[] } {
    let value: unknown = document;
    for (const step of pointer) value = (value as Record<string, unknown> | undefined)?.[step];
    const ref = (value as Partial<Ref> | undefined)?.$ref;
    return ref === undefined ? { value, pointer } : at(ref.slice(2).split('/').map(unescapeStep));
  }

  function flawsOf(pointer: readonly string[], value: unknown, by = ajv): string[] {
    const ref = `openapi#/${pointer.map(escapeStep).join('/')}`;
    const key = `${by === lax} ${ref}`;
    const validate =
      compiled.get(key) ?? by.compile(by === lax ? { properties: { it: { $ref: ref } } } : { $ref: ref });
    compiled.set(key, validate);
    if (validate(by === lax ? { it: value } : value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) =>
      `${instancePath} ${message ?? ''}`.trim(),
    );
  }

  function operationOf(method: string, path: string) {
    const bare = path.split('?')[0] ?? '';
    for (const template of Object.keys(document.paths)) {
      const form = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`);
      const parts = form.exec(bare);
      if (!parts) continue;
      const pointer = ['paths', template, method.toLowerCase()];
      const operation = at(pointer).value as Operation | undefined;
      return operation && { template, pointer, operation, inPath: parts[1] };
    }
    return undefined;
  }

  /** What is wrong with a request, a sentence each. */
  function request({ method, path, headers, body }: Asked): string[] {
    const found = operationOf(method, path);
    if (!found) return [`${method} ${path} is not in the document`];
    const flaws: string[] = [];
    const lists = [found.pointer, ['paths', found.template]].map((pointer) => [...pointer, 'parameters']);
    for (const list of lists) {
      const count = (at(list).value as unknown[] | undefined)?.length ?? 0;
      for (let i = 0; i < count; i += 1) {
        const { value, pointer } = at([...list, `${i}`]);
        const { name, in: place, required = false } = value as Parameter;
        const query = new URLSearchParams(path.split('?')[1]).get(name) ?? undefined;
        const given = { header: headers[name.toLowerCase()], query, path: found.inPath }[place];
        if (given === undefined && required) flaws.push(`${place} ${name} is missing`);
        if (given !== undefined)
          flaws.push(
            ...flawsOf([...pointer, 'schema'], given, lax).map((flaw) => `${place} ${name}: ${flaw}`),
          );
      }
    }
    const { requestBody } = found.operation;
    if (body !== undefined && !requestBody) flaws.push('there is a body');
    if (body === undefined && requestBody?.required) flaws.push('the body is missing');
    if (body !== undefined && requestBody) {
      const type = headers['content-type'] ?? '';
      if (!(type in requestBody.content)) flaws.push(`content type ${type} is not in the document`);
      else flaws.push(...flawsOf([...found.pointer, 'requestBody', 'content', type, 'schema'], body));
    }
    return flaws;
  }

  /** What is wrong with an answer, a sentence each. */
  function response({ method, path }: Pick<Asked, 'method' | 'path'>, answered: Answered): string[] {
    const found = operationOf(method, path);
    if (!found) return [`${method} ${path} is not in the document`];
    const { status, headers, text } = answered;
    const { value, pointer } = at([...found.pointer, 'responses', `${status}`]);
    if (value === undefined) return [`${status} is not in the document`];
    seen.add(`${method} ${found.template} ${status}`);
    const documented = value as Response;
    const flaws: string[] = [];
    for (const name of Object.keys(documented.headers ?? {})) {
      const header = at([...pointer, 'headers', name]);
      const given = headers.get(name);
      if (given === null && (header.value as { required?: boolean }).required)
        flaws.push(`header ${name} is missing`);
      if (given !== null)
        flaws.push(
          ...flawsOf([...header.pointer, 'schema'], given, lax).map((flaw) => `header ${name}: ${flaw}`),
        );
    }
    const type = headers.get('content-type');
    if (documented.content === undefined)
      return text === '' && type === null ? flaws : [...flaws, 'there is a body'];
    if (type === null || !(type in documented.content))
      return [...flaws, `content type ${type} is not in the document`];
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return [...flaws, 'the body is no JSON'];
    }
    flaws.push(...flawsOf([...pointer, 'content', type, 'schema'], body));
    if (type.endsWith('problem+json') && (body as { status?: unknown }).status !== status)
      flaws.push('the status in the body is another one');
    return flaws;
  }

  const documented = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      Object.keys((operation as Partial<Operation>).responses ?? {}).map(
        (status) => `${method.toUpperCase()} ${template} ${status}`,
      ),
    ),
  );
  return { request, response, seen, documented, schema: flawsOf };
}

export type OpenApiCheck = ReturnType<typeof createOpenApiCheck>;

const escapeStep = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
const unescapeStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');
