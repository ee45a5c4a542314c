import type { SendWatch } from '../bridge/ports.ts';

/**
 * The body of one POST, handed over in two halves. The watch is asked inside the iteration because undici
 * connects and writes ticks after the call, and writes the headers only together with the first chunk: when the
 * first check throws, not a byte has left.
 */
export class WatchedBody implements AsyncIterable<Buffer> {
  readonly length: number;
  /** What may have left. Counted before handing over, so it never says less than the truth. */
  bytesOut = 0;
  /** What the watch threw, if it stopped the sending. */
  stoppedBy: { error: unknown } | undefined;
  readonly #bytes: Buffer;
  readonly #watch: SendWatch;
  #sealed = false;

  constructor(text: string, watch: SendWatch) {
    this.#bytes = Buffer.from(text);
    this.length = this.#bytes.length;
    this.#watch = watch;
  }

  /** After this not another byte is handed over: what was said about `bytesOut` stays true. */
  seal(): void {
    this.#sealed = true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const middle = Math.ceil(this.length / 2);
    await this.#watched(async () => {
      await this.#watch.guard();
      await this.#watch.step('post.guarded');
      await this.#watch.guard(); // again: a process may have been stopped in between
    });
    yield this.#handOver(0, middle);
    await this.#watched(async () => {
      await this.#watch.step('post.partial');
      await this.#watch.guard();
    });
    yield this.#handOver(middle, this.length);
    await this.#watched(async () => this.#watch.step('post.sent'));
  }

  async #watched(ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      this.stoppedBy = { error };
      throw error;
    }
  }

  #handOver(from: number, to: number): Buffer {
    if (this.#sealed) throw new Error('the request is over');
    this.bytesOut = to;
    return this.#bytes.subarray(from, to);
  }
}
