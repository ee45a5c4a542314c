import { generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { type Dispatcher, request } from 'undici';
import {
  type SalesforceOptions,
  type StandInSalesforce,
  startSalesforce,
} from '../../../sandbox/salesforce/server.ts';

export const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const clientId = '3MVG9-test-app';
export const messagesPath = '/services/data/v66.0/chatter/users/me/messages';
export const conversationsPath = '/services/data/v66.0/chatter/users/me/conversations';

const people = [
  { name: 'Ada Lovelace', email: 'ada@corp.example' },
  { name: 'Grace Hopper', email: 'grace@corp.example' },
  { name: 'Alan Turing', email: 'alan@corp.example' },
];

/** A stand-in with Ada, Grace and Alan in it. */
export function startWithPeople(options: Partial<SalesforceOptions> = {}): Promise<StandInSalesforce> {
  return startSalesforce({ clientId, publicKey, users: people, ...options });
}

/** The id of the person with this first name. */
export function idOf(salesforce: StandInSalesforce, firstName: string): string {
  const user = salesforce.users.find((one) => one.firstName === firstName);
  if (!user) throw new Error(`nobody is called ${firstName}`);
  return user.id;
}

/** A signed assertion for this username; claims may be overridden. */
export function assertion(
  sub: string,
  claims: JWTPayload = {},
  key = privateKey,
  alg = 'RS256',
): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 180;
  const payload = { iss: clientId, sub, aud: 'https://login.salesforce.com', exp, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

type Options = Omit<Dispatcher.RequestOptions, 'method' | 'path' | 'origin'> & {
  method?: Dispatcher.HttpMethod;
};

/** One HTTP exchange; redirects are not followed. */
export async function exchange(url: string, options: Options = {}): Promise<Reply> {
  const { statusCode, headers, body } = await request(url, options);
  const text = await body.text();
  const isJson = String(headers['content-type']).startsWith('application/json') && text !== '';
  return { status: statusCode, headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Asks for a token with this form. */
export function askToken(salesforce: StandInSalesforce, form: Record<string, string>): Promise<Reply> {
  return exchange(`${salesforce.url}/services/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

export function grant(jwt: string): Record<string, string> {
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt };
}

export type Visitor = Awaited<ReturnType<typeof visitor>>;

/** Somebody with a token: plain calls to the API in their name, answers unencoded. */
export async function visitor(salesforce: StandInSalesforce, firstName: string) {
  const user = salesforce.users.find((one) => one.firstName === firstName);
  const { json } = await askToken(salesforce, grant(await assertion(user?.username ?? firstName)));
  const headers = { authorization: `Bearer ${json.access_token}`, 'x-chatter-entity-encoding': 'false' };
  const send = (
    method: Dispatcher.HttpMethod,
    path: string,
    body?: unknown,
    extra?: Record<string, string>,
  ) =>
    exchange(salesforce.url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...extra },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    token: String(json.access_token),
    send,
    get: (path: string, extra?: Record<string, string>) => send('GET', path, undefined, extra),
    message: (body: unknown, extra?: Record<string, string>) => send('POST', messagesPath, body, extra),
    query: (soql: string) => send('GET', `/services/data/v66.0/query?q=${encodeURIComponent(soql)}`),
  };
}
