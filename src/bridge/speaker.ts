import type { Route } from './chatter-content.ts';
import type { Delivery } from './delivery.ts';
import { refusedForGood } from './delivery-error.ts';
import { lateLabel } from './late.ts';
import type { WrittenMessage } from './message.ts';
import { farewellWords, openingWords, relayLabel } from './mirror-words.ts';
import type { Mirroring, Speaking } from './mirroring.ts';
import { BRIDGE, type SalesforceUser, type SalesforceUserId } from './people.ts';
import type { ChatPeople, ChatThreads } from './ports.ts';
import { type ResolveOptions, resolvePeople } from './resolve-people.ts';
import { MAX_TEXT_LENGTH, splitWithName } from './split.ts';
import type { Spread } from './spread.ts';
import { writtenAt } from './written-at.ts';

export interface SpeakersOptions extends ResolveOptions {
  people: ChatPeople;
  threads: Pick<ChatThreads, 'describe'>;
  mirroring: Mirroring;
  /** Makes one message of a notification for each person. */
  spread: Spread;
  /** @throws DeliveryError when the notification that it is of was stopped. */
  mayGo: (message: WrittenMessage) => Promise<void>;
  now: () => number;
}

/** Who sends a message: themselves, or the bridge for them. */
export interface Speaker {
  sender: SalesforceUser;
  recipients: readonly SalesforceUserId[];
  names: readonly string[];
  timeZone: string;
  relayedFor?: string;
  mirror?: NonNullable<Route['mirror']>;
}

function speakerOf(speaking: Speaking | undefined): Speaker | undefined {
  if (!speaking) return undefined;
  const { recipients, mirror, sender, ...rest } = speaking;
  return {
    ...rest,
    sender,
    recipients: recipients.map(({ id }) => id),
    names: recipients.map(({ name }) => name).filter((name) => name !== ''),
    mirror: { openedBy: mirror.openedBy, user: mirror.user, isRelayed: sender.id === mirror.user },
  };
}

/** Below what a program has the bridge say. */
const ONE_WAY = '(Sent automatically. Nobody reads what is answered here.)';

/** Who says a message in Chatter, and in which words. */
export function createSpeakers(o: SpeakersOptions) {
  return {
    of,
    /**
     * As it goes out, in parts, with what its readers have to know first; each part says whose words the bridge says there.
     * @param isLate it goes after what was written later.
     */
    parts: async (delivery: Delivery, message: WrittenMessage, speaker: Speaker, isLate: boolean) => {
      const who = message.to.kind === 'mirror' ? '' : relayed(speaker);
      const words = await wordsOf(delivery, message, speaker);
      return splitWithName(`${timeOf(delivery, message, isLate, speaker)}${who}${words}`, who);
    },
  };

  /** Who sends it and to whom; undefined: it does not travel. */
  async function of(delivery: Delivery, message: WrittenMessage): Promise<Speaker | undefined> {
    const { to } = message;
    if (to.kind === 'mirror') {
      return speakerOf(
        'opens' in to
          ? await o.mirroring.open(delivery, to.opens)
          : await o.mirroring.close(to.ends, to.openedBy, to.ending),
      );
    }
    if (to.kind === 'thread' && to.isMirrored) {
      return speakerOf(await o.mirroring.speak(delivery, message, to.thread));
    }
    if (to.kind === 'notification') {
      await o.spread(message, to);
      return undefined;
    }
    await o.mayGo(message);
    return resolvePeople(message, o);
  }

  /** What was written; what became of it; or that it was taken back, without saying once more what it was. */
  async function wordsOf(
    { revises }: Delivery,
    message: WrittenMessage,
    { timeZone, relayedFor = '' }: Speaker,
  ): Promise<string> {
    const { to } = message;
    if (to.kind === 'mirror') {
      return 'opens' in to
        ? openingWords(relayedFor, await o.threads.describe(to.opens.thread))
        : farewellWords(to.ending);
    }
    if (revises?.how === 'delete') {
      return `(deleted my message of ${writtenAt(revises.writtenAtMs, o.now(), timeZone)})`;
    }
    const isFromProgram = message.author === BRIDGE;
    const plain = isFromProgram ? message.text : await o.people.plainText(message);
    if (plain.trim() === '') throw refusedForGood('no-text', 'There was no text to send.');
    if (plain.length > MAX_TEXT_LENGTH) {
      throw refusedForGood('too-long', 'A message has at most 40,000 characters.');
    }
    if (isFromProgram) return `${plain}\n${ONE_WAY}`;
    return revises ? `Edited: ${plain}` : plain;
  }

  /** When it was written, if that was earlier. */
  function timeOf(
    { takenAtMs, order }: Delivery,
    { to, isBrought }: WrittenMessage,
    isLate: boolean,
    { timeZone }: Speaker,
  ): string {
    if (to.kind === 'mirror') return '';
    const writtenAtMs = isBrought ? order / 1_000 : takenAtMs;
    return isLate || isBrought ? lateLabel(writtenAtMs, o.now(), timeZone) : '';
  }
}

const relayed = ({ relayedFor }: Speaker): string => (relayedFor === undefined ? '' : relayLabel(relayedFor));
