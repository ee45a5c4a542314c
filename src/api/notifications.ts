import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { TextMarks } from '../bridge/delivery-log.ts';
import type { Idempotency } from '../bridge/idempotency.ts';
import type { NotificationRequest, Notifications, When } from '../bridge/notification.ts';
import { BRIDGE, type NotificationId } from '../bridge/people.ts';
import type { Taken } from '../bridge/taken.ts';
import type { Answer } from './answer.ts';
import { type ReadBytes, readJson } from './json-body.ts';
import { limits } from './limits.ts';
import { namedBy, type PersonIdOf } from './named.ts';
import { type NotificationBody, readNotificationBody } from './notification-body.ts';
import { problem } from './problem.ts';
import { shownReport, shownSchedule } from './shown.ts';

export interface HandlersOptions {
  notifications: Pick<Notifications, 'send' | 'schedule' | 'scheduled' | 'cancel' | 'report' | 'stop'>;
  idempotency: Idempotency;
  /** Of bodies, which are not stored. */
  marks: TextMarks;
  personIdOf: PersonIdOf;
  readBytes: ReadBytes;
  log: Logger;
}

/** What the API does. Everything that it sends is the bridge's own (BRIDGE), and it shows nobody else's. */
export function createHandlers(o: HandlersOptions) {
  const { notifications, idempotency, log } = o;

  async function create(request: IncomingMessage): Promise<Answer> {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !isKey(key)) return problem('no-key');
    const json = await readJson(request, limits.bodyBytes, o.readBytes);
    if ('flaw' in json) return problem(json.flaw);
    const read = readNotificationBody(json.value);
    if ('flaws' in read) return problem('not-valid', { errors: read.flaws });
    const claim = await idempotency.claim(key, o.marks.mark(read.body.canonical));
    switch (claim.kind) {
      case 'answered':
        return JSON.parse(claim.answer) as Answer;
      case 'other-body':
        return problem('key-reused');
      case 'under-way':
        return problem('under-way');
      case 'begun':
        return carryOut(key, claim, read.body);
    }
  }

  /** Only what was taken is the key's answer for a day: all else may be asked for again. */
  async function carryOut(
    key: string,
    claim: { sinceMs: number; token: string },
    body: NotificationBody,
  ): Promise<Answer> {
    const id = notificationId(key, claim.sinceMs);
    let taken: Taken | RangeError;
    try {
      taken = await take(id, body);
    } catch (error) {
      log.error({ notification: id, err: error }, 'taking a notification failed');
      taken = 'unsure';
    }
    if (taken === 'stored' || taken === 'duplicate') {
      const answer = accepted(id, body.when);
      // The notification is stored. Without its answer the same request comes to the same one.
      await idempotency
        .answer(key, JSON.stringify(answer))
        .catch((err: unknown) => log.warn({ notification: id, err }, 'an answer could not be stored'));
      log.info({ notification: id, recipients: body.recipients.length, taken }, 'notification taken');
      return answer;
    }
    const letGo = taken === 'unsure' ? idempotency.release : idempotency.forget;
    await letGo(key, claim.token).catch((err: unknown) =>
      log.warn({ notification: id, err }, 'a key could not be let go of'),
    );
    if (taken instanceof RangeError) {
      return problem('cannot-schedule', { detail: `Nothing was planned. ${taken.message}` });
    }
    if (taken === 'unsure') return problem('not-sure');
    return problem(taken === 'refused' ? 'not-stored' : 'full');
  }

  async function take(
    id: NotificationId,
    { recipients, text, when }: NotificationBody,
  ): Promise<Taken | RangeError> {
    const named = recipients.map((recipient) => namedBy(recipient, o.personIdOf));
    const request: NotificationRequest = { by: BRIDGE, text, to: { named } };
    if (when === undefined) return notifications.send(id, request);
    try {
      return await notifications.schedule(id, request, when);
    } catch (error) {
      if (error instanceof RangeError) return error;
      throw error;
    }
  }

  async function list(_request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
    if (query.get('state') !== 'scheduled') {
      return problem('not-valid', {
        detail: 'Only what is planned can be listed: ask with "?state=scheduled".',
      });
    }
    const scheduled = await notifications.scheduled(BRIDGE);
    return { status: 200, body: { notifications: scheduled.map(shownSchedule) } };
  }

  async function show(id: NotificationId): Promise<Answer> {
    const found = (await reportOf(id)) ?? (await scheduleOf(id)) ?? (await reportOf(id));
    return found === undefined ? problem('not-found') : { status: 200, body: found };
  }

  async function reportOf(id: NotificationId): Promise<object | undefined> {
    const report = await notifications.report(id);
    return report?.by === BRIDGE ? shownReport(report) : undefined;
  }

  async function scheduleOf(id: NotificationId): Promise<object | undefined> {
    const schedule = (await notifications.scheduled(BRIDGE)).find((each) => each.id === id);
    return schedule && shownSchedule(schedule);
  }

  async function remove(id: NotificationId): Promise<Answer> {
    if (await notifications.cancel(id, BRIDGE)) return { status: 204 };
    const report = await notifications.report(id);
    if (report?.by !== BRIDGE) return problem('not-found');
    if (report.state === 'stopped') return { status: 204 };
    const isStopped = report.state !== 'done' && (await notifications.stop(id, BRIDGE));
    return isStopped ? { status: 204 } : problem('already-done');
  }

  return { create, list, show, remove };
}

export type Handlers = ReturnType<typeof createHandlers>;

/** Visible ASCII, without blanks. */
const isKey = (key: string): boolean =>
  key.length <= limits.idempotencyKeyCharacters && /^[\x21-\x7e]+$/.test(key);

/**
 * The same at every try of one request, whatever became of the tries before; another one when the key comes again after it was
 * forgotten.
 */
function notificationId(key: string, sinceMs: number): NotificationId {
  const hash = createHash('sha256').update(`${sinceMs}\n${key}`).digest('hex').slice(0, 32);
  return `api-${hash}` as NotificationId;
}

function accepted(id: NotificationId, when: When | undefined): Answer {
  return {
    status: 202,
    headers: { location: `/api/notifications/${id}` },
    body: { id, state: when === undefined ? 'accepted' : 'scheduled' },
  };
}
