type Argument = string | number;

/** One write of the `commit` script (scripts.ts): a command, the place of its key, its arguments. */
export type Write = [command: string, key: number, ...args: Argument[]];

/** The place of a key by its name, given when it is asked for first. */
export type PlaceOf = (name: string) => number;
