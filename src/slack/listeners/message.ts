import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Intake, Taken, ThreadLink, WrittenMessage } from '../../bridge/message.ts';
import type { ChatPersonId, ChatThreadId, DeliveryId } from '../../bridge/people.ts';
import { makeMessageId, makePersonId, makeThreadId, microsecondsOf } from '../ids.ts';
import { NOTE_EVENT } from '../note-event.ts';
import { MessageEvent } from '../payload.ts';
import { writtenIn } from '../written.ts';

/**
 * Subtypes that are somebody's new words. Everything else (edits, deletions, joins, `bot_message`, tombstones
 * and what Slack may yet invent) does not travel.
 */
const TRAVELLING = new Set(['', 'file_share', 'thread_broadcast', 'me_message']);

/** Slack sends an event again up to three times: at once, after a minute, after five. */
const LAST_RETRY = 3;

/** Nothing more is to be done about it. */
const SETTLED = new Set<Taken>(['stored', 'duplicate', 'person-full', 'bridge-full']);

export interface MessagePorts {
  intake: Intake;
  botUser: string | undefined;
  log: Logger;
}

/** Takes replies in our own threads to Chatter. Throws when one could not be stored: Slack then sends it again. */
export function listenToMessages(app: App, ports: MessagePorts): void {
  app.event('message', async ({ event, context, body }) => {
    const message = MessageEvent.parse(event);
    const dropped = reasonToDrop(message, ports.botUser);
    if (dropped !== undefined) {
      ports.log.debug({ dropped, subtype: message.subtype ?? '' }, 'message does not travel');
      return;
    }
    await takeMessage(message, context.teamId ?? body.team_id, context.retryNum ?? 0, ports);
  });
}

/** Why a message is not somebody's new words in their conversation with the app; undefined: it is. */
export function reasonToDrop(message: MessageEvent, botUser: string | undefined): string | undefined {
  if (!TRAVELLING.has(message.subtype ?? '')) return 'subtype';
  if (message.hidden === true) return 'hidden';
  if (message.metadata?.event_type === NOTE_EVENT) return 'own';
  // Present-day bots, our own included, post without a subtype.
  if (message.bot_id || message.app_id) return 'bot';
  if (!message.user || message.user === botUser || message.user === 'USLACKBOT') return 'no person';
  if (message.channel_type !== 'im') return 'not in a conversation with the app';
  return undefined;
}

async function takeMessage(
  message: MessageEvent,
  team: string,
  retryNum: number,
  { intake, log }: MessagePorts,
): Promise<void> {
  const { channel, ts } = message;
  const person = makePersonId({ team, user: message.user ?? '' });
  const hint = `hint-${team}-${channel}-${ts}` as DeliveryId;
  const written = writtenIn(message);
  const thread = written && threadOf(message, team);
  const link = thread && (await linkOf(thread, person, retryNum, intake));
  if (written === undefined || thread === undefined || link === undefined) {
    return insist(await intake.explain(hint, person, 'no-thread'));
  }
  if (link.person !== person) {
    log.warn({ channel, ts }, 'somebody else wrote in a private thread');
    return;
  }
  insist(await intake.take(reply(message, team, person, thread, link, written), true));
}

/** @throws Error when the thread may just be being opened: Slack then sends the message again. */
async function linkOf(
  thread: ChatThreadId,
  person: ChatPersonId,
  retryNum: number,
  intake: Intake,
): Promise<ThreadLink | undefined> {
  const link = await intake.threadLink(thread);
  if (link !== undefined) return link;
  if (retryNum < LAST_RETRY && (await intake.isSaying(person))) {
    throw new Error('the thread may just be being opened');
  }
  // It may have been stored between the two questions.
  return intake.threadLink(thread);
}

function threadOf({ thread_ts, ts, channel }: MessageEvent, team: string): ChatThreadId | undefined {
  if (!thread_ts || thread_ts === ts) return undefined;
  return makeThreadId({ team, channel, ts: thread_ts });
}

function reply(
  { channel, ts }: MessageEvent,
  team: string,
  author: ChatPersonId,
  thread: ChatThreadId,
  link: ThreadLink,
  written: Pick<WrittenMessage, 'text' | 'beyondText'>,
) {
  return {
    id: `msg-${team}-${channel}-${ts}-new` as DeliveryId,
    lane: link.lane,
    order: microsecondsOf(ts),
    message: {
      v: 1 as const,
      author,
      ...written,
      to: { kind: 'thread' as const, thread },
      source: makeMessageId({ team, channel, ts }),
    },
  };
}

/** @throws Error unless it is stored or its writer was told, so that Slack gets an error and sends the event again. */
function insist(taken: Taken): void {
  if (!SETTLED.has(taken)) throw new Error(`message not stored: ${taken}`);
}
