import type { Answer } from './answer.ts';
import { refuse } from './api-error.ts';
import { keyPrefix, makeId, to18 } from './ids.ts';
import type { OrgUser } from './org.ts';
import { type Condition, type Literal, parseSoql } from './soql.ts';
import type { ApiCall } from './world.ts';

/** The fields of User that can be asked for, by their lower-case name: SOQL's names ignore case. */
const fields = new Map<string, { name: string; valueIn: (user: OrgUser) => Literal }>(
  Object.entries({
    Id: (user: OrgUser) => user.id,
    Username: (user: OrgUser) => user.username,
    Email: (user: OrgUser) => user.email,
    FederationIdentifier: (user: OrgUser) => user.federationIdentifier,
    Name: (user: OrgUser) => user.name,
    FirstName: (user: OrgUser) => user.firstName,
    LastName: (user: OrgUser) => user.lastName,
    IsActive: (user: OrgUser) => user.isActive,
    UserType: (user: OrgUser) => user.userType,
    ProfileId: profileId,
    'Profile.Name': (user: OrgUser) => `${user.licence} User`,
    'Profile.UserLicense.Name': (user: OrgUser) => user.licence,
  }).map(([name, valueIn]) => [name.toLowerCase(), { name, valueIn }]),
);

/** `GET …/query?q=`: SOQL on User. Refuses with MALFORMED_QUERY, INVALID_TYPE, INVALID_FIELD. */
export function queryUsers(call: ApiCall): Answer {
  const { world, user, base } = call;
  const soql = call.query.get('q');
  if (soql === null) throw refuse(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  const query = parseSoql(soql);
  if (query.from.toLowerCase() !== 'user') {
    throw refuse(400, 'INVALID_TYPE', `sObject type '${query.from}' is not supported.`);
  }
  const columns = query.fields.map(fieldNamed);
  const tests = query.where.map(testOf);
  let found = world.org.users.filter((each) => tests.every((test) => test(each)));
  if (query.orderBy) {
    const { valueIn } = fieldNamed(query.orderBy.field);
    found = found.toSorted((one, other) => String(valueIn(one)).localeCompare(String(valueIn(other))));
    if (query.orderBy.descending) found.reverse();
  }
  const records = found.slice(0, query.limit ?? undefined).map((each) => {
    const record: Record<string, unknown> = { attributes: attributes(call, 'User', each.id) };
    for (const { name, valueIn } of columns) place(call, record, name.split('.'), each, valueIn(each));
    return record;
  });
  return { status: 200, body: world.locators.first(records, user.id, base, world.switches.queryBatchSize) };
}

/** `GET …/query/{locator}`: what did not fit into the answer before. */
export function queryMore({ world, user, base, ids }: ApiCall): Answer {
  const page = world.locators.next(ids[0] ?? '', user.id, base, world.switches.queryBatchSize);
  return { status: 200, body: page };
}

/** LIKE is for text (SOQL reference, comparison operators). */
const NOT_LIKE = new Set(['Id', 'ProfileId', 'IsActive', 'UserType']);

function fieldNamed(name: string) {
  const field = fields.get(name.toLowerCase());
  if (!field) throw refuse(400, 'INVALID_FIELD', `No such column '${name}' on entity 'User'.`);
  return field;
}

/** Comparison ignores case, as SOQL's does for text; ids may have 15 or 18 characters. */
function testOf(condition: Condition): (user: OrgUser) => boolean {
  if ('anyOf' in condition) {
    const tests = condition.anyOf.map(testOf);
    return (user) => tests.some((test) => test(user));
  }
  const { name, valueIn } = fieldNamed(condition.field);
  if ('like' in condition) {
    if (NOT_LIKE.has(name)) {
      throw refuse(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on field '${name}': LIKE`);
    }
    return (user) => condition.like.test(String(valueIn(user) ?? ''));
  }
  const { negated, values } = condition;
  const wanted = values.map((value) => comparable(name, value));
  return (user) => wanted.includes(comparable(name, valueIn(user))) !== negated;
}

function comparable(name: string, value: Literal): Literal {
  const isBoolean = name === 'IsActive';
  if (value !== null && (typeof value === 'boolean') !== isBoolean) {
    throw refuse(400, 'INVALID_FIELD', `value of filter criterion for field '${name}' has the wrong type`);
  }
  if (typeof value !== 'string') return value;
  if (name !== 'Id' && name !== 'ProfileId') return value.toLowerCase();
  try {
    return to18(value);
  } catch {
    throw refuse(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`);
  }
}

/** Puts a value where its path says: `Profile.UserLicense.Name` becomes nested records. */
function place(
  call: ApiCall,
  record: Record<string, unknown>,
  path: string[],
  user: OrgUser,
  value: Literal,
) {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    record[first] = value;
    return;
  }
  const id = first === 'Profile' ? profileId(user) : makeId('100', licenceNumber(user));
  const existing = record[first];
  const inner: Record<string, unknown> =
    typeof existing === 'object' && existing !== null
      ? { ...existing }
      : { attributes: attributes(call, first, id) };
  place(call, inner, rest, user, value);
  record[first] = inner;
}

function attributes(call: ApiCall, type: string, id: string) {
  return { type, url: `${call.base}/sobjects/${type}/${id}` };
}

/** One profile for each licence. */
function profileId(user: OrgUser): string {
  return makeId(keyPrefix.profile, licenceNumber(user));
}

function licenceNumber(user: OrgUser): number {
  return [...user.licence].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 99_991, 1);
}
