import type { LeftOutReason, PersonOutcome, Report } from '../bridge/notification.ts';

/** Under what somebody who was not reached is listed. */
export type Group =
  | LeftOutReason
  | 'refused'
  | 'not-as-you'
  | 'after-retries'
  | 'uncertain'
  | 'being-stopped'
  | 'stopped'
  | 'discarded';

interface Heading {
  /** What is said of them. */
  says: string;
  /** Why is different for each: Salesforce's own words may be in it. */
  hasReasons?: true;
  /** Nobody expects them to be reached: they are counted, and named where they are few. */
  isCounted?: true;
}

/** In the order in which they are listed. */
export const GROUPS: Readonly<Record<Group, Heading>> = {
  'no-user': { says: 'No Salesforce user with their e-mail address' },
  'several-users': { says: 'Several Salesforce users with one e-mail address' },
  inactive: { says: 'Not active in Salesforce' },
  // Whether it is theirs, the sender's or the company's, only Salesforce's words may tell.
  'no-chatter': { says: 'Without Chatter', hasReasons: true },
  refused: { says: 'Refused by Salesforce', hasReasons: true },
  'opted-out': { says: 'Opted out of this app' },
  'not-as-you': { says: 'Not sent, as the bridge could not act for you', hasReasons: true },
  'after-retries': { says: 'Failed, also when tried again', hasReasons: true },
  uncertain: { says: 'Not confirmed: it may have arrived' },
  stopped: { says: 'Stopped before it was sent' },
  discarded: { says: 'Discarded by you' },
  'being-stopped': { says: 'Being stopped' },
  'no-email': { says: 'No e-mail address in Slack' },
  unknown: { says: 'Not found' },
  'other-company': { says: 'Of another company', isCounted: true },
  guest: { says: 'Guests in Slack', isCounted: true },
  deactivated: { says: 'Deactivated in Slack', isCounted: true },
  bot: { says: 'Apps', isCounted: true },
  sender: { says: 'You yourself', isCounted: true },
};

/** What the code of a refusal says about a person. The codes are those of DeliveryErrors. */
const GROUP_OF_CODE: Readonly<Record<string, Group>> = {
  'no-chatter': 'no-chatter',
  // Whoever gets it was looked up before: these are about whoever sends it.
  ...Object.fromEntries(
    [
      ...['opted-out', 'user-unknown', 'user-ambiguous', 'user-not-active', 'user-external', 'bridge-user'],
      ...['person-unknown', 'person-deactivated', 'person-guest', 'person-stranger', 'person-domain'],
      ...['person-bot', 'person-without-email'],
    ].map((code) => [code, 'not-as-you' as const]),
  ),
  ...Object.fromEntries(
    [
      // By Salesforce, for good: what is refused for now is tried again.
      ...['refused', 'vetoed', 'incomplete', 'too-long', 'characters-refused', 'no-text', 'id-refused'],
      ...['no-access', 'not-found', 'conversation-gone', 'request-not-understood', 'request-too-large'],
      ...['api-disabled', 'api-disabled-for-user', 'session-not-for-api', 'version-retired'],
      ...['wrong-audience', 'wrong-client', 'wrong-key', 'wrong-user', 'app-not-installed', 'ip-restricted'],
    ].map((code) => [code, 'refused' as const]),
  ),
};

/** Where somebody is listed; undefined: they were reached, or still may be. */
export function groupOf({ outcome, code = '' }: PersonOutcome, isStopped: boolean): Group | undefined {
  switch (outcome) {
    case 'delivered':
      return undefined;
    case 'waiting':
      return isStopped ? 'being-stopped' : undefined;
    case 'failed':
      return Object.hasOwn(GROUP_OF_CODE, code) ? GROUP_OF_CODE[code] : 'after-retries';
    case 'uncertain':
      return outcome;
    case 'stopped':
      return code === 'discarded' ? code : outcome;
  }
}

/** Somebody who was not reached. `reason`: what is said of them alone. */
export interface Missed {
  name: string;
  reason?: string;
}

/** Who was not reached, and why, in the order of GROUPS. */
export function missedIn({
  people,
  leftOut,
  state,
}: Report): readonly (readonly [Group, readonly Missed[]])[] {
  const groups = new Map<Group, Missed[]>();
  const add = (group: Group, missed: Missed) => {
    const those = groups.get(group);
    if (those) those.push(missed);
    else groups.set(group, [missed]);
  };
  for (const person of people) {
    const group = groupOf(person, state === 'stopped');
    const { name, sentence } = person;
    if (group) add(group, { name, ...(sentence && GROUPS[group].hasReasons && { reason: sentence }) });
  }
  for (const { name, why } of leftOut) add(why, { name });
  const order = Object.keys(GROUPS) as Group[];
  return order.flatMap((group) => {
    const missed = groups.get(group);
    return missed ? [[group, missed] as const] : [];
  });
}
