/** A key of `ENCRYPTION_KEYS`: 32 bytes, and the name that sealed text carries. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/** Thrown by the readers below: the words that follow the variable's name and say what is wrong with it. */
export class WrongValue extends Error {}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const KEY_BYTES = 32;
const LEAST_TOKEN_CHARACTERS = 32;

/** https, or http to this machine itself: tokens and texts must not cross a network in the clear. */
export function isHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  if (!url) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

export function positive(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    const isRight = Number.isInteger(number) && number >= least && number <= most;
    if (!isRight) throw new WrongValue(`must be a whole number from ${least} to ${most}, not "${value}".`);
    return number;
  };
}

export function oneOf<T extends string>(...allowed: readonly T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((word) => word === value);
    if (found === undefined) throw new WrongValue(`must be ${allowed.join(' or ')}, not "${value}".`);
    return found;
  };
}

/** `id:base64(32 bytes)`, comma-separated; the first encrypts. */
export function readKeys(value: string): EncryptionKey[] {
  const keys: EncryptionKey[] = [];
  for (const item of value.split(',')) {
    const [, id, base64] = /^\s*([A-Za-z0-9_-]+):([A-Za-z0-9+/_=-]+)\s*$/.exec(item) ?? [];
    const key = Buffer.from(base64 ?? '', 'base64');
    if (!id || key.length !== KEY_BYTES) {
      throw new WrongValue(
        'must be id:base64 of 32 bytes, several separated by commas; make one with: echo "1:$(openssl rand -base64 32)".',
      );
    }
    if (keys.some((known) => known.id === id)) throw new WrongValue(`names the key ${id} twice.`);
    keys.push({ id, key });
  }
  return keys;
}

/** `T0123=corp.com,corp.de;E0456=corp.jp` */
export function readTeams(value: string): Map<string, readonly string[]> {
  const teams = new Map<string, readonly string[]>();
  for (const item of value.split(';').filter((part) => part.trim() !== '')) {
    const [, id = item.trim(), names] = /^\s*([TE][A-Z0-9]+)\s*(?:=([^=]+))?$/.exec(item) ?? [];
    const domains = names?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
    const wrong = /^[TE][A-Z0-9]+$/.test(id)
      ? domains.find((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain))
      : id;
    if (wrong !== undefined) {
      throw new WrongValue(`must look like T0123=corp.com,corp.de;E0456=corp.jp ("${wrong}" is neither).`);
    }
    if (teams.has(id)) throw new WrongValue(`names ${id} twice.`);
    teams.set(id, domains);
  }
  return teams;
}

/** `U0123,W0456` */
export function readUsers(value: string): Set<string> {
  return readIds(value, /^[UW][A-Z0-9]+$/, 'must be Slack user ids such as U0123,U0456');
}

/** `everyone`, `admins`, or the id of a user group */
export function readNotifyAllowed(value: string): 'everyone' | 'admins' | { group: string } {
  if (value === 'everyone' || value === 'admins') return value;
  if (/^S[A-Z0-9]+$/.test(value)) return { group: value };
  throw new WrongValue(
    `must be everyone, admins, or the id of a user group such as S0123 ("${value}" is none).`,
  );
}

/** `off`, or `C0123,G0456` */
export function readChannelsOrOff(value: string): Set<string> {
  if (value === 'off') return new Set();
  return readIds(value, /^[CG][A-Z0-9]+$/, 'must be off, or ids of channels such as C0123,C0456');
}

function readIds(value: string, form: RegExp, what: string): Set<string> {
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const wrong = ids.find((id) => !form.test(id));
  if (wrong !== undefined) throw new WrongValue(`${what} ("${wrong}" is none).`);
  return new Set(ids);
}

/** A secret that goes behind `Bearer` (RFC 6750, 2.1). Not repeated in the sentence. */
export function readToken(value: string): string {
  if (value.length < LEAST_TOKEN_CHARACTERS || !/^[A-Za-z0-9._~+/-]+=*$/.test(value)) {
    throw new WrongValue(
      `must have at least ${LEAST_TOKEN_CHARACTERS} characters, letters and digits and ._~+/- only; make one with: openssl rand -hex 32.`,
    );
  }
  return value;
}
