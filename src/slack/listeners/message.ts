import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Incoming, Intake, Taken, ThreadLink, WrittenMessage } from '../../bridge/message.ts';
import type { ChatPersonId, ChatThreadId, DeliveryId, LaneKey } from '../../bridge/people.ts';
import { makeDeliveryId, makeMessageId, makePersonId, makeThreadId, microsecondsOf } from '../ids.ts';
import { MessageEvent } from '../payload.ts';
import { writtenIn } from '../written.ts';
import { whyNobodys } from './author.ts';
import { type Revision, revisionIn } from './revision.ts';

/**
 * Subtypes that are somebody's new words. Edits and deletions are another matter (revision.ts); everything else (joins,
 * `bot_message` and what Slack may yet invent) does not travel.
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

/** Takes replies in our own threads to Chatter, and what becomes of them. Throws when one could not be stored: Slack then sends it again. */
export function listenToMessages(app: App, ports: MessagePorts): void {
  app.event('message', async ({ event, context, body }) => {
    const message = MessageEvent.parse(event);
    const team = context.teamId ?? body.team_id;
    const retryNum = context.retryNum ?? 0;
    const revision = revisionIn(message, ports.botUser);
    if (revision) return takeRevision(revision, message.channel, team, retryNum, ports);
    const dropped = reasonToDrop(message, ports.botUser);
    if (dropped !== undefined) {
      ports.log.debug({ dropped, subtype: message.subtype ?? '' }, 'message does not travel');
      return;
    }
    await takeMessage(message, team, retryNum, ports);
  });
}

/** Why a message is not somebody's new words in their conversation with the app; undefined: it is. */
export function reasonToDrop(message: MessageEvent, botUser: string | undefined): string | undefined {
  if (!TRAVELLING.has(message.subtype ?? '')) return 'subtype';
  if (message.hidden === true) return 'hidden';
  const nobodys = whyNobodys(message, botUser);
  if (nobodys !== undefined) return nobodys;
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

/** Stored like a message, with the same promise; whether its message is here already does not matter. */
async function takeRevision(
  { ts, threadTs, user, written, key, atUs }: Revision,
  channel: string,
  team: string,
  retryNum: number,
  { intake, log }: MessagePorts,
): Promise<void> {
  const author = makePersonId({ team, user });
  const thread = makeThreadId({ team, channel, ts: threadTs });
  const link = await linkOf(thread, author, retryNum, intake);
  if (link?.person !== author) {
    log.debug({ dropped: 'not in a thread of theirs' }, 'a change does not travel');
    return;
  }
  const id = `msg-${makeMessageId({ team, channel, ts })}-${key}` as DeliveryId;
  const incoming: Incoming = {
    id,
    // Of its own: what it has to come after it knows itself, and nothing has to wait for it.
    lane: `revises-${id}` as LaneKey,
    message: { v: 1, author, ...(written ?? { text: '' }), to: { kind: 'thread', thread } },
    revises: {
      of: makeDeliveryId({ team, channel, ts }),
      how: written ? 'edit' : 'delete',
      writtenAtMs: Math.floor(microsecondsOf(ts) / 1_000),
      atUs,
    },
  };
  insist(await intake.take(incoming, true));
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
    id: makeDeliveryId({ team, channel, ts }),
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
