/** A list of whole numbers that grows: a fraction of the memory of an array. */
export class Numbers {
  #values = new Int32Array(1 << 12);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(i: number): number {
    return this.#values[i] ?? 0;
  }
}
