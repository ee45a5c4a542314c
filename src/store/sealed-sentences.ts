import type { Delivery } from '../bridge/delivery.ts';
import type { Box } from './box.ts';

/** Where a delivery's state holds sentences. They quote: an e-mail address, or what a trigger says about a text. */
const EXPLANATIONS = ['failure', 'waiting', 'refusal'] as const;

const contextOf = (delivery: Delivery): string => `${delivery.id}:sentence`;

/** The state as it is stored: scripts read its other fields, nobody without a key its sentences. */
export const withSealedSentences = (delivery: Delivery, box: Box): Delivery =>
  eachSentence(delivery, (sentence) => box.seal(sentence, contextOf(delivery)));

/** Its key may be gone, and with it what was wrong; that something was is still known. */
const LOST_SENTENCE = 'What was wrong cannot be read any more.';

export const withOpenSentences = (delivery: Delivery, box: Box): Delivery =>
  eachSentence(delivery, (sentence) => {
    try {
      return box.open(sentence, contextOf(delivery));
    } catch {
      return LOST_SENTENCE;
    }
  });

function eachSentence(delivery: Delivery, change: (sentence: string) => string): Delivery {
  const changed: Delivery = { ...delivery };
  for (const field of EXPLANATIONS) {
    const explained = delivery[field];
    if (explained)
      Object.assign(changed, { [field]: { ...explained, sentence: change(explained.sentence) } });
  }
  return changed;
}
