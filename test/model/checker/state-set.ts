/**
 * The states that were seen, as 64-bit marks of their keys in one open table: twelve bytes a place, so that a million
 * states take 32 MB. Two of a million states share a mark with a chance of one in thirty million.
 */
export class StateSet {
  #high = new Uint32Array(1 << 16);
  #low = new Uint32Array(1 << 16);
  /** Number of the state plus one; 0 is a free place. */
  #numbers = new Int32Array(1 << 16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of the state with this key, counted from 0 in the order of their coming. */
  add(key: string): { number: number; isNew: boolean } {
    const [high, low] = markOf(key);
    const place = this.#placeOf(high, low);
    const known = this.#numbers[place] ?? 0;
    if (known > 0) return { number: known - 1, isNew: false };
    this.#put(place, high, low, this.#size + 1);
    this.#size += 1;
    if (this.#size * 2 > this.#numbers.length) this.#grow();
    return { number: this.#size - 1, isNew: true };
  }

  #placeOf(high: number, low: number): number {
    const last = this.#numbers.length - 1;
    let place = low & last;
    while (this.#numbers[place] !== 0 && (this.#low[place] !== low || this.#high[place] !== high)) {
      place = (place + 1) & last;
    }
    return place;
  }

  #put(place: number, high: number, low: number, number: number): void {
    this.#high[place] = high;
    this.#low[place] = low;
    this.#numbers[place] = number;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(high.length * 2);
    this.#numbers = new Int32Array(high.length * 2);
    numbers.forEach((number, i) => {
      if (number === 0) return;
      const [h, l] = [high[i] ?? 0, low[i] ?? 0];
      this.#put(this.#placeOf(h, l), h, l, number);
    });
  }
}

/** Two multiplicative hashes with different constants (cyrb53's rounds, all 64 bits kept). */
function markOf(key: string): [high: number, low: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < key.length; i += 1) {
    const code = key.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [a >>> 0, b >>> 0];
}
