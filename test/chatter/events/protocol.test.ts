import { describe, expect, it } from 'vitest';
import { pubSubService } from '../../../sandbox/salesforce/pubsub/protocol.ts';
import { service } from '../../../src/chatter/events/protocol.ts';

describe('what the bridge knows of the Pub/Sub API', () => {
  const methods = Object.keys(service);

  it('is three of its methods, by their published paths and kinds', () => {
    expect(methods.toSorted()).toEqual(['GetSchema', 'GetTopic', 'Subscribe']);
    for (const name of methods) {
      const { path, requestStream, responseStream } = service[name] ?? {};
      expect({ path, requestStream, responseStream }).toEqual({
        path: pubSubService[name]?.path,
        requestStream: pubSubService[name]?.requestStream,
        responseStream: pubSubService[name]?.responseStream,
      });
    }
  });

  const bytes = (text: string) => Buffer.from(text);
  const requests = {
    GetTopic: { topic_name: '/event/A__e' },
    GetSchema: { schema_id: 'abc' },
    Subscribe: { topic_name: 't', replay_preset: 'CUSTOM', replay_id: bytes('place'), num_requested: 7 },
  };
  const responses = {
    GetTopic: {
      topic_name: '/event/A__e',
      tenant_guid: 'EORG',
      can_publish: false,
      can_subscribe: true,
      schema_id: 'abc',
      rpc_id: 'rpc',
    },
    GetSchema: { schema_json: '{}', schema_id: 'abc', rpc_id: 'rpc' },
    Subscribe: {
      events: [{ event: { id: 'e', schema_id: 'abc', payload: bytes('load') }, replay_id: bytes('place') }],
      latest_replay_id: bytes('latest'),
      rpc_id: 'rpc',
      pending_num_requested: 3,
    },
  };

  it.each(Object.entries(requests))('asks %s as the published proto file reads it', (name, request) => {
    const sent = service[name]?.requestSerialize(request) ?? Buffer.alloc(0);
    expect(pubSubService[name]?.requestDeserialize(sent)).toMatchObject(request);
  });

  it.each(Object.entries(responses))(
    'reads what %s answers as the published proto file writes it',
    (name, response) => {
      const sent = pubSubService[name]?.responseSerialize(response) ?? Buffer.alloc(0);
      expect(service[name]?.responseDeserialize(sent)).toMatchObject(response);
    },
  );
});
