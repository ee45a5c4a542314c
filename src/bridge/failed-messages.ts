import { excerptOf, readContent } from './chatter-content.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { DeadLetter, DeliveryLog, StoredDelivery } from './delivery-log.ts';
import type { Decisions, FailedMessage } from './message.ts';

/** As many as can be shown at once with their buttons: two of Slack's fifty blocks each, and room to be read. */
const MOST_SHOWN = 10;

/** What a person sees of their dead letters. */
export function createFailedMessages(o: { log: DeliveryLog; deadLetters: DeadLetters }): Decisions['failed'] {
  return async (person) => {
    const letters = await o.log.deadLetters(person);
    const first: FailedMessage[] = [];
    for (const letter of letters.slice(0, MOST_SHOWN)) {
      const stored = await o.deadLetters.read(letter.id);
      if (stored) first.push(await shown(letter, stored));
    }
    const untilMs = Math.max(0, ...letters.map(({ keptUntilMs }) => keptUntilMs));
    return { all: { count: letters.length, untilMs }, first };
  };

  async function shown(
    { keptUntilMs }: DeadLetter,
    { delivery, content }: StoredDelivery,
  ): Promise<FailedMessage> {
    return {
      ref: { delivery: delivery.id, version: delivery.told },
      isUncertain: delivery.phase === 'uncertain',
      sentence: delivery.failure?.sentence ?? delivery.waiting?.sentence ?? '',
      excerpt: content === undefined ? '' : excerptOf(readContent(content), { revises: delivery.revises }),
      to: await recipients(content),
      takenAtMs: delivery.takenAtMs,
      keptUntilMs,
    };
  }

  async function recipients(json: string | undefined): Promise<FailedMessage['to']> {
    if (json === undefined) return { names: [] };
    const { route, message } = readContent(json);
    if (route) return { names: route.names };
    if (message.to.kind === 'people') return { addressees: message.to.people };
    if (message.to.kind !== 'thread') return { names: [] };
    const link = await o.log.threadLink(message.to.thread);
    const pair = link && (await o.log.pair(link.pair));
    return { names: pair?.names ?? [] };
  }
}
