import { Client, type ClientDuplexStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import {
  type FetchRequest,
  type FetchResponse,
  pubSubService,
} from '../../../../sandbox/salesforce/pubsub/protocol.ts';

/** A client of the published protocol, which is not the bridge's. */
export class Visitor {
  readonly #client: Client;
  readonly #metadata = new Metadata();

  constructor(url: string, headers: Record<string, string>) {
    this.#client = new Client(new URL(url).host, credentials.createInsecure());
    for (const [name, value] of Object.entries(headers)) this.#metadata.set(name, value);
    onTestFinished(() => this.#client.close());
  }

  /** @returns the answer, or what it was refused with. */
  ask(name: 'GetTopic' | 'GetSchema', request: object): Promise<Record<string, unknown> | ServiceError> {
    const method = pubSubService[name];
    if (!method) throw new Error(`no method ${name}`);
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, answer?: Record<string, unknown>) =>
        resolve(error ?? answer ?? {});
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.#metadata,
        done,
      );
    });
  }

  subscribe(first: Partial<FetchRequest>): Stream {
    const method = pubSubService.Subscribe;
    if (!method) throw new Error('no method Subscribe');
    const { path, requestSerialize, responseDeserialize } = method;
    const call: ClientDuplexStream<Partial<FetchRequest>, FetchResponse> = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.#metadata,
    );
    const stream = new Stream(call);
    call.write(first);
    return stream;
  }
}

/** A Subscribe call, and all that came on it. */
export class Stream {
  readonly responses: FetchResponse[] = [];
  readonly #call: ClientDuplexStream<Partial<FetchRequest>, FetchResponse>;
  /** What it was refused with. */
  error: string | undefined;
  isOver = false;

  constructor(call: ClientDuplexStream<Partial<FetchRequest>, FetchResponse>) {
    this.#call = call;
    call.on('data', (response: FetchResponse) => this.responses.push(response));
    call.on('error', (error: ServiceError) => {
      this.error = errorCode(error);
    });
    call.on('status', () => {
      this.isOver = true;
    });
    onTestFinished(() => call.cancel());
  }

  more(request: Partial<FetchRequest>): void {
    this.#call.write(request);
  }

  /** Replay ids of the events that came, as hex. */
  get events(): string[] {
    return this.responses.flatMap(({ events }) => events.map(({ replay_id }) => replay_id.toString('hex')));
  }
}

export function errorCode(error: unknown): string | undefined {
  const metadata = error instanceof Error && 'metadata' in error ? error.metadata : undefined;
  const code = metadata instanceof Metadata ? metadata.get('error-code')[0] : undefined;
  return code === undefined ? undefined : String(code).replace('sfdc.platform.eventbus.grpc.', '');
}
