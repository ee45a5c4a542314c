import { DeliveryError, refusedForGood } from './delivery-error.ts';
import type { Bell, DeliveryLog } from './delivery-log.ts';
import { paceMs } from './pace.ts';
import { BRIDGE, type ChatPersonId } from './people.ts';
import type { ChatPeople, PrivateMessages, SalesforceDirectory } from './ports.ts';
import type { Read, Reader, Readers } from './readers.ts';
import type { Step } from './steps.ts';
import { createStoreAnswers } from './store-answers.ts';
import type { Timing } from './timing.ts';

export interface ReadAnswersOptions {
  log: DeliveryLog;
  readers: Readers;
  bell: Bell;
  people: Pick<ChatPeople, 'find'>;
  directory: Pick<SalesforceDirectory, 'findByEmail' | 'own'>;
  messages: Pick<PrivateMessages, 'newsSince' | 'serverNowMs'>;
  timing: Timing;
  consent: 'notice' | 'ask';
  /** Asks them, once, whether the bridge may act for them. */
  askConsent: (person: ChatPersonId) => Promise<void>;
  /** Whether Salesforce tells of new messages just now. */
  isPushed: () => Promise<boolean>;
  now: () => number;
  step: Step;
  /** A reading failed; it is made again. Never holds text. */
  failed: (person: ChatPersonId, error: DeliveryError) => void;
  /** More lay behind the last reading than one goes back: what is older was left out. */
  leftOut: (person: ChatPersonId) => void;
}

const HOUR_MS = 60 * 60 * 1_000;
/** How long a person is believed to be the same Salesforce user while their e-mail is the same. */
const SAME_USER_MS = 12 * HOUR_MS;
/** Less than what was shown is remembered for (26 h after its end): behind the cursor nothing older is read again. */
const REMEMBERED_MS = 24 * HOUR_MS;
/** As long as their threads live: then nobody waits for answers any more. */
const LIVE_MS = 180 * 24 * HOUR_MS;
/** A first reading begins here: what is older is nobody's. Only the clock that Salesforce's answer brings is wanted. */
const FIRST_MS = 60_000;
/** How far our clock may be ahead of Salesforce's. */
const CLOCK_MARGIN_MS = 5_000;

/**
 * Reads one person's Chatter messages with their own token, and stores what belongs to threads of theirs. All else is
 * dropped unread. First everything is stored, then the cursor moves: a crash in between reads again what is known by its
 * id.
 */
export function createReadAnswers(o: ReadAnswersOptions): (reader: Reader) => Promise<void> {
  const { log, readers, messages, timing } = o;
  const { overlapMs, slowestMs } = timing.reading;
  const storeAnswers = createStoreAnswers(o);

  return async (reader) => {
    const { person } = reader;
    const record = await log.person(person);
    const { optedOut, inboxSinceMs = 0 } = record;
    const isLive = inboxSinceMs > 0 || reader.nowMs - reader.trafficMs < LIVE_MS;
    if (optedOut || !isLive) return readers.forget(reader);
    try {
      await mayRead(person, record.allowed);
      const user = await userOf(reader);
      const opensSinceMs = inboxSinceMs > 0 ? inboxSinceMs - CLOCK_MARGIN_MS : undefined;
      const news = await messages.newsSince(user, startFor(reader, opensSinceMs));
      await o.step('poll.fetched');
      if (!news.isWhole) o.leftOut(person);
      const own = await o.directory.own();
      const hadTraffic = await storeAnswers({ reader, user, own, opensSinceMs }, news.messages);
      await o.step('inbound.stored');
      const quietMs = hadTraffic ? 0 : reader.nowMs - reader.trafficMs;
      const released = await readers.release(reader, {
        cursorMs: Math.max(
          reader.cursorMs ?? serverNowMs(),
          ...news.messages.map(({ sentAtMs }) => sentAtMs),
        ),
        readFrom: true,
        user,
        failures: 0,
        hadTraffic,
        // Each page is a reading.
        dueInMs: paceMs(quietMs, await o.isPushed(), timing.reading) * news.pages,
      });
      if (released) await o.step('cursor.moved');
    } catch (error) {
      // Whatever this program trips over must not stop the others' readings, nor be tried without a rest.
      await readers.release(reader, postponed(reader, error));
      if (!(error instanceof DeliveryError)) throw error;
      o.failed(person, error);
    }
  };

  function serverNowMs(): number {
    return messages.serverNowMs() ?? o.now();
  }

  /** From the cursor back by the overlap, or from where a conversation began that was not known; never behind what is remembered. */
  function startFor({ cursorMs, fromMs }: Reader, opensSinceMs: number | undefined): number {
    const nowMs = serverNowMs();
    if (cursorMs === undefined) return Math.min(nowMs - FIRST_MS, opensSinceMs ?? nowMs);
    const remembered = nowMs - REMEMBERED_MS;
    const behind = Math.max(cursorMs - overlapMs, Math.min(cursorMs + 1, remembered));
    return Math.min(behind, Math.max(fromMs ?? behind, remembered));
  }

  async function mayRead(person: ChatPersonId, isAllowed: boolean): Promise<void> {
    if (o.consent !== 'ask' || isAllowed || person === BRIDGE) return;
    await o.askConsent(person);
    throw refusedForGood('consent-needed', 'Waiting for you to allow this app to act for you.');
  }

  async function userOf({ person, user, nowMs }: Reader): Promise<NonNullable<Reader['user']>> {
    if (person === BRIDGE) return { ...(await o.directory.own()), email: '', untilMs: nowMs + SAME_USER_MS };
    const { email } = await o.people.find(person, 'sender');
    if (user && user.email === email && user.untilMs > nowMs) return user;
    const found = await o.directory.findByEmail(email, undefined);
    return { ...found, email, untilMs: nowMs + SAME_USER_MS };
  }

  function restMs(error: unknown, failures: number): number {
    const againMs = Math.min(timing.reading.pollMs * 2 ** failures, slowestMs);
    if (!(error instanceof DeliveryError)) return againMs;
    const { retry, held } = error;
    if (retry.kind === 'never') return slowestMs;
    if (retry.kind === 'later') return againMs;
    // Several pages need as many readings: one that becomes free is not spent on the first page again and again.
    return held && failures > 0 ? Math.max(retry.ms, againMs) : retry.ms;
  }

  function postponed(reader: Reader, error: unknown): Read {
    const { cursorMs, failures } = reader;
    const isHeld = error instanceof DeliveryError && error.held !== undefined;
    return {
      failures: failures + 1,
      hadTraffic: false,
      dueInMs: restMs(error, failures),
      // Who they are is asked anew: the token may have been refused because they are somebody else by now.
      ...(isHeld && reader.user && { user: reader.user }),
      ...(cursorMs !== undefined && { cursorMs }),
    };
  }
}
