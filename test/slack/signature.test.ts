import { describe, expect, it } from 'vitest';
import { signatureFlaw } from '../../src/slack/signature.ts';

// Slack's own example (docs.slack.dev, verifying-requests-from-slack).
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const AT_SECONDS = 1531420618;
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

const request = { timestamp: String(AT_SECONDS), signature: SIGNATURE, body: Buffer.from(BODY) };
const flaw = (changes: Partial<Parameters<typeof signatureFlaw>[0]>, lateSeconds = 0) =>
  signatureFlaw({ ...request, ...changes }, SECRET, (AT_SECONDS + lateSeconds) * 1000);

describe("Slack's signature", () => {
  it("is Slack's own example's", () => {
    expect(flaw({})).toBeUndefined();
  });

  it.each([-301, 301, 3600])('is refused %d seconds away from its time', (seconds) => {
    expect(flaw({}, seconds)).toBe('stale or future timestamp');
  });

  it.each([-299, 300])('is accepted %d seconds away from its time', (seconds) => {
    expect(flaw({}, seconds)).toBeUndefined();
  });

  it.each([
    ['another body', { body: Buffer.from(`${BODY}&text=more`) }],
    ['another signature', { signature: SIGNATURE.replace('a2', 'b2') }],
    ['another version', { signature: SIGNATURE.replace('v0', 'v1') }],
    ['a shorter signature', { signature: 'v0=' }],
    ['another time', { timestamp: String(AT_SECONDS + 1) }],
    ['no number for a time', { timestamp: `${AT_SECONDS}.5e1` }],
    ['no time', { timestamp: undefined }],
    ['no signature', { signature: undefined }],
  ])('is refused with %s', (_, changes) => {
    expect(flaw(changes)).toBeDefined();
  });
});
