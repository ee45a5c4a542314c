/** What clients of the API are held to. docs/openapi.yaml says the same, and test/api/openapi.test.ts compares. */
export const limits = {
  bodyBytes: 64 * 1_024,
  recipients: 1_000,
  textCharacters: 40_000,
  emailCharacters: 254,
  idempotencyKeyCharacters: 255,
  /** By all clients together, since there is one token. */
  requests: { most: 60, windowMs: 60_000 },
} as const;
