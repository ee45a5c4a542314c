import type { App } from '@slack/bolt';
import type { Intake, ThreadLink } from '../../bridge/message.ts';
import type { ChatPersonId, ChatThreadId, DeliveryId } from '../../bridge/people.ts';
import { makePersonId, makeThreadId } from '../ids.ts';
import { incomingMessage, incomingRevision } from '../incoming.ts';
import { MessageEvent } from '../payload.ts';
import { writtenIn } from '../written.ts';
import { reasonToDrop } from './author.ts';
import { isInChannel, type MessagePorts, rootOf, takeFromChannel } from './channel-message.ts';
import { isSharedNow } from './place.ts';
import { type Revision, revisionIn } from './revision.ts';
import { insist } from './taken.ts';

/** Slack sends an event again up to three times: at once, after a minute, after five. */
const LAST_RETRY = 3;

/**
 * Takes replies in our own threads and in mirrored ones to Chatter, and what becomes of them. Throws when one could not be
 * stored: Slack then sends it again.
 */
export function listenToMessages(app: App, ports: MessagePorts): void {
  app.event('message', async ({ event, context, body }) => {
    const message = MessageEvent.parse(event);
    const team = context.teamId ?? body.team_id;
    if (isInChannel(message)) return takeFromChannel(message, { team, isShared: isSharedNow(body) }, ports);
    const retryNum = context.retryNum ?? 0;
    const revision = revisionIn(message, ports.botUser);
    if (revision) return takeRevision(revision, message.channel, team, retryNum, ports);
    const dropped = whyNotToTheApp(message, ports.botUser);
    if (dropped !== undefined) {
      ports.log.debug({ dropped, subtype: message.subtype ?? '' }, 'message does not travel');
      return;
    }
    await takeMessage(message, team, retryNum, ports);
  });
}

/** Why a message is not somebody's new words in their conversation with the app; undefined: it is. */
function whyNotToTheApp(message: MessageEvent, botUser: string | undefined): string | undefined {
  const dropped = reasonToDrop(message, botUser);
  if (dropped !== undefined) return dropped;
  return message.channel_type === 'im' ? undefined : 'not in a conversation with the app';
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
  const root = written && rootOf(message);
  const thread = root && makeThreadId({ team, channel, ts: root });
  const link = thread && (await linkOf(thread, person, retryNum, intake));
  if (!written || !thread || !link) {
    return insist(await intake.explain(hint, person, 'no-thread'));
  }
  if (link.person !== person) {
    log.warn({ channel, ts }, 'somebody else wrote in a private thread');
    return;
  }
  insist(await intake.take(incomingMessage(message, written, { team, thread, lane: link.lane }), true));
}

/** Stored like a message, with the same promise; whether its message is here already does not matter. */
async function takeRevision(
  revision: Revision,
  channel: string,
  team: string,
  retryNum: number,
  { intake, log }: MessagePorts,
): Promise<void> {
  const author = makePersonId({ team, user: revision.user });
  const thread = makeThreadId({ team, channel, ts: revision.threadTs });
  const link = await linkOf(thread, author, retryNum, intake);
  if (link?.person !== author) {
    log.debug({ dropped: 'not in a thread of theirs' }, 'a change does not travel');
    return;
  }
  insist(await intake.take(incomingRevision(revision, { team, thread }), true));
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
