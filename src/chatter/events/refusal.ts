import { type ServiceError, status } from '@grpc/grpc-js';
import { DeliveryError } from '../../bridge/delivery-error.ts';
import { REPLAY_LOST } from '../../bridge/push.ts';
import { RefusedAnswer } from '../http-failure.ts';

interface Rule {
  /** Salesforce's code, without what all of them begin with. */
  codes: readonly string[];
  statuses: readonly status[];
  code: string;
  retry: 'never' | 'later';
  sentence: string;
}

const UNAUTHORISED = 'push-unauthorised';
const PREFIX = 'sfdc.platform.eventbus.grpc.';

/** Salesforce's codes, from the Pub/Sub API guide, "Handle Errors". The first rule that fits counts. */
const rules: readonly Rule[] = [
  {
    codes: ['subscription.fetch.replayid.corrupted', 'subscription.fetch.replayid.validation.failed'],
    statuses: [],
    code: REPLAY_LOST,
    retry: 'later',
    sentence:
      'Salesforce does not keep the events that were missed any more: the bridge looks everywhere once.',
  },
  {
    codes: ['topic.not.found', 'topic.validation.empty'],
    statuses: [status.NOT_FOUND],
    code: 'topic-missing',
    retry: 'never',
    sentence:
      'Salesforce has no event Chatter_Message__e: deploy salesforce/ there, or set CHATTER_PUSH=off.',
  },
  {
    codes: [
      'topic.meta.permission',
      'schema.meta.permission',
      'subscription.topic.cannot.subscribe',
      'service.tenant.license',
    ],
    statuses: [status.PERMISSION_DENIED],
    code: 'topic-not-allowed',
    retry: 'never',
    sentence:
      "The bridge's own user may not hear the event Chatter_Message__e: give it the permission set Chatter Bridge Events.",
  },
  {
    codes: ['subscription.limit.exceeded', 'concurrent.client.limit.exceeded'],
    statuses: [],
    code: 'events-spent',
    retry: 'never',
    sentence: "The company's Salesforce events of these 24 hours, or its subscriptions, are used up.",
  },
  {
    codes: ['service.auth.error', 'service.auth.headers.invalid', 'service.auth.refresh.invalid'],
    statuses: [status.UNAUTHENTICATED],
    code: UNAUTHORISED,
    retry: 'later',
    sentence:
      "Salesforce does not accept the bridge's session for push any more. The bridge takes another one.",
  },
];

/** An error of gRPC, or of nobody we know, as the one that crosses the edge. */
export function refusal(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const rule = ruleOf(error);
  const { code, retry, sentence } = rule ?? {
    code: 'push-cut',
    retry: 'later',
    sentence: 'Salesforce has ended push. The bridge subscribes again.',
  };
  // gRPC's words stay out: nobody promises what is in them.
  const cause = isServiceError(error) ? new Error(`gRPC ${status[error.code]}`) : error;
  return new DeliveryError({ retry: { kind: retry }, certain: true, code, sentence, cause });
}

/** No word for longer than Salesforce promises one. */
export const silence = (): DeliveryError =>
  new DeliveryError({
    retry: { kind: 'later' },
    certain: true,
    code: 'push-silent',
    sentence: 'Salesforce has said nothing for too long. The bridge subscribes again.',
  });

export const notAllowed = (): DeliveryError =>
  refusal(Object.assign(new Error('can_subscribe is false'), { code: status.PERMISSION_DENIED }));

export const isUnauthenticated = (error: unknown): boolean => ruleOf(error)?.code === UNAUTHORISED;

/** Certainly about what was asked for, whoever asks and however often. */
export const isUnknown = (error: unknown): boolean =>
  isServiceError(error) && (error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT);

function ruleOf(error: unknown): Rule | undefined {
  // A new session was not taken either: see message-events.ts.
  if (error instanceof RefusedAnswer) return rules.find(({ code }) => code === UNAUTHORISED);
  if (!isServiceError(error)) return undefined;
  const given = String(error.metadata?.get('error-code')[0] ?? '');
  const named = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : '';
  return (
    rules.find(({ codes }) => codes.includes(named)) ??
    rules.find(({ statuses }) => statuses.includes(error.code))
  );
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
