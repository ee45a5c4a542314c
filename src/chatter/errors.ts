import { DeliveryError, type Retry } from '../bridge/delivery-error.ts';
import type { Concern, PauseReason } from '../bridge/gate.ts';
import type { SalesforceUserId } from '../bridge/people.ts';
import { type Doing, isPost, lead, ownerOf } from './doing.ts';
import { BrokenExchange, RefusedAnswer } from './http-failure.ts';
import { isRequestLimit, type Refusal, refusalOf } from './refusals.ts';
import { lookUpScope, orgScope, personScope } from './scopes.ts';

const notConfirmed =
  'Salesforce has not confirmed the message. The bridge looks whether it arrived before it sends again.';

/**
 * Whatever went wrong on the way to Salesforce, as the error that crosses the edge.
 *
 * A POST certainly did nothing when it was refused with Salesforce's own error body (4xx), for its session (401),
 * for a request limit (503), or when not a byte of it left. Everything else leaves a doubt: other 5xx, pages,
 * redirects, resets, time-outs, a success that cannot be read. Reading changes nothing, so there is never a doubt.
 * @param user whose token was used; undefined: the bridge's own.
 */
export function deliveryError(error: unknown, doing: Doing, user?: SalesforceUserId): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof RefusedAnswer) return fromAnswer(error, doing, user);
  if (error instanceof BrokenExchange) return fromBrokenExchange(error, doing);
  return doubtful('answer-not-understood', 'broken', error, doing, { kind: 'later' });
}

/** `after` when Salesforce named a time, `later` otherwise; never stays never. */
export function retryOf(refusal: Pick<Refusal, 'retry'>, answer: RefusedAnswer): Retry {
  if (refusal.retry === 'never') return { kind: 'never' };
  return askAgain(answer);
}

function fromAnswer(answer: RefusedAnswer, doing: Doing, user: SalesforceUserId | undefined): DeliveryError {
  if (!isCertainNo(answer)) {
    if (answer.status < 400) return doubtful('redirected', 'broken', answer, doing, askAgain(answer));
    // Another page may be about this message alone (a proxy's, say).
    const concerns = answer.status >= 500 || answer.status === 429 ? away : undefined;
    return doubtful('salesforce-unavailable', 'broken', answer, doing, askAgain(answer), concerns);
  }
  const refusal = refusalOf(answer, doing);
  const { limit } = refusal;
  return new DeliveryError({
    retry: retryOf(refusal, answer),
    certain: true,
    code: refusal.code,
    sentence: lead(doing) + refusal.why + (refusal.quotes ? quote(answer.words) : ''),
    cause: answer,
    ...(refusal.waitsFor && { waitsFor: refusal.waitsFor }),
    ...(limit && { concerns: { scope: limited(limit, user), reason: reasonOf(limit, doing) } }),
  });
}

const away: Concern = { scope: orgScope, reason: 'away' };

/** Who waits for the bridge's own user has not spent anything themselves. */
function reasonOf(limit: NonNullable<Refusal['limit']>, doing: Doing): PauseReason {
  return limit === 'person-limit' && ownerOf(doing) === 'bridge' ? 'bridge-limit' : limit;
}

/** What a limit refuses: this person's requests, everybody's, or what the bridge's own user asks. */
function limited(limit: NonNullable<Refusal['limit']>, user: SalesforceUserId | undefined) {
  if (limit === 'org-busy') return orgScope;
  if (user === undefined) return lookUpScope;
  return limit === 'person-limit' ? personScope(user) : orgScope;
}

function isCertainNo(answer: RefusedAnswer): boolean {
  const { status } = answer;
  if (status === 401) return true;
  if (status === 503) return isRequestLimit(answer);
  return status >= 400 && status < 500 && answer.errorCodes.length > 0;
}

function fromBrokenExchange(broken: BrokenExchange, doing: Doing): DeliveryError {
  const retry: Retry = { kind: 'later' };
  if (isPost(doing) && broken.bytesOut === 0) {
    const [code, sentence] = broken.stoppedByWatch
      ? ['lost-hold', 'The bridge stopped before sending, because it was too slow. It tries again by itself.']
      : ['unreachable', 'Salesforce cannot be reached. Nothing was sent; the bridge tries again by itself.'];
    const says = broken.stoppedByWatch ? ({ isOurs: true } as const) : { concerns: away };
    return new DeliveryError({ retry, certain: true, code, sentence, cause: broken, ...says });
  }
  const silent = broken.timedOut && !broken.answerBegan;
  const code = broken.stoppedByWatch ? 'lost-hold' : broken.timedOut ? 'timed-out' : 'connection-lost';
  return doubtful(
    code,
    silent ? 'silent' : 'broken',
    broken,
    doing,
    retry,
    broken.stoppedByWatch ? undefined : away,
  );
}

/** Of a POST nobody knows whether it was done; a reading simply failed. */
function doubtful(
  code: string,
  lost: 'silent' | 'broken',
  cause: unknown,
  doing: Doing,
  retry: Retry,
  concerns?: Concern,
) {
  const sentence = isPost(doing)
    ? notConfirmed
    : `${lead(doing)}Salesforce gives no proper answer at the moment. The bridge tries again by itself.`;
  return new DeliveryError({
    retry,
    certain: !isPost(doing),
    lost,
    code,
    sentence,
    cause,
    ...(concerns && { concerns }),
  });
}

function askAgain(answer: RefusedAnswer): Retry {
  return answer.retryAfterMs === undefined ? { kind: 'later' } : { kind: 'after', ms: answer.retryAfterMs };
}

const longestQuote = 300;

/** Salesforce's words for people: on one line, and not longer than somebody reads. */
function quote(words: string | undefined): string {
  const line = (words ?? '').replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  const characters = [...line];
  const cut = characters.length > longestQuote ? `${characters.slice(0, longestQuote - 1).join('')}…` : line;
  return ` It says: “${cut}”`;
}
