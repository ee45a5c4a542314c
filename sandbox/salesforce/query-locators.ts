import { refuse } from './api-error.ts';
import { makeId } from './ids.ts';

/** `01g`: what SOQL calls a result of which more can be asked for. */
const keyPrefix = '01g';

export interface QueryPage {
  totalSize: number;
  done: boolean;
  /** Of the rest, below the version's path; absent when this is the end. */
  nextRecordsUrl?: string;
  records: readonly unknown[];
}

/** Results that do not fit into one answer. The rest is asked for by a locator, and by the same user alone. */
export class QueryLocators {
  readonly #results = new Map<string, { userId: string; records: readonly unknown[] }>();
  #last = 0;

  /** The first page. @param size how many records an answer holds */
  first(records: readonly unknown[], userId: string, base: string, size: number): QueryPage {
    if (records.length <= size) return { totalSize: records.length, done: true, records };
    const id = makeId(keyPrefix, ++this.#last);
    this.#results.set(id, { userId, records });
    return pageAt(id, records, 0, base, size);
  }

  /** The page that a locator (`01g…-2000`) stands for. @throws ApiError for one that is not this user's. */
  next(locator: string, userId: string, base: string, size: number): QueryPage {
    const [, id = '', start = ''] = /^(\w+)-(\d+)$/.exec(locator) ?? [];
    const result = this.#results.get(id);
    if (result?.userId !== userId || Number(start) >= result.records.length) {
      throw refuse(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    return pageAt(id, result.records, Number(start), base, size);
  }

  clear(): void {
    this.#results.clear();
  }
}

function pageAt(id: string, all: readonly unknown[], start: number, base: string, size: number): QueryPage {
  const end = start + size;
  const done = end >= all.length;
  return {
    totalSize: all.length,
    done,
    ...(!done && { nextRecordsUrl: `${base}/query/${id}-${end}` }),
    records: all.slice(start, end),
  };
}
