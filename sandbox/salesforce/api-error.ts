/** What Salesforce says when it refuses: HTTP status, its error code and its words. */
export interface Refusal {
  status: number;
  errorCode: string;
  message: string;
}

/** A refusal thrown from anywhere below the router, which turns it into `[{errorCode, message}]`. */
export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'ApiError';
    this.status = refusal.status;
    this.errorCode = refusal.errorCode;
  }
}

/** Shorthand for `throw refuse(400, 'MALFORMED_ID', '…')`. */
export function refuse(status: number, errorCode: string, message: string): ApiError {
  return new ApiError({ status, errorCode, message });
}
