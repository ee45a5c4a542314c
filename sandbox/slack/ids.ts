/** Ids in Slack's look, counted so that a failing test reads the same twice: `Ev00000001`. */
export class Ids {
  #last = 0;

  next(prefix: string): string {
    this.#last += 1;
    return `${prefix}${this.#last.toString(36).toUpperCase().padStart(8, '0')}`;
  }
}
