import {
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { World } from '../world.ts';
import { checkCaller } from './caller.ts';
import { EventBus } from './event-bus.ts';
import { payloadOf, schemaId, schemaJson } from './event-schema.ts';
import { type FetchRequest, type FetchResponse, pubSubService } from './protocol.ts';
import { RPC_ID, RpcError } from './rpc-error.ts';
import { type Subscription, serveSubscription } from './subscription.ts';
import { defaultPubSubSwitches, type PubSubSwitches } from './switches.ts';
import { checkService, checkTopic } from './topic.ts';

/** A call that came in. */
export type PubSubCall =
  | { method: 'GetTopic' | 'GetSchema'; about: string }
  | { method: 'Subscribe'; preset: FetchRequest['replay_preset'] };

export interface StandInPubSub {
  readonly url: string;
  readonly switches: PubSubSwitches;
  readonly bus: EventBus;
  /** All calls so far. */
  readonly calls: readonly PubSubCall[];
  /** How many streams are open. */
  streams(): number;
  /** Something that the trigger would never publish. */
  publishOdd(payload: Buffer, ofSchema?: string): void;
  /** Breaks all streams. */
  cut(): void;
  /** Drops every connection and answers nobody, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  reset(): void;
  close(): Promise<void>;
}

/** A Pub/Sub API on loopback that speaks the published protocol; it tells what the org's trigger publishes. */
export async function startPubSub(world: World): Promise<StandInPubSub> {
  const bus = new EventBus(world.now);
  const switches = defaultPubSubSwitches();
  const calls: PubSubCall[] = [];
  const open = new Set<Subscription>();
  let server: Server;
  let port = 0;

  const implementation = {
    GetTopic: answering(({ topic_name }: { topic_name: string }) => {
      calls.push({ method: 'GetTopic', about: topic_name });
      checkTopic(switches, topic_name);
      return {
        topic_name,
        tenant_guid: world.org.id,
        can_publish: false,
        can_subscribe: switches.canSubscribe,
        schema_id: schemaId,
        rpc_id: RPC_ID,
      };
    }),
    GetSchema: answering((request: { schema_id: string }) => {
      calls.push({ method: 'GetSchema', about: request.schema_id });
      if (request.schema_id === schemaId) {
        return { schema_json: schemaJson, schema_id: schemaId, rpc_id: RPC_ID };
      }
      throw new RpcError(status.INVALID_ARGUMENT, 'schema.validation.failed', 'No such schema.');
    }),
    Subscribe(call: ServerDuplexStream<FetchRequest, FetchResponse>) {
      call.once('data', ({ replay_preset }: FetchRequest) => {
        calls.push({ method: 'Subscribe', preset: replay_preset });
      });
      open.add(serveSubscription(world, bus, switches, call, (one) => open.delete(one)));
    },
  };

  function answering<Request extends object, Response>(
    answer: (request: Request) => Response,
  ): handleUnaryCall<Request, Response> {
    return ({ request, metadata }: { request: Request; metadata: Metadata }, callback) => {
      try {
        checkService(switches);
        if (!switches.onlyStreamsCheckSessions) checkCaller(world, metadata);
        callback(null, answer(request));
      } catch (error) {
        callback(error as ServiceError);
      }
    };
  }

  async function up(): Promise<void> {
    server = new Server();
    server.addService(pubSubService, implementation);
    port = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
  }

  async function down(): Promise<void> {
    server.forceShutdown();
    open.clear();
  }

  await up();
  const stopListening = world.org.onChange((change) => {
    if (change.kind !== 'message' || !world.switches.publishesEvents) return;
    const { eventsTellConversation: conversation, eventsTellMembers: members } = world.switches;
    bus.publish(schemaId, payloadOf(change.message, { conversation, members }));
  });

  return {
    url: `http://127.0.0.1:${port}`,
    switches,
    bus,
    calls,
    streams: () => open.size,
    publishOdd: (payload, ofSchema = schemaId) => bus.publish(ofSchema, payload),
    cut() {
      for (const subscription of [...open]) subscription.cut();
    },
    down,
    up,
    reset() {
      Object.assign(switches, defaultPubSubSwitches());
      calls.length = 0;
      bus.forget();
    },
    async close() {
      stopListening();
      await down();
    },
  };
}
