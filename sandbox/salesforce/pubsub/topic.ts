import { status } from '@grpc/grpc-js';
import { TOPIC } from './event-schema.ts';
import { RpcError } from './rpc-error.ts';
import type { PubSubSwitches } from './switches.ts';

/** @throws RpcError when nobody may ask for anything now. */
export function checkService({ available, allocationSpent }: PubSubSwitches): void {
  if (!available) throw new RpcError(status.UNAVAILABLE, 'service.unavailable', 'Try again later.');
  if (allocationSpent) {
    const words = 'You have exceeded the event delivery limit for your org.';
    throw new RpcError(status.RESOURCE_EXHAUSTED, 'subscription.limit.exceeded', words);
  }
}

/** @throws RpcError when there is no such event in the org. */
export function checkTopic({ topicExists }: PubSubSwitches, name: string): void {
  if (name === '') throw new RpcError(status.INVALID_ARGUMENT, 'topic.validation.empty', 'No topic.');
  if (name !== TOPIC || !topicExists) {
    throw new RpcError(status.NOT_FOUND, 'topic.not.found', 'The topic does not exist.');
  }
}
