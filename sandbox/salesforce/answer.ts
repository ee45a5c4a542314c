import type { ApiError } from './api-error.ts';

/** What goes back to the client: `body` as JSON, or `page` as HTML, or nothing (204). */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  page?: string;
}

/** Salesforce's error body: always an array. */
export function errorAnswer(error: ApiError): Answer {
  return { status: error.status, body: [{ errorCode: error.errorCode, message: error.message }] };
}

/** The kind of HTML page that Salesforce's edge answers with when the instance does not. */
export function edgePage(status: number, title: string): Answer {
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, page };
}

/** The words of the hourly limit, the one stable sign of it (Salesforce help article 000382873). */
export const hourlyLimitWords =
  "You have reached the Connect API's hourly request limit for this user and application. Please try again later.";

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\\': '&#92;',
  '&': '&amp;',
};

/** Every string in a JSON value with `< > " ' \ &` as entities: what Connect does unless asked not to. */
export function entityEncoded(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/[<>"'\\&]/g, (char) => entities[char] ?? char);
  if (Array.isArray(value)) return value.map(entityEncoded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, entityEncoded(inner)]));
}
