import avsc, { type Type } from 'avsc';
import { isUnknown } from './refusal.ts';

/** How to read payloads; undefined: nobody knows that schema, or it is none. */
export type Schemas = (id: string) => Promise<Type | undefined>;

/** Each schema is asked for once. One that cannot be asked for now is asked for again. */
export function createSchemas(ask: (id: string) => Promise<{ schema_json: string }>): Schemas {
  const known = new Map<string, Type | undefined>();
  return async (id) => {
    if (!known.has(id)) known.set(id, await read(id));
    return known.get(id);
  };

  async function read(id: string): Promise<Type | undefined> {
    try {
      return typeOf((await ask(id)).schema_json);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }
}

function typeOf(json: string): Type | undefined {
  try {
    return avsc.Type.forSchema(JSON.parse(json));
  } catch {
    return undefined;
  }
}
