import { z } from 'zod';
import { flaws, type Payload, sortOutCommand, sortOutEvent } from './payload.ts';
import { INTERACTIONS } from './payload-interactions.ts';

/** Sorts out what the listeners can use, so that nothing else ever reaches Bolt. */
export function sortOut(body: unknown): Payload {
  const parsed = z.looseObject({ type: z.string().optional() }).safeParse(body);
  if (!parsed.success) return { kind: 'junk', why: 'not an object with a type' };
  const { type } = parsed.data;
  if (type === undefined) return sortOutCommand(parsed.data);
  switch (type) {
    case 'url_verification':
      return typeof parsed.data.challenge === 'string'
        ? { kind: 'challenge', challenge: parsed.data.challenge }
        : { kind: 'junk', why: 'no challenge' };
    case 'app_rate_limited': {
      const minute = parsed.data.minute_rate_limited;
      return { kind: 'rate-limited', minute: typeof minute === 'number' ? minute : undefined };
    }
    case 'event_callback':
      return sortOutEvent(parsed.data);
    default:
      return sortOutInteraction(type, parsed.data);
  }
}

function sortOutInteraction(type: string, body: Record<string, unknown>): Payload {
  const interaction = Object.hasOwn(INTERACTIONS, type) ? INTERACTIONS[type] : undefined;
  if (!interaction) return { kind: 'unneeded', what: type };
  const named = interaction.named.safeParse(body);
  if (!named.success) return { kind: 'junk', why: flaws(type, named.error) };
  // It wants nothing but an answer, and may look as it likes.
  if (!interaction.ours.includes(named.data)) return { kind: 'unneeded', what: `another ${type}` };
  const read = interaction.schema.safeParse(body);
  return read.success ? { kind: 'usable', body } : { kind: 'junk', why: flaws(type, read.error) };
}
