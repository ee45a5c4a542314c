import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export interface FetchRequest {
  topic_name: string;
  replay_preset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  replay_id: Buffer;
  num_requested: number;
}

export interface FetchResponse {
  events: readonly { event: { id: string; schema_id: string; payload: Buffer }; replay_id: Buffer }[];
  latest_replay_id: Buffer;
  rpc_id: string;
  pending_num_requested: number;
}

/** The published service: not the bridge's own description of it, so that the two are held against each other. */
export const pubSubService = loadSync(join(import.meta.dirname, 'pubsub_api.proto'), {
  keepCase: true,
  defaults: true,
  enums: String,
  longs: String,
})['eventbus.v1.PubSub'] as ServiceDefinition;
