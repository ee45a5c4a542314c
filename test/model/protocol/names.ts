/** A short name for each of the things that a state is made of; equal things have the same. */
export class Names {
  readonly #byThing = new WeakMap<object, string>();
  readonly #byForm = new Map<string, string>();

  /** @param formOf writes a thing so that equal ones are written equally. */
  of<T extends object>(thing: T | undefined, formOf: (thing: T) => string = JSON.stringify): string {
    if (thing === undefined) return '-';
    const known = this.#byThing.get(thing);
    if (known !== undefined) return known;
    const form = formOf(thing);
    const name = this.#byForm.get(form) ?? this.#byForm.size.toString(36);
    this.#byForm.set(form, name);
    this.#byThing.set(thing, name);
    return name;
  }
}
