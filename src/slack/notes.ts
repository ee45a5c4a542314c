import type { WebClient } from '@slack/web-api';
import type { Say } from '../bridge/note.ts';
import { BRIDGE, type ChatThreadId, type Scope } from '../bridge/people.ts';
import type { ChatNotes, NotePlace, PostedNote } from '../bridge/ports.ts';
import { type Ask, channelScope, methodScope } from './asking.ts';
import { conversationWith } from './conversation-with.ts';
import { slackErrorName } from './errors.ts';
import {
  isWithTheApp,
  type MessageParts,
  makeMessageId,
  makeThreadId,
  parsePersonId,
  parseThreadId,
} from './ids.ts';
import { findMarked } from './marked-message.ts';
import { NOTE_EVENT } from './note-event.ts';
import type { ResponseUrls } from './response-url.ts';
import { type AnswerNames, answerPieces } from './views/answer.ts';
import type { LookedUp } from './views/rendered.ts';
import { renderSay } from './views/say.ts';
import { type WhereIs, whereMessageIs } from './whereabouts.ts';

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
  /** What makes a note easier to read: see createLookUpFor. */
  lookUpFor: (say: Say) => Promise<LookedUp>;
  whereIs: WhereIs;
  now: () => number;
}

/**
 * What the bridge says in Slack: to people always in their own conversation with the app, and in mirrored threads what all
 * who can read them are meant to read.
 */
export function createChatNotes({
  client,
  ask,
  responseUrls,
  replaceAnswers,
  answerNames,
  lookUpFor,
  whereIs,
  now,
}: ChatNotesOptions): ChatNotes {
  return {
    say: async (to, say, marker) => {
      const lookedUp = await lookUpFor(say);
      const { team, channel, scope, thread, root } = await addressOf(to, whereIs);
      // Under another name, a message to a user's id would go to their conversation with Slackbot (chat.postMessage).
      const rendered = renderSay(say, root === undefined ? 'inside' : answerNames, lookedUp);
      const posted = await ask(scope, 'post', () =>
        client.chat.postMessage({
          channel,
          ...rendered,
          ...(root !== undefined && { thread_ts: root }),
          metadata: { event_type: NOTE_EVENT, event_payload: { marker } },
          // A preview would show, to Slack at least, what a private message links to.
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
      if (posted.channel === undefined || posted.ts === undefined)
        throw new Error('chat.postMessage answered without a ts');
      return noteAt({ team, channel: posted.channel, ts: posted.ts }, thread);
    },

    find: async (to, marker) => {
      const { team, channel: named, thread, root } = await addressOf(to, whereIs);
      const channel = root === undefined ? await conversationWith(client, ask, named) : named;
      const ts = await findMarked(client, ask, { channel, thread: root, marker, nowMs: now() });
      return ts === undefined ? undefined : noteAt({ team, channel, ts }, thread);
    },

    change: async (note, say, thread) => {
      const rendered = renderSay(say, 'inside', await lookUpFor(say));
      const { channel, ts } = await whereMessageIs(note, thread, whereIs);
      await ask(methodScope('chat.update'), 'read', () => client.chat.update({ channel, ts, ...rendered }));
    },

    answer: (handle, say) =>
      responseUrls.post(handle, {
        response_type: 'ephemeral',
        replace_original: replaceAnswers,
        ...renderSay(say),
      }),

    pieces: answerPieces,

    markDelivered: async (message, thread) => {
      const { channel, ts } = await whereMessageIs(message, thread, whereIs);
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

interface Address {
  team: string;
  /** A user's id stands for that user's conversation with the app. */
  channel: string;
  scope: Scope;
  /** The thread that it is in, as the bridge knows it, and `ts` of its root; absent: it begins one. */
  thread?: ChatThreadId;
  root?: string;
}

async function addressOf({ person, thread }: NotePlace, whereIs: WhereIs): Promise<Address> {
  const parts = thread && parseThreadId(await whereIs(thread));
  const inThread = parts && { channel: parts.channel, thread, root: parts.ts };
  if (person === BRIDGE) {
    if (!inThread) throw new TypeError('what is said to all is said in a thread');
    return { ...inThread, team: parts.team, scope: channelScope(parts.channel) };
  }
  const { team, user } = parsePersonId(person);
  // Always the person's own conversation with the app, also when its channel is known by a thread. What is meant for one
  // is never said in a thread that others read.
  const own = inThread && isWithTheApp(inThread.channel) ? inThread : { channel: user };
  return { ...own, team, scope: channelScope(user) };
}

function noteAt(parts: MessageParts, thread: ChatThreadId | undefined): PostedNote {
  return { message: makeMessageId(parts), thread: thread ?? makeThreadId(parts) };
}
