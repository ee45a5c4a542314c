import { Metadata, type status } from '@grpc/grpc-js';

/** A refusal as gRPC carries it: a status, and Salesforce's own code among the trailers. */
export class RpcError extends Error {
  readonly code: status;
  readonly details: string;
  readonly metadata = new Metadata();

  /** @param errorCode what follows `sfdc.platform.eventbus.grpc.`; undefined: the network's fault, not Salesforce's. */
  constructor(code: status, errorCode: string | undefined, details: string) {
    super(details);
    this.code = code;
    this.details = `${details} rpcId: ${RPC_ID}`;
    if (errorCode !== undefined) this.metadata.set('error-code', `sfdc.platform.eventbus.grpc.${errorCode}`);
    this.metadata.set('rpc-id', RPC_ID);
  }
}

export const RPC_ID = '5a1e2b7c-0000-4000-8000-000000000000';
