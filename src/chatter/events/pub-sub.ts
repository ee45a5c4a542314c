import { Client, type ClientDuplexStream, credentials, Metadata, type MethodDefinition } from '@grpc/grpc-js';
import { to18 } from '../ids.ts';
import { assertSafe } from '../safe-url.ts';
import type { Session } from '../sessions.ts';
import {
  type FetchRequest,
  type FetchResponse,
  type SchemaInfo,
  service,
  type TopicInfo,
} from './protocol.ts';

export type Fetching = ClientDuplexStream<FetchRequest, FetchResponse>;

/** A connection to the Pub/Sub API. Its methods throw what gRPC throws: a status, and Salesforce's code in its trailers. */
export interface PubSub {
  topic(session: Session, name: string): Promise<TopicInfo>;
  schema(session: Session, id: string): Promise<SchemaInfo>;
  subscribe(session: Session): Fetching;
  close(): void;
}

export interface PubSubOptions {
  /** `https://host:port`; `http` for loopback only. */
  url: string;
  /** For one question and its answer, connecting included. */
  callMs: number;
  now: () => number;
}

export function connectPubSub({ url, callMs, now }: PubSubOptions): PubSub {
  assertSafe(url, 'SALESFORCE_PUBSUB_URL');
  const { protocol, host } = new URL(url);
  const secure = protocol === 'https:' ? credentials.createSsl() : credentials.createInsecure();
  const client = new Client(host, secure, {
    // Each connection begins afresh: the waits after a failure are the caller's, not those of one before.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    // Like all other requests of the bridge, whatever the environment says.
    'grpc.enable_http_proxy': 0,
  });

  function ask<Request, Response>(name: string, session: Session, request: Request): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = methodOf<Request, Response>(name);
    const deadline = now() + callMs;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(session),
        { deadline },
        (error, response) => (response === undefined ? reject(error) : resolve(response)),
      );
    });
  }

  return {
    topic: (session, topic_name) => ask('GetTopic', session, { topic_name }),
    schema: (session, schema_id) => ask('GetSchema', session, { schema_id }),
    subscribe(session) {
      const { path, requestSerialize, responseDeserialize } = methodOf<FetchRequest, FetchResponse>(
        'Subscribe',
      );
      return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadataOf(session));
    },
    close: () => client.close(),
  };
}

function methodOf<Request, Response>(name: string): MethodDefinition<Request, Response> {
  const method = service[name];
  if (!method) throw new Error(`no such method: ${name}`);
  return method;
}

/** Who asks, with every call (Pub/Sub API guide, Supported Authentication). The tenant is the org's id of 18 characters. */
function metadataOf({ connection, organizationId }: Session): Metadata {
  const metadata = new Metadata();
  metadata.set('accesstoken', connection.accessToken ?? '');
  metadata.set('instanceurl', connection.instanceUrl);
  metadata.set('tenantid', to18(organizationId));
  return metadata;
}
