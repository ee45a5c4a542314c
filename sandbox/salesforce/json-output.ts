const written = new WeakMap<object, string | undefined>();

/** Marks an object that never changes: its JSON is written once, however often it goes out in a list. */
export function unchanging<T extends object>(value: T): T {
  written.set(value, undefined);
  return value;
}

/** `JSON.stringify`, with what is known of the messages in a list. */
export function jsonOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('messages' in body) || !Array.isArray(body.messages)) {
    return JSON.stringify(body);
  }
  const { messages, ...rest } = body;
  const fields = Object.entries(rest).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `{${[...fields, `"messages":[${messages.map(messageJson).join(',')}]`].join(',')}}`;
}

function messageJson(message: object): string {
  if (!written.has(message)) return JSON.stringify(message);
  const json = written.get(message) ?? JSON.stringify(message);
  written.set(message, json);
  return json;
}
