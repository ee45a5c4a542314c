import type { PauseReason } from '../../bridge/gate.ts';

/** Why nothing goes for a while, to whoever waits. */
export const PAUSES: Readonly<Record<PauseReason, string>> = {
  'person-limit': 'Salesforce takes no more Chatter requests from you this hour.',
  'bridge-limit': 'Salesforce takes no more Chatter requests from the bridge’s own user this hour.',
  'org-limit': "Your company's Salesforce requests for today are used up.",
  'org-busy': 'Salesforce has too much to do for your company.',
  away: 'Salesforce cannot be reached.',
  'chat-limit': 'Slack takes no more requests from this app at the moment.',
  'reads-spent':
    'The bridge must look whether earlier messages have arrived, and has looked as often as Salesforce allows in an hour.',
};
