import type { Taken } from '../../bridge/taken.ts';
import { words } from '../words.ts';

/** What is said of a command that was, or was not, taken in. @param people whom it is for, as mrkdwn. */
export function takenWords(taken: Taken, people: readonly string[]): string {
  switch (taken) {
    case 'stored':
    case 'duplicate':
      return words.sending(people);
    case 'refused':
      return words.refused;
    case 'person-full':
      return words.full('person');
    case 'bridge-full':
      return words.full('bridge');
    case 'unsure':
      return words.unsure;
  }
}
