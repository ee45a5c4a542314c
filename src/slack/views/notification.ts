import type { Button, KnownBlock } from '@slack/web-api';
import type { Outcome, Report } from '../../bridge/notification.ts';
import type { NotificationId } from '../../bridge/people.ts';
import { notifyWords } from '../notify-words.ts';
import { NOTIFY_ACTIONS } from '../payload-interactions.ts';
import { GROUPS, type Group, type Missed, missedIn } from '../report-groups.ts';
import { button, buttons, context, section } from './blocks.ts';
import { escapedExcerpt } from './excerpt.ts';
import { moment, timeOf } from './moment.ts';
import { namesLine } from './names.ts';
import { PAUSES } from './pauses.ts';
import type { Rendered } from './rendered.ts';

/** All blocks of a message together take about 13,000 characters (rich-text.ts): the lists get this much of them. */
const LISTS_LIMIT = 8_000;
/** One list in one section, with its heading. */
const LIST_LIMIT = 1_500;
const REASON_LIMIT = 400;
/** Reasons that only the CSV tells apart are one line. */
const MOST_REASONS = 5;
/** As many as are named of those whom nobody expects to be reached. */
const FEW = 10;

/** From then on a time of day alone could be tomorrow's. */
const FAR_MS = 12 * 60 * 60 * 1_000;

type Counts = Readonly<Record<Outcome, number>>;

/** How far a notification is, and in the end who was reached and who was not. */
export function renderNotification(report: Report): Rendered {
  const counts = countsOf(report);
  const summary = summaryOf(report, counts);
  return {
    text: summary,
    blocks: [
      section(summary),
      ...(report.state === 'sending' ? whyWaiting(report) : listsOf(report)),
      ...(report.state !== 'sending' && counts.uncertain > 0 ? [context(notifyWords.uncertainAside)] : []),
      buttons(buttonsOf(report, counts)),
    ],
  };
}

function countsOf({ people }: Report): Counts {
  const counts = { waiting: 0, delivered: 0, failed: 0, uncertain: 0, stopped: 0 };
  for (const { outcome } of people) counts[outcome] += 1;
  return counts;
}

function summaryOf({ state, people, foreseenEndMs, createdAtMs }: Report, counts: Counts): string {
  const all = number(people.length);
  switch (state) {
    case 'looking-up':
      return notifyWords.lookingUp;
    case 'sending': {
      const isFar = foreseenEndMs !== undefined && foreseenEndMs - createdAtMs > FAR_MS;
      const end =
        foreseenEndMs === undefined
          ? ''
          : ` Done at about ${isFar ? moment(foreseenEndMs) : timeOf(foreseenEndMs)}.`;
      return `*Sending to ${notifyWords.people(people.length)}:* ${counted(counts, ['delivered', 'failed', 'uncertain', 'stopped', 'waiting'])}.${end}`;
    }
    case 'stopped':
      return `*Stopped.* ${number(counts.delivered)} of ${all} delivered, ${number(people.length - counts.delivered)} not.`;
    case 'done':
      if (people.length === 0) return notifyWords.nobodyReached;
      return counts.delivered === people.length
        ? `*Delivered ${all}.*`
        : `*Delivered ${number(counts.delivered)}* of ${all}: ${counted(counts, ['failed', 'uncertain', 'stopped'])}.`;
  }
}

const NAMED: Readonly<Record<Outcome, string>> = {
  delivered: 'delivered',
  failed: 'failed',
  uncertain: 'not confirmed',
  stopped: 'stopped',
  waiting: 'waiting',
};

/** `120 delivered, 3 failed`: how many there are is always said of those delivered and those that wait. */
function counted(counts: Counts, of: readonly Outcome[]): string {
  return of
    .filter((outcome) => counts[outcome] > 0 || outcome === 'delivered' || outcome === 'waiting')
    .map((outcome) => `${number(counts[outcome])} ${NAMED[outcome]}`)
    .join(', ');
}

/** What keeps all of them back, or what most of those that wait wait for, in its own words. */
function whyWaiting({ people, paused }: Report): KnownBlock[] {
  if (paused) return [context(notifyWords.paused(PAUSES[paused.reason], moment(paused.untilMs)))];
  const reasons = new Map<string, number>();
  for (const { outcome, sentence } of people) {
    if (outcome === 'waiting' && sentence) reasons.set(sentence, (reasons.get(sentence) ?? 0) + 1);
  }
  const [most] = [...reasons].toSorted(([, one], [, other]) => other - one);
  return most ? [context(escapedExcerpt(most[0], REASON_LIMIT))] : [];
}

function listsOf(report: Report): KnownBlock[] {
  const groups = missedIn(report);
  const limit = Math.min(LIST_LIMIT, Math.floor(LISTS_LIMIT / groups.length));
  return groups.map(([group, missed]) => section(listOf(group, missed, limit)));
}

function listOf(group: Group, missed: readonly Missed[], limit: number): string {
  const { says, hasReasons, isCounted } = GROUPS[group];
  const heading = `*${says}* (${number(missed.length)})`;
  if (isCounted && missed.length > FEW) return heading;
  if (!hasReasons) return `${heading}: ${names(missed, limit)}`;
  const reasons = byReason(missed);
  const each = Math.floor(limit / reasons.length);
  const reasonLimit = Math.min(REASON_LIMIT, Math.floor(each / 2));
  const lines = reasons.map(
    ([reason, those]) =>
      `• ${names(those, each - reasonLimit)}${reason === '' ? '' : `: ${escapedExcerpt(reason, reasonLimit)}`}`,
  );
  return [heading, ...lines].join('\n');
}

/** Those with one reason together, the most frequent first; what is left over has none. */
function byReason(missed: readonly Missed[]): readonly (readonly [string, readonly Missed[]])[] {
  const reasons = new Map<string, Missed[]>();
  for (const one of missed) {
    const { reason = '' } = one;
    const those = reasons.get(reason);
    if (those) those.push(one);
    else reasons.set(reason, [one]);
  }
  const sorted = [...reasons].toSorted(([, one], [, other]) => other.length - one.length);
  if (sorted.length <= MOST_REASONS) return sorted;
  const rest = sorted.slice(MOST_REASONS - 1).flatMap(([, those]) => those);
  return [...sorted.slice(0, MOST_REASONS - 1), ['other reasons: see the CSV', rest]];
}

const names = (missed: readonly Missed[], limit: number): string =>
  namesLine(
    missed.map(({ name }) => name),
    { limit, whereMore: ': see the CSV' },
  );

function buttonsOf({ id, state }: Report, counts: Counts): Button[] {
  const { stop, resume, retry, csv } = NOTIFY_ACTIONS;
  return [
    ...(state === 'sending' || state === 'looking-up' ? [button('Stop', stop, id, 'danger')] : []),
    ...(state === 'stopped' ? [button('Resume', resume, id, 'primary')] : []),
    ...(state !== 'sending' && counts.failed > 0 ? [retryButton(retry, id, counts.failed)] : []),
    ...(state === 'looking-up' ? [] : [button('CSV', csv, id)]),
  ];
}

const retryButton = (action: string, id: NotificationId, failed: number): Button =>
  button(`Retry the failed (${number(failed)})`, action, id);

const number = (count: number): string => count.toLocaleString('en');
