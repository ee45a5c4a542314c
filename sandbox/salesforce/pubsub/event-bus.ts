import { randomBytes } from 'node:crypto';

export interface KeptEvent {
  position: number;
  replayId: Buffer;
  schemaId: string;
  payload: Buffer;
}

interface Place {
  position: number;
  atMs: number;
}

/** Salesforce promises to keep events for that long, and no longer (Pub/Sub API guide, Event Message Durability). */
const KEPT_MS = 72 * 60 * 60 * 1_000;

/** Events in their order. Places in it have names that say nothing: nobody can compute one from another. */
export class EventBus {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #events: (KeptEvent & { atMs: number })[] = [];
  readonly #places = new Map<string, Place>();
  #position = 0;
  #aheadMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  publish(schemaId: string, payload: Buffer): void {
    this.#position += 1;
    const replayId = this.#name();
    this.#events.push({ position: this.#position, replayId, schemaId, payload, atMs: this.#nowMs() });
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener after every event; the answer stops it. */
  onPublish(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The place after the last event, under a name of its own. */
  tip(): { position: number; replayId: Buffer } {
    return { position: this.#position, replayId: this.#name() };
  }

  /** undefined: nobody gave that name, or it is too old. */
  positionOf(replayId: Buffer): number | undefined {
    const place = this.#places.get(replayId.toString('hex'));
    return place && this.#nowMs() - place.atMs < KEPT_MS ? place.position : undefined;
  }

  after(position: number): KeptEvent[] {
    this.#events = this.#events.filter(({ atMs }) => this.#nowMs() - atMs < KEPT_MS);
    return this.#events.filter((event) => event.position > position);
  }

  /** Time goes by, for events and places. */
  age(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Nothing is kept, and no place is known any more: 72 hours went by, or the org moved to another instance. */
  forget(): void {
    this.#events = [];
    this.#places.clear();
  }

  #name(): Buffer {
    const replayId = randomBytes(10);
    this.#places.set(replayId.toString('hex'), { position: this.#position, atMs: this.#nowMs() });
    return replayId;
  }

  #nowMs(): number {
    return this.#now() + this.#aheadMs;
  }
}
