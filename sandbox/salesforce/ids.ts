const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Key prefixes, the first three characters of an id (Connect REST API guide). */
export const keyPrefix = {
  user: '005',
  message: '03J',
  conversation: '03M',
  org: '00D',
  profile: '00e',
} as const;

/**
 * The 18-character form of a 15- or 18-character id. The last three characters say which of the 15 are
 * capitals: each is one group of five, bit k set when its k-th character is A–Z.
 * Throws RangeError for anything else, also for an 18-character id whose check characters are wrong.
 */
export function to18(id: string): string {
  if (!/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/.test(id)) throw new RangeError(`malformed id: ${id}`);
  const id15 = id.slice(0, 15);
  const check = [0, 5, 10].map((start) => checkCharacter(id15.slice(start, start + 5))).join('');
  if (id.length === 18 && id.slice(15) !== check) throw new RangeError(`wrong check characters: ${id}`);
  return id15 + check;
}

function checkCharacter(group: string): string {
  const bits = [...group].reduce((sum, char, k) => (/[A-Z]/.test(char) ? sum + 2 ** k : sum), 0);
  return checksumAlphabet.charAt(bits);
}

/** The n-th 18-character id with this key prefix; ids sort (as ASCII) in the order of n. */
export function makeId(prefix: string, n: number): string {
  let digits = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / 62)) digits = base62.charAt(rest % 62) + digits;
  return to18(`${prefix}gK0${digits.padStart(9, '0')}`);
}
