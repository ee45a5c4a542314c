import { type Metadata, status } from '@grpc/grpc-js';
import type { World } from '../world.ts';
import { RpcError } from './rpc-error.ts';

/** Every call carries who asks. @throws RpcError when that is incomplete, of another org, or its session has ended. */
export function checkCaller({ sessions, org, url }: World, metadata: Metadata): void {
  const header = (name: string): string => {
    const value = String(metadata.get(name)[0] ?? '');
    if (value !== '') return value;
    throw refused('service.auth.headers.invalid', `The ${name} header is blank.`);
  };
  const token = header('accesstoken');
  const isOurs = header('instanceurl') === url && header('tenantid') === org.id;
  if (!isOurs || sessions.userId(token) === undefined) {
    throw refused('service.auth.error', 'An authentication exception occurred.');
  }
}

const refused = (code: string, words: string) => new RpcError(status.UNAUTHENTICATED, code, words);
