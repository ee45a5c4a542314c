import { refuse } from './api-error.ts';

export type Literal = string | boolean | null;

/** `Field = 'x'`, `Field != 'x'`, `Field IN ('x', 'y')`, `Field NOT IN (…)`. */
export interface Comparison {
  field: string;
  negated: boolean;
  values: Literal[];
}

/** `Field LIKE 'x%'`; the pattern ignores case, as SOQL does. */
export interface Likeness {
  field: string;
  like: RegExp;
}

/** `(… OR …)`; several of them, and other conditions, are joined by AND. */
export type Condition = Comparison | Likeness | { anyOf: Condition[] };

/** `SELECT … FROM … [WHERE … AND …] [ORDER BY field [ASC|DESC]] [LIMIT n]`: all that is understood here. */
export interface SelectQuery {
  fields: string[];
  from: string;
  where: Condition[];
  orderBy: { field: string; descending: boolean } | null;
  limit: number | null;
}

/**
 * Parses a query strictly: anything outside the subset, also a backslash that is not one of SOQL's escapes,
 * is refused with 400 MALFORMED_QUERY.
 */
export function parseSoql(soql: string): SelectQuery {
  const tokens = tokensOf(soql);
  const query: SelectQuery = { fields: [], from: '', where: [], orderBy: null, limit: null };
  tokens.keyword('SELECT');
  do query.fields.push(tokens.name());
  while (tokens.takes(','));
  tokens.keyword('FROM');
  query.from = tokens.name();
  if (tokens.takes('WHERE')) {
    do query.where.push(condition(tokens));
    while (tokens.takes('AND'));
  }
  if (tokens.takes('ORDER')) {
    tokens.keyword('BY');
    const field = tokens.name();
    const descending = tokens.takes('DESC');
    if (!descending) tokens.takes('ASC');
    query.orderBy = { field, descending };
  }
  if (tokens.takes('LIMIT')) query.limit = tokens.number();
  tokens.end();
  return query;
}

function condition(tokens: Tokens): Condition {
  if (tokens.takes('(')) {
    const anyOf = [condition(tokens)];
    while (tokens.takes('OR')) anyOf.push(condition(tokens));
    tokens.keyword(')');
    return { anyOf };
  }
  const field = tokens.name();
  if (tokens.takes('=')) return { field, negated: false, values: [tokens.literal()] };
  if (tokens.takes('!=')) return { field, negated: true, values: [tokens.literal()] };
  if (tokens.takes('LIKE')) return { field, like: patternOf(tokens.text()) };
  const negated = tokens.takes('NOT');
  tokens.keyword('IN');
  tokens.keyword('(');
  const values: Literal[] = [];
  do values.push(tokens.literal());
  while (tokens.takes(','));
  tokens.keyword(')');
  return { field, negated, values };
}

type Tokens = ReturnType<typeof tokensOf>;

const tokenPattern = /\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z][\w.]*)|(\d+)|(!=|[=(),]))/sy;

function tokensOf(soql: string) {
  const list: string[] = [];
  tokenPattern.lastIndex = 0;
  for (let end = 0; soql.slice(end).trim() !== ''; end = tokenPattern.lastIndex) {
    const match = tokenPattern.exec(soql);
    if (!match) throw malformed(`unexpected token: ${soql.slice(end).trim().charAt(0)}`);
    list.push(match[0].trimStart());
  }
  let at = 0;
  const takes = (word: string) => {
    const found = list[at]?.toUpperCase() === word;
    if (found) at += 1;
    return found;
  };
  const matching = (pattern: RegExp) => {
    const token = list[at] ?? '<EOF>';
    if (!pattern.test(token)) throw malformed(`unexpected token: ${token}`);
    at += 1;
    return token;
  };
  return {
    /** Steps over the word if it is the next token. */
    takes,
    keyword(word: string) {
      if (!takes(word)) throw malformed(`expecting '${word}', found '${list[at] ?? '<EOF>'}'`);
    },
    name: () => matching(/^[A-Za-z]/),
    number: () => Number(matching(/^\d+$/)),
    /** A string literal as it stands, without its quotes. */
    text: () => matching(/^'/).slice(1, -1),
    literal(): Literal {
      const token = matching(/^(?:'|(?:true|false|null)$)/i);
      if (token.startsWith("'")) return unescaped(token.slice(1, -1));
      return token.toLowerCase() === 'null' ? null : token.toLowerCase() === 'true';
    },
    end() {
      if (at < list.length) throw malformed(`unexpected token: ${list[at]}`);
    },
  };
}

const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Undoes the escapes of the SOQL reference ("Quoted String Escape Sequences"); no other backslash is legal. */
function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (sequence, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    const plain = escapes[char ?? ''];
    if (plain === undefined) throw malformed(`Illegal string literal: Invalid string escape: ${sequence}`);
    return plain;
  });
}

/** `%` is any text, `_` any character; after a backslash they are themselves, in a LIKE alone. */
function patternOf(quoted: string): RegExp {
  const parts = quoted.split(/(\\[\s\S][0-9A-Fa-f]{0,4}|[%_])/).map((part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    if (/^\\[%_]/.test(part)) return escapedForRegExp(part.slice(1));
    return escapedForRegExp(unescaped(part));
  });
  return new RegExp(`^${parts.join('')}$`, 'isu');
}

const escapedForRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function malformed(message: string) {
  return refuse(400, 'MALFORMED_QUERY', message);
}
