import type { WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import type { DeliveryId } from '../bridge/people.ts';
import type { ChatNotes, NotePlace, PostedNote } from '../bridge/ports.ts';
import { type Ask, channelScope, methodScope } from './asking.ts';
import { slackErrorName } from './errors.ts';
import { makeMessageId, makeThreadId, parseMessageId, parsePersonId, parseThreadId } from './ids.ts';
import { findMarked } from './marked-message.ts';
import { NOTE_EVENT } from './note-event.ts';
import type { ResponseUrls } from './response-url.ts';
import { type AnswerNames, answerPieces } from './views/answer.ts';
import { renderSay } from './views/say.ts';

/** The mark of a delivered message. */
const DELIVERED = 'white_check_mark';

export interface ChatNotesOptions {
  client: WebClient;
  ask: Ask;
  responseUrls: ResponseUrls;
  /**
   * Whether the answer of a command asks to replace "Sending to …". Slack's documents do not say whether
   * that works for the answers of slash commands; where it does not, the new line comes below.
   */
  replaceAnswers: boolean;
  answerNames: AnswerNames;
  now: () => number;
}

/** What the bridge says to people in Slack: always in their own conversation with the app, never elsewhere. */
export function createChatNotes({
  client,
  ask,
  responseUrls,
  replaceAnswers,
  answerNames,
  now,
}: ChatNotesOptions): ChatNotes {
  return {
    say: async (to, say, marker) => {
      const { team, user } = parsePersonId(to.person);
      const thread = to.thread && parseThreadId(to.thread);
      // Under another name, a message to a user's id would go to their conversation with Slackbot (chat.postMessage).
      const rendered = renderSay(say, thread ? answerNames : 'inside');
      // Always the person's own conversation with the app, also when its channel is known by a thread.
      const posted = await ask(channelScope(user), 'post', () =>
        client.chat.postMessage({
          // A user's id posts to that user's conversation with the app.
          channel: thread?.channel ?? user,
          ...rendered,
          ...(thread && { thread_ts: thread.ts }),
          metadata: { event_type: NOTE_EVENT, event_payload: { marker } },
          // A preview would show, to Slack at least, what a private message links to.
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
      const { channel, ts } = posted;
      if (channel === undefined || ts === undefined)
        throw new Error('chat.postMessage answered without a ts');
      return noteAt(team, channel, ts, thread?.ts);
    },

    find: async (to: NotePlace, marker: DeliveryId) => {
      const { team, user } = parsePersonId(to.person);
      const thread = to.thread && parseThreadId(to.thread);
      const channel = thread?.channel ?? (await conversationWith(client, ask, user));
      const ts = await findMarked(client, ask, { channel, thread: thread?.ts, marker, nowMs: now() });
      return ts === undefined ? undefined : noteAt(team, channel, ts, thread?.ts);
    },

    change: async (note, say) => {
      const { channel, ts } = parseMessageId(note);
      await ask(methodScope('chat.update'), 'read', () =>
        client.chat.update({ channel, ts, ...renderSay(say) }),
      );
    },

    answer: (handle, say) =>
      responseUrls.post(handle, {
        response_type: 'ephemeral',
        replace_original: replaceAnswers,
        ...renderSay(say),
      }),

    pieces: answerPieces,

    markDelivered: async (message) => {
      const { channel, ts } = parseMessageId(message);
      try {
        await ask(methodScope('reactions.add'), 'read', () =>
          client.reactions.add({ channel, timestamp: ts, name: DELIVERED }),
        );
      } catch (error) {
        if (slackErrorName(error) !== 'already_reacted') throw error;
      }
    },
  };
}

async function conversationWith(client: WebClient, ask: Ask, user: string): Promise<string> {
  const { channel } = await ask(methodScope('conversations.open'), 'read', () =>
    client.conversations.open({ users: user }),
  );
  if (channel?.id === undefined)
    throw refusedForGood('slack-no-conversation', 'Slack gives no conversation.');
  return channel.id;
}

function noteAt(team: string, channel: string, ts: string, root: string | undefined): PostedNote {
  return {
    message: makeMessageId({ team, channel, ts }),
    thread: makeThreadId({ team, channel, ts: root ?? ts }),
  };
}
