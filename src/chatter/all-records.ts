import type { Connection } from 'jsforce';
import type { Record as SalesforceRecord } from 'jsforce/lib/types/common.js';

/** 100,000 records, of 2,000 a page: nobody looks for that many. */
const mostPages = 50;

/**
 * All records that a query finds: an answer holds 2,000 at the most, and fewer where Salesforce likes (REST API guide,
 * Query). Each page is a request. Throws what the connection throws, and an Error when there is no end.
 */
export async function allRecords(connection: Connection, soql: string): Promise<SalesforceRecord[]> {
  let page = await connection.query<SalesforceRecord>(soql);
  const records = [...page.records];
  for (let pages = 1; page.nextRecordsUrl !== undefined; pages++) {
    if (pages === mostPages) throw new Error('more records than can be read');
    // jsforce takes the locator alone from that URL, so the token goes nowhere else.
    page = await connection.queryMore<SalesforceRecord>(page.nextRecordsUrl);
    records.push(...page.records);
  }
  return records;
}
