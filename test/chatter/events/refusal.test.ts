import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { REPLAY_LOST } from '../../../src/bridge/push.ts';
import { isUnauthenticated, refusal } from '../../../src/chatter/events/refusal.ts';

function failure(code: status, errorCode?: string): Error {
  const metadata = new Metadata();
  if (errorCode !== undefined) metadata.set('error-code', `sfdc.platform.eventbus.grpc.${errorCode}`);
  return Object.assign(new Error(`${code} something secret`), {
    code,
    details: 'something secret',
    metadata,
  });
}

describe('a refusal of the Pub/Sub API', () => {
  it.each<[errorCode: string, of: status, code: string, retry: string]>([
    ['subscription.fetch.replayid.corrupted', status.INVALID_ARGUMENT, REPLAY_LOST, 'later'],
    ['subscription.fetch.replayid.validation.failed', status.INVALID_ARGUMENT, REPLAY_LOST, 'later'],
    ['topic.not.found', status.NOT_FOUND, 'topic-missing', 'never'],
    ['topic.not.found', status.INVALID_ARGUMENT, 'topic-missing', 'never'],
    ['topic.meta.permission', status.INTERNAL, 'topic-not-allowed', 'never'],
    ['subscription.topic.cannot.subscribe', status.INTERNAL, 'topic-not-allowed', 'never'],
    ['service.tenant.license', status.FAILED_PRECONDITION, 'topic-not-allowed', 'never'],
    ['subscription.limit.exceeded', status.RESOURCE_EXHAUSTED, 'events-spent', 'never'],
    ['concurrent.client.limit.exceeded', status.RESOURCE_EXHAUSTED, 'events-spent', 'never'],
    ['service.auth.error', status.UNAUTHENTICATED, 'push-unauthorised', 'later'],
    ['service.unavailable', status.UNAVAILABLE, 'push-cut', 'later'],
    ['a.code.of.tomorrow', status.INTERNAL, 'push-cut', 'later'],
  ])('%s is understood by its code', (errorCode, of, code, retry) => {
    expect(refusal(failure(of, errorCode))).toMatchObject({ code, retry: { kind: retry }, certain: true });
  });

  it.each<[of: status, code: string]>([
    [status.UNAUTHENTICATED, 'push-unauthorised'],
    [status.PERMISSION_DENIED, 'topic-not-allowed'],
    [status.NOT_FOUND, 'topic-missing'],
    [status.UNAVAILABLE, 'push-cut'],
    [status.INVALID_ARGUMENT, 'push-cut'],
    [status.DEADLINE_EXCEEDED, 'push-cut'],
  ])('without a code, gRPC’s status %i says what it is', (of, code) => {
    expect(refusal(failure(of))).toMatchObject({ code });
    expect(isUnauthenticated(failure(of))).toBe(code === 'push-unauthorised');
  });

  it('does not repeat words that nobody promises to be harmless', () => {
    const error = refusal(failure(status.INTERNAL));
    expect([error.message, error.sentence, String(error.cause)].join()).not.toContain('secret');
    expect(String(error.cause)).toContain('INTERNAL');
  });

  it('is a cut when it is no refusal at all', () => {
    expect(refusal(new Error('the stream ended'))).toMatchObject({ code: 'push-cut' });
  });
});
