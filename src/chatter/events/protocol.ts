import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** The part of the Pub/Sub API that is used here, with the names and numbers of its published proto file. */
const eventbus = {
  PubSub: {
    methods: {
      Subscribe: {
        requestType: 'FetchRequest',
        requestStream: true,
        responseType: 'FetchResponse',
        responseStream: true,
      },
      GetSchema: { requestType: 'SchemaRequest', responseType: 'SchemaInfo' },
      GetTopic: { requestType: 'TopicRequest', responseType: 'TopicInfo' },
    },
  },
  TopicRequest: { fields: { topic_name: { type: 'string', id: 1 } } },
  TopicInfo: {
    fields: {
      topic_name: { type: 'string', id: 1 },
      tenant_guid: { type: 'string', id: 2 },
      can_publish: { type: 'bool', id: 3 },
      can_subscribe: { type: 'bool', id: 4 },
      schema_id: { type: 'string', id: 5 },
      rpc_id: { type: 'string', id: 6 },
    },
  },
  SchemaRequest: { fields: { schema_id: { type: 'string', id: 1 } } },
  SchemaInfo: {
    fields: {
      schema_json: { type: 'string', id: 1 },
      schema_id: { type: 'string', id: 2 },
      rpc_id: { type: 'string', id: 3 },
    },
  },
  ReplayPreset: { values: { LATEST: 0, EARLIEST: 1, CUSTOM: 2 } },
  FetchRequest: {
    fields: {
      topic_name: { type: 'string', id: 1 },
      replay_preset: { type: 'ReplayPreset', id: 2 },
      replay_id: { type: 'bytes', id: 3 },
      num_requested: { type: 'int32', id: 4 },
    },
  },
  FetchResponse: {
    fields: {
      events: { rule: 'repeated', type: 'ConsumerEvent', id: 1 },
      latest_replay_id: { type: 'bytes', id: 2 },
      rpc_id: { type: 'string', id: 3 },
      pending_num_requested: { type: 'int32', id: 4 },
    },
  },
  ConsumerEvent: {
    fields: {
      event: { type: 'ProducerEvent', id: 1 },
      replay_id: { type: 'bytes', id: 2 },
    },
  },
  ProducerEvent: {
    fields: {
      id: { type: 'string', id: 1 },
      schema_id: { type: 'string', id: 2 },
      payload: { type: 'bytes', id: 3 },
    },
  },
};

export interface TopicInfo {
  can_subscribe: boolean;
  schema_id: string;
}

export interface SchemaInfo {
  schema_json: string;
}

export interface FetchRequest {
  topic_name: string;
  /** These two count in the first request of a stream only. */
  replay_preset?: 'LATEST' | 'CUSTOM';
  replay_id?: Buffer;
  /** So many more than what was asked for before. */
  num_requested: number;
}

export interface ConsumerEvent {
  event: { schema_id: string; payload: Buffer } | null;
  replay_id: Buffer;
}

export interface FetchResponse {
  /** None: a sign of life. */
  events: readonly ConsumerEvent[];
  latest_replay_id: Buffer;
  /** How many may still come before more are asked for. */
  pending_num_requested: number;
}

const SERVICE = 'eventbus.v1.PubSub';

/** By method: its path, and how its messages are written and read. */
export const service = fromJSON(
  // The type asks for comments on everything; the description of protobuf.js does not.
  { nested: { eventbus: { nested: { v1: { nested: eventbus } } } } } as Parameters<typeof fromJSON>[0],
  { keepCase: true, defaults: true, enums: String },
)[SERVICE] as ServiceDefinition;
