/** An answer that is not a success. Status and headers are kept: jsforce's own errors have neither. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';
  readonly status: number;
  /** When Salesforce wants to be asked again, if it said so. */
  readonly retryAfterMs: number | undefined;
  /** Salesforce's own errors in the body; empty when the body is something else (a page, nothing). */
  readonly errorCodes: readonly string[];
  // Private, so that no logger prints it: bodies can quote texts and e-mail addresses.
  readonly #body: string;
  readonly #errors: readonly SalesforceError[];

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    super(`HTTP ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs(headers['retry-after'], headers.date);
    this.#body = body;
    this.#errors = salesforceErrors(body);
    this.errorCodes = this.#errors.map(({ errorCode }) => errorCode);
  }

  get body(): string {
    return this.#body;
  }

  /** Salesforce's own words for the first error, if it has an error body. */
  get words(): string | undefined {
    return this.#errors[0]?.message;
  }
}

/** A request without a complete answer: no connection, a reset, a time-out, or stopped by its watch. */
export class BrokenExchange extends Error {
  override readonly name = 'BrokenExchange';
  /** How much of a watched body may have left; 0: certainly nothing. */
  readonly bytesOut: number;
  readonly answerBegan: boolean;
  readonly timedOut: boolean;
  readonly stoppedByWatch: boolean;

  constructor(
    how: Pick<BrokenExchange, 'bytesOut' | 'answerBegan' | 'timedOut' | 'stoppedByWatch' | 'cause'>,
  ) {
    super('no complete answer', { cause: how.cause });
    this.bytesOut = how.bytesOut;
    this.answerBegan = how.answerBegan;
    this.timedOut = how.timedOut;
    this.stoppedByWatch = how.stoppedByWatch;
  }
}

interface SalesforceError {
  errorCode: string;
  message: string;
}

/** `[{errorCode, message}]`, documented; a bare object is accepted too, as the hourly limit's body is unknown. */
function salesforceErrors(body: string): SalesforceError[] {
  const parsed = parseJson(body);
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('errorCode' in item)) return [];
    if (typeof item.errorCode !== 'string') return [];
    const message = 'message' in item && typeof item.message === 'string' ? item.message : '';
    return [{ errorCode: item.errorCode, message }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const longestWaitMs = 24 * 60 * 60 * 1000;

/** Retry-After as seconds, or as a date, which is read against the answer's own clock, not ours. */
function retryAfterMs(retryAfter: string | undefined, date: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestWaitMs);
}
