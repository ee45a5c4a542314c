import { LRUCache } from 'lru-cache';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { SalesforceUser, SalesforceUserId } from '../bridge/people.ts';
import type { SalesforceDirectory } from '../bridge/ports.ts';
import { soqlLike, soqlString } from './soql.ts';
import type { UserQuery } from './user-query.ts';
import {
  type Finding,
  foundForMs,
  INTERNAL_TYPES,
  judge,
  type Unfit,
  USER_FIELDS,
  unfitCodes,
  unfitForMs,
  userOf,
  userRecords,
  userRecordsWithEmail,
} from './user-record.ts';

type Found = Awaited<ReturnType<SalesforceDirectory['search']>>;
/** `name`: of whoever it is about, when there is such a user at all. */
type Picked = { finding: Finding; name: string | undefined };

/** What fits into a menu that people read. */
const MOST_FOUND = 20;
/** Nobody's name has more words, and each makes the question longer. */
const MOST_WORDS = 5;
const LONGEST_NAME = 80;
/** Somebody types a name letter by letter, deletes one and types it again. */
const searchedForMs = 30 * 1000;
const mostKept = 2_000;

/** People as a form finds them: by name, then by the id that was picked. */
export function createUsersByName(
  query: UserQuery,
  now: () => number,
): Pick<SalesforceDirectory, 'findById' | 'search' | 'own'> {
  const clock = { ttlResolution: 0, perf: { now } };
  const searches = new LRUCache<string, Promise<Found>>({ max: mostKept, ttl: searchedForMs, ...clock });
  const picked = new LRUCache<SalesforceUserId, Picked>({ max: mostKept, ...clock });
  const owns = new LRUCache<'own', SalesforceUser>({ max: 1, ttl: foundForMs, ...clock });

  async function ask(words: readonly string[]): Promise<Found> {
    const types = INTERNAL_TYPES.map(soqlString).join(', ');
    const { records } = await query(
      (ownId) =>
        [
          `SELECT ${USER_FIELDS}, Email FROM User`,
          `WHERE IsActive = true AND UserType IN (${types}) AND Id != ${soqlString(ownId)}`,
          ...words.map((word) => `AND (${beginsAnyWord(word)})`),
          `ORDER BY Name LIMIT ${MOST_FOUND}`,
        ].join(' '),
      userRecordsWithEmail,
      'people',
    );
    return records.map((record) => ({ ...userOf(record), email: record.Email ?? undefined }));
  }

  async function pick(id: SalesforceUserId): Promise<Picked> {
    const known = picked.get(id);
    if (known) return known;
    const soql = `SELECT ${USER_FIELDS} FROM User WHERE Id = ${soqlString(id)}`;
    const { records, ownId } = await query(() => soql, userRecords, 'somebody');
    const finding = judge(records, ownId);
    const found = { finding, name: records[0]?.Name };
    picked.set(id, found, { ttl: finding.kind === 'user' ? foundForMs : unfitForMs });
    return found;
  }

  return {
    async search(name) {
      const words = wordsOf(name);
      if (words.length === 0) return [];
      const key = words.join(' ');
      // The promise is kept: who asks the same meanwhile waits for it. A failure is forgotten.
      const asked = searches.get(key) ?? ask(words);
      searches.set(key, asked, { noUpdateTTL: true });
      asked.catch(() => {
        if (searches.peek(key) === asked) searches.delete(key);
      });
      return asked;
    },
    async findById(id) {
      const { finding, name } = await pick(id);
      if (finding.kind === 'user') return finding.user;
      throw refusedForGood(unfitCodes[finding.kind], sentence(finding.kind, name));
    },
    async own() {
      const known = owns.get('own');
      if (known) return known;
      const soql = (id: SalesforceUserId) => `SELECT ${USER_FIELDS} FROM User WHERE Id = ${soqlString(id)}`;
      const { records } = await query(soql, userRecords, 'the bridge’s own user');
      const [record] = records;
      if (!record) {
        throw refusedForGood(
          'bridge-unseen',
          'The bridge’s own Salesforce user cannot see itself. Ask your Salesforce admin to check what it may see.',
        );
      }
      const user = userOf(record);
      owns.set('own', user);
      return user;
    },
  };
}

const wordsOf = (name: string): string[] =>
  name
    .slice(0, LONGEST_NAME)
    // Half a character, which no address can carry.
    .replace(/\p{Cs}/gu, '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);

/** First names come first, and hyphens join two. Neither case nor accents are ours to judge: Salesforce compares. */
const beginsAnyWord = (word: string): string =>
  ['', '% ', '%-'].map((before) => `Name LIKE ${soqlLike(before, word, '%')}`).join(' OR ');

function sentence(kind: Unfit, name: string | undefined): string {
  switch (kind) {
    case 'none':
      return 'The Salesforce user who was picked does not exist any more.';
    case 'inactive':
      return `The Salesforce user ${name} is not active any more. Ask your Salesforce admin.`;
    case 'external':
      return `${name} is from outside the company, and Chatter messages reach only its own people.`;
    case 'several':
      return `Salesforce knows several users like ${name}, so the bridge cannot tell which is meant.`;
    case 'bridge':
      return `${name} is the bridge’s own Salesforce user, which cannot be written to.`;
  }
}
