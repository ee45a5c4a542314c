import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { World } from '../world.ts';
import { checkCaller } from './caller.ts';
import type { EventBus } from './event-bus.ts';
import type { FetchRequest, FetchResponse } from './protocol.ts';
import { RPC_ID, RpcError } from './rpc-error.ts';
import type { PubSubSwitches } from './switches.ts';
import { checkService, checkTopic } from './topic.ts';

/** Documented most of `num_requested`. What more of them does is not documented: here it is refused. */
const MOST_REQUESTED = 100;
const MOST_IN_RESPONSE = 10;

export interface Subscription {
  /** Ends it as a broken network would. */
  cut(): void;
}

/** One Subscribe call: never sends more than was asked for, and a sign of life when there is nothing to send. */
export function serveSubscription(
  world: World,
  bus: EventBus,
  switches: PubSubSwitches,
  call: ServerDuplexStream<FetchRequest, FetchResponse>,
  ended: (subscription: Subscription) => void,
): Subscription {
  let topic: string | undefined;
  let position = 0;
  let pending = 0;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const stopListening = bus.onPublish(() => guarded(flush));
  const subscription: Subscription = {
    cut: () => fail(new RpcError(status.UNAVAILABLE, undefined, 'RST_STREAM closed stream')),
  };

  function finish(): void {
    isOver = true;
    clearTimeout(timer);
    stopListening();
    ended(subscription);
  }

  function fail(error: unknown): void {
    finish();
    call.emit('error', error);
  }

  function guarded(work: () => void): void {
    if (isOver) return;
    try {
      checkService(switches);
      // A stream outlives its session only until the next thing that happens on it (unverified: when it ends).
      checkCaller(world, call.metadata);
      work();
    } catch (error) {
      fail(error);
    }
  }

  function take(request: FetchRequest): void {
    if (topic === undefined) {
      checkTopic(switches, request.topic_name);
      if (!switches.canSubscribe) {
        throw new RpcError(status.PERMISSION_DENIED, 'subscription.topic.cannot.subscribe', 'Not allowed.');
      }
      position = startOf(request);
      topic = request.topic_name;
    } else if (request.topic_name !== '' && request.topic_name !== topic) {
      throw invalid('subscription.fetch.topic.mismatch', 'Another topic than before.');
    }
    if (request.num_requested <= 0 || request.num_requested > MOST_REQUESTED) {
      throw invalid('subscription.fetch.requested.events.invalid', 'Ask for 1 to 100 events.');
    }
    pending += request.num_requested;
    flush();
    expectNext();
  }

  function startOf({ replay_preset, replay_id }: FetchRequest): number {
    if (replay_preset === 'LATEST') return bus.tip().position;
    if (replay_preset === 'EARLIEST') return 0;
    if (replay_id.length === 0) {
      throw invalid('subscription.fetch.replayid.validation.failed', 'CUSTOM needs a replay id.');
    }
    const found = bus.positionOf(replay_id);
    if (found !== undefined) return found;
    throw invalid(
      'subscription.fetch.replayid.corrupted',
      'The replay id is not within the retention window.',
    );
  }

  function flush(): void {
    while (!switches.isSilent && pending > 0) {
      const due = bus.after(position).flatMap((event) => (switches.deliversTwice ? [event, event] : [event]));
      const batch = due.slice(0, Math.min(pending, MOST_IN_RESPONSE));
      const last = batch.at(-1);
      if (!last) return;
      position = last.position;
      pending -= batch.length;
      const events = batch.map(({ schemaId, payload, replayId }) => ({
        event: { id: replayId.toString('hex'), schema_id: schemaId, payload },
        replay_id: replayId,
      }));
      respond(events, last.replayId);
    }
  }

  function respond(events: FetchResponse['events'], latest: Buffer): void {
    call.write({ events, latest_replay_id: latest, rpc_id: RPC_ID, pending_num_requested: pending });
    expectNext();
  }

  /** For the next sign of life, or the end of a stream from which nothing more is asked for. */
  function expectNext(): void {
    clearTimeout(timer);
    timer =
      pending > 0
        ? setTimeout(() => guarded(signOfLife), switches.signOfLifeMs)
        : setTimeout(() => {
            finish();
            call.end();
          }, switches.closesIdleMs);
  }

  function signOfLife(): void {
    flush();
    if (switches.isSilent) return;
    const tip = bus.tip();
    position = tip.position;
    respond([], tip.replayId);
  }

  call.on('data', (request: FetchRequest) => guarded(() => take(request)));
  call.on('end', () => {
    finish();
    call.end();
  });
  call.on('cancelled', finish);
  return subscription;
}

const invalid = (code: string, words: string) => new RpcError(status.INVALID_ARGUMENT, code, words);
