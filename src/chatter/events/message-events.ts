import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayId } from '../../bridge/people.ts';
import type { MessageEvents, Sign } from '../../bridge/ports.ts';
import { RefusedAnswer } from '../http-failure.ts';
import type { Account, Session, Sessions } from '../sessions.ts';
import { messageEvent } from './message-event.ts';
import type { ConsumerEvent, FetchRequest, FetchResponse } from './protocol.ts';
import { connectPubSub, type Fetching, type PubSub } from './pub-sub.ts';
import { isUnauthenticated, notAllowed, refusal, silence } from './refusal.ts';
import { createSchemas, type Schemas } from './schemas.ts';

export const TOPIC = '/event/Chatter_Message__e';

export interface MessageEventsOptions {
  url: string;
  sessions: Sessions;
  /** The bridge's own user, who subscribes. */
  ownUsername: string;
  /** For one question and its answer. */
  callMs: number;
  /** No word for so long, and the stream is broken. */
  silentMs: number;
  /** A stream counts as open after that long, when nothing says so or says no. */
  openMs: number;
  now: () => number;
}

/** At most this many events come before more are asked for. The API takes up to 100. */
const BATCH = 50;

/** Chatter_Message__e, through the Pub/Sub API. */
export function createMessageEvents(o: MessageEventsOptions): MessageEvents {
  const account: Account = { username: o.ownUsername, owner: 'bridge' };

  return {
    async *listen(from, stop) {
      const pubSub = connectPubSub(o);
      let session: Session | undefined;
      try {
        session = await allowed(pubSub);
        yield* follow(pubSub, session, from, stop);
      } catch (error) {
        if (stop.aborted) return;
        if (session && isUnauthenticated(error)) await renew(session);
        throw refusal(error);
      } finally {
        pubSub.close();
      }
    },
  };

  /** A session that is good for this topic. */
  async function allowed(pubSub: PubSub): Promise<Session> {
    return o.sessions.as(account, async (session) => {
      const topic = await pubSub.topic(session, TOPIC).catch((error: unknown) => {
        throw isUnauthenticated(error) ? unauthorised() : error;
      });
      if (!topic.can_subscribe) throw notAllowed();
      return session;
    });
  }

  /** A stream says late that its session has ended: the next one must not begin with it. */
  async function renew(ended: Session): Promise<void> {
    await o.sessions.as(account, async (session) => {
      if (session === ended) throw unauthorised();
    });
  }

  async function* follow(
    pubSub: PubSub,
    session: Session,
    from: ReplayId | undefined,
    stop: AbortSignal,
  ): AsyncGenerator<Sign> {
    const schemas = createSchemas((id) => pubSub.schema(session, id));
    const stream = pubSub.subscribe(session);
    // Errors come through the iterator; what comes when nobody waits any more is no news.
    stream.on('error', () => undefined);
    const cancel = () => stream.cancel();
    stop.addEventListener('abort', cancel);
    try {
      if (stop.aborted) return;
      stream.write({ ...start(from), ...more });
      const responses = stream[Symbol.asyncIterator]() as AsyncIterator<FetchResponse>;
      let next = upcoming(responses);
      await Promise.race([next, once(stream, 'metadata'), sleep(o.openMs, undefined, { ref: false })]);
      yield { kind: 'open' };
      for (;;) {
        const { value: response, done } = await withinSilence(next, stream);
        if (done) throw refusal(new Error('the stream ended'));
        for (const event of response.events) yield await signOf(event, schemas);
        if (response.events.length === 0) yield { kind: 'idle', at: replayIdOf(response.latest_replay_id) };
        // Only now: what has not been dealt with is not asked for. Salesforce waits for a minute.
        if (response.pending_num_requested <= 0) stream.write(more);
        next = upcoming(responses);
      }
    } finally {
      stop.removeEventListener('abort', cancel);
      stream.cancel();
    }
  }

  async function withinSilence<T>(next: Promise<T>, stream: Fetching): Promise<T> {
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      stream.cancel();
    }, o.silentMs);
    try {
      return await next;
    } catch (error) {
      throw isSilent ? silence() : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const more: FetchRequest = { topic_name: TOPIC, num_requested: BATCH };

const start = (from: ReplayId | undefined): Pick<FetchRequest, 'replay_preset' | 'replay_id'> =>
  from === undefined
    ? { replay_preset: 'LATEST' }
    : { replay_preset: 'CUSTOM', replay_id: Buffer.from(from, 'base64') };

const replayIdOf = (bytes: Buffer): ReplayId => bytes.toString('base64') as ReplayId;

/** gRPC's UNAUTHENTICATED is HTTP's 401: the session is forgotten, and another one asked for. */
const unauthorised = (): RefusedAnswer => new RefusedAnswer(401, {}, '');

/** The next response; when it fails while nobody waits for it, that is heard by whoever comes. */
function upcoming(responses: AsyncIterator<FetchResponse>): Promise<IteratorResult<FetchResponse>> {
  const next = responses.next();
  next.catch(() => undefined);
  return next;
}

/** Never holds what could not be read. */
async function signOf({ event, replay_id }: ConsumerEvent, schemas: Schemas): Promise<Sign> {
  const at = replayIdOf(replay_id);
  const type = event ? await schemas(event.schema_id) : undefined;
  if (!event || !type) return { kind: 'unreadable', why: 'its schema is unknown', at };
  let record: unknown;
  try {
    record = type.fromBuffer(event.payload);
  } catch {
    return { kind: 'unreadable', why: 'its payload does not fit its schema', at };
  }
  try {
    return { kind: 'event', event: messageEvent(record), at };
  } catch {
    return { kind: 'unreadable', why: 'ids are missing or wrong', at };
  }
}
