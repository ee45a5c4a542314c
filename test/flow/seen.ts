import type { Message } from '../../sandbox/slack/shapes.ts';
import type { Name, World } from './world.ts';
import { slackIds } from './world.ts';

/** The machine may be busy: how long a flow may take to show. */
export const patience = { timeout: 15_000 };

/** For tests with a few such waits. */
export const longTest = { timeout: 60_000 };

interface Shown {
  text: string;
  blocks?: readonly unknown[];
}

/** What one reads in a message: the texts of its blocks, or its text where it has none. */
export function wordsOf(shown: Shown): string {
  return shown.blocks?.length ? textsIn(shown.blocks).join('\n') : shown.text;
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}

/** Messages in a person's conversation with the app that contain these words, oldest first. */
export function notes(world: World, words: string, reader: Name = 'ada'): Message[] {
  const { slack } = world;
  return slack.messages(slack.dmOf(slackIds[reader])).filter((message) => wordsOf(message).includes(words));
}

/** The same, what is shown to this person alone in channels included. */
export function told(world: World, reader: Name = 'ada'): string[] {
  const person = slackIds[reader];
  return [...world.slack.ephemeralsOf(person), ...notes(world, '', reader)].map(wordsOf);
}

/** Types `/chatter-dm` in #general and gives what is answered at once. */
export async function command(
  world: World,
  text: string,
  writer: Name = 'ada',
  options: { escaped?: boolean } = {},
): Promise<string> {
  const answered = await world.slack.command(slackIds[writer], 'C0GENERAL', '/chatter-dm', text, options);
  return answered.body === '' ? '' : (JSON.parse(answered.body) as { text: string }).text;
}

/** The thread in which these words are shown, by its root's `ts`. */
export function rootOf(world: World, words: string, reader: Name = 'ada'): string {
  const [note] = notes(world, words, reader);
  if (!note) throw new Error(`no note says ${words}`);
  return note.thread_ts ?? note.ts;
}

/** Writes in a thread of the writer's conversation with the app. */
export function reply(world: World, root: string, text: string, writer: Name = 'ada') {
  const { slack } = world;
  return slack.say(slackIds[writer], slack.dmOf(slackIds[writer]), text, { thread_ts: root });
}

/** The note with buttons that contains these words. */
export function decidable(world: World, words: string, reader: Name = 'ada'): Message {
  const note = notes(world, words, reader).find(hasButtons);
  if (!note) throw new Error(`no note with buttons says ${words}`);
  return note;
}

type Button =
  | 'retry_delivery'
  | 'discard_delivery'
  | 'retry_all_deliveries'
  | 'discard_all_deliveries'
  | 'consent_allow'
  | 'consent_decline';

/** Presses a button of the note that contains these words; somebody else's note, when `reader` says so. */
export function press(
  world: World,
  words: string,
  button: Button,
  presser: Name = 'ada',
  reader: Name = presser,
) {
  return world.slack.press(slackIds[presser], decidable(world, words, reader), button);
}

/** Whether somebody may still press something there. */
export const hasButtons = (message: Message | undefined): boolean =>
  message?.blocks?.some((block) => block.type === 'actions') ?? false;

/** Requests of one kind that Salesforce has seen so far. */
export const asked = (world: World, kind: 'token' | 'post' | 'list' | 'query'): number =>
  world.salesforce.requests.filter((request) => request.kind === kind).length;
