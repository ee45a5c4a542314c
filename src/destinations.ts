import type { ApplyOptions } from './bridge/apply.ts';
import type { ConsentOptions } from './bridge/consent.ts';
import type { NewEntry } from './bridge/delivery-log.ts';
import type { Destination } from './bridge/destination.ts';
import { createMirroring } from './bridge/mirroring.ts';
import { createOptOuts } from './bridge/opt-outs.ts';
import { personalEntry } from './bridge/outbox.ts';
import type { DeliveryId } from './bridge/people.ts';
import type { ChatAudience, ChatNotes, ChatPeople, ChatThreads, MessageRemoval } from './bridge/ports.ts';
import { createPreviews } from './bridge/previews.ts';
import { createShowAnswer } from './bridge/show-answer.ts';
import { canSend, createSpread, mayGo } from './bridge/spread.ts';
import { createToChat } from './bridge/to-chat.ts';
import { createToChatter } from './bridge/to-chatter.ts';
import { createWitness } from './bridge/witness.ts';
import type { Salesforce } from './chatter/salesforce.ts';
import { chatterTelling } from './deciding.ts';
import type { Foundation } from './foundation.ts';
import { logChanges } from './ops/log.ts';

/** Where deliveries go: Chatter, and people's conversations with the app. */
export function createDestinations(
  base: Foundation,
  edges: {
    people: ChatPeople;
    notes: ChatNotes;
    threads: ChatThreads;
    audience: ChatAudience;
    salesforce: Salesforce;
  },
): { chatter: Destination; chat: Destination } {
  const { config, deliveries, bell, box, timing, step, log, mirrors, mirrorEnd, notifications } = base;
  const { people, notes, threads, audience, salesforce } = edges;
  const { directory, messages } = salesforce;
  const telling = chatterTelling(config, salesforce.instanceUrl);
  const shared = { log: deliveries, marks: box.marks, bell, timing, step, now: Date.now };
  const asking: ConsentOptions = {
    log: deliveries,
    consent: config.consent,
    sayOnce: (kind, person) => sayOnce(base, personalEntry(kind, `${kind}-${person}` as DeliveryId, person)),
  };
  const mirroring = createMirroring({
    ...asking,
    ...shared,
    mirrors,
    mirrorEnd,
    people,
    directory,
    threads,
    say: (entry) => sayOnce(base, entry),
  });
  const spread = createSpread({
    ...shared,
    notifications,
    previews: createPreviews({ log: deliveries, audience, people, directory }),
    optOuts: createOptOuts({ log: deliveries, people }),
    canSend: (by) => canSend(by, { log: deliveries, people, directory }),
  });
  const chatter = createToChatter({
    ...telling,
    ...asking,
    ...shared,
    people,
    directory,
    messages,
    threads,
    mirroring,
    spread,
    mayGo: (message) => mayGo(message, notifications),
    removal: config.deletePolicy === 'remove' ? saidOnce(salesforce.removal, log) : undefined,
    ...(config.marksRead && {
      replied: (sender, conversation) => {
        messages.markRead(sender, conversation).catch((err: unknown) => log.warn({ err }, 'not marked read'));
      },
    }),
  });
  const applying: ApplyOptions = { ...shared, destination: chatter, changed: logChanges(log) };
  const showAnswer = createShowAnswer({
    ...shared,
    mirrors,
    notes,
    people,
    directory,
    witness: createWitness(applying),
    link: telling.link,
  });
  return {
    chatter,
    chat: createToChat({
      log: deliveries,
      mirrors,
      mirrorEnd,
      notes,
      threads,
      showAnswer,
      timing,
      now: Date.now,
    }),
  };
}

/** The operator has asked for what Salesforce does not let the bridge do: the log says so once. */
function saidOnce(removal: MessageRemoval, log: Foundation['log']): MessageRemoval {
  let isSaid = false;
  return {
    async remove(message) {
      const isRemoved = await removal.remove(message);
      if (!isRemoved && !isSaid) {
        isSaid = true;
        log.warn(
          'DELETE_POLICY=remove: a message could not be deleted, so it is told instead. SALESFORCE_USERNAME needs the permission Manage Chatter Messages and Direct Messages',
        );
      }
      return isRemoved;
    },
  };
}

/** Says what has not been said yet, by the entry's id. */
export async function sayOnce(
  { deliveries, bell }: Pick<Foundation, 'deliveries' | 'bell'>,
  entry: NewEntry,
): Promise<void> {
  const taken = await deliveries.take(entry);
  if (taken.kind === 'stored') await bell.ring('chat', entry.delivery.id);
}
