/** A user group or a channel, as a notification names it: by its id, or a group by its handle. */
export type ListName = { id: string; label: string | undefined } | { handle: string };

const BY_ID = /^([CDGS][A-Z0-9]+)(?:\|(.*))?$/s;

/** `S1`, or `S1|@team`: the core takes it as it is, and whoever named it is told of it by their own word. */
export function makeListName(id: string, label: string | undefined): string {
  return label ? `${id}|${label}` : id;
}

/** Reads `S1`, `C1`, `S1|@team`, `@team`; anything else is the handle of a group. */
export function parseListName(name: string): ListName {
  const [, id, label] = BY_ID.exec(name) ?? [];
  return id === undefined ? { handle: name.replace(/^@/, '') } : { id, label: label || undefined };
}
