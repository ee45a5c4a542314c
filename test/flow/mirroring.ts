import { expect, vi } from 'vitest';
import type { NewUser, OrgUser, StoredMessage } from '../../sandbox/salesforce/org.ts';
import type { SayOptions } from '../../sandbox/slack/people/messages.ts';
import type { Message } from '../../sandbox/slack/shapes.ts';
import type { FilledIn } from '../../sandbox/slack/view-state.ts';
import { quickReading, quickTiming, type RunningBridge, startBridge } from './bridge.ts';
import { asked, patience, wordsOf } from './seen.ts';
import { underWay } from './under-way.ts';
import { type Name, slackIds, type World } from './world.ts';

/** A bridge that reads what is answered as quickly as it does everything else. */
export const startMirroring = (options: Parameters<typeof startBridge>[0] = {}): Promise<RunningBridge> =>
  startBridge({ ...options, timing: { ...quickTiming, reading: quickReading, ...options.timing } });

export interface Mirrored {
  root: Message;
  /** Somebody found by name in Salesforce alone: so no two mirrors of a test have the same people. */
  reader: OrgUser;
  /** The messages of its conversation in Chatter, the first one included. */
  conversation(): StoredMessage[];
  /** What they say after the first one, each with who has sent it: `Ada Lovelace: yes`. */
  inChatter(): string[];
  /** What the app has said in the thread, the notice first. */
  inSlack(): string[];
  /** Somebody writes in the thread; a person's name, or a Slack id. */
  say(writer: string, text: string, options?: SayOptions): ReturnType<World['slack']['say']>;
  /** Somebody in the conversation writes in Chatter's own pages. */
  type(writer: Name | 'reader', text: string): StoredMessage;
}

export interface Beginning {
  by?: Name;
  /** Chosen in Slack. */
  people?: readonly string[];
  bring?: 'root' | 'last' | 'all';
  channel?: string;
  /** undefined: the starter says one. */
  root?: Message;
  /** The message whose menu is used; undefined: the root's. */
  on?: Message;
}

export const slackIdOf = (who: string): string => slackIds[who as Name] ?? who;

/** Uses a message's menu, and waits for the form that it opens. */
export async function openForm(
  { slack }: World,
  by: string,
  message: Message,
  shortcut = 'mirror_thread',
): Promise<void> {
  expect(await slack.shortcut(by, shortcut, message)).toMatchObject({ status: 200 });
  await untilPrepared(slack, by);
}

/** What somebody's uppermost modal says when all that it needs has been looked up. */
export async function untilPrepared(slack: World['slack'], by: string): Promise<string> {
  const shown = () => JSON.stringify(slack.viewsOf(by).at(-1)?.blocks ?? 'One moment…');
  // No `expect.poll`: that is one test's, and tests of crashes run side by side.
  await vi.waitUntil(() => !shown().includes('One moment…'), patience);
  return shown();
}

let readers = 0;

/** Another user of Salesforce who is not in Slack. */
export function newReader({ salesforce }: World, user: Partial<NewUser> = {}): OrgUser {
  readers += 1;
  return salesforce.addUser({
    name: `Joan Clarke ${readers}`,
    email: `joan${readers}@elsewhere.com`,
    ...user,
  });
}

/** Fills in the form of a mirror that is open, and closes what it becomes. */
export async function submit({ slack }: World, by: string, filledIn: FilledIn): Promise<void> {
  const { errors, trouble } = await slack.submitView(by, filledIn);
  expect({ errors, trouble }).toEqual({ errors: undefined, trouble: undefined });
  await slack.closeView(by);
}

/** Mirrors a thread, and waits until it says so. */
export async function begin(bridge: World, beginning: Beginning = {}): Promise<Mirrored> {
  const mirrored = await ask(bridge, beginning);
  await expect.poll(() => mirrored.inSlack()[0], patience).toContain('This thread is mirrored');
  return mirrored;
}

/** The same without waiting for it. */
export async function ask(
  bridge: World,
  { by = 'ada', people = ['grace'], bring = 'root', channel = 'C0GENERAL', ...given }: Beginning,
): Promise<Mirrored> {
  const starter = slackIdOf(by);
  const root = given.root ?? bridge.slack.say(starter, channel, 'What about lunch?').message;
  const reader = newReader(bridge);
  await openForm(bridge, starter, given.on ?? root);
  await submit(bridge, starter, { people: people.map(slackIdOf), users: [reader.id], bring });
  const name = bridge.salesforce.users.find(({ id }) => id === bridge.salesforceId(by))?.name;
  return mirroredAs(bridge, root, reader, `${name} has mirrored`);
}

/**
 * What is there of a thread, and of the latest conversation that this reader shares with the bridge's own user.
 * @param opening the first message says this: of one begun anew it names somebody else.
 */
export function mirroredAs(
  bridge: World,
  root: Message,
  reader: OrgUser,
  opening = 'has mirrored',
): Mirrored {
  const { slack, salesforce } = bridge;
  const nameOf = (id: string) => salesforce.users.find((user) => user.id === id)?.name ?? id;
  let known: string | undefined;
  const conversation = () => {
    known ??= salesforce
      .messages()
      .findLast(
        ({ recipientIds, text }) => recipientIds.includes(reader.id) && text.includes(opening),
      )?.conversationId;
    return salesforce.messages().filter(({ conversationId }) => conversationId === known);
  };
  return {
    root,
    reader,
    conversation,
    inChatter: () =>
      conversation()
        .slice(1)
        .map(({ senderId, text }) => `${nameOf(senderId)}: ${text}`),
    inSlack: () =>
      slack
        .thread(root.channel, root.ts)
        .filter((message) => message.bot_id === 'B0BRIDGE')
        .map(wordsOf),
    say: (writer, text, options = {}) =>
      slack.say(slackIdOf(writer), root.channel, text, { thread_ts: root.ts, ...options }),
    type: (writer, text) => {
      const id = writer === 'reader' ? reader.id : bridge.salesforceId(writer);
      return salesforce.type(id, { conversationId: conversation()[0]?.conversationId ?? '' }, text);
    },
  };
}

/** Without the time that it carries. */
export const untimed = (line: string): string => line.replace(/\(sent [^()]*\d\d:\d\d(?: UTC)?\) /, '');

/** Nothing is on its way any more, in either direction. */
export async function settled(bridge: RunningBridge): Promise<void> {
  await expect.poll(() => underWay(bridge), patience).toBe(0);
}

/** Whoever is read has been read anew, and what that has found is shown. */
export async function readAgain(bridge: RunningBridge, times = 3): Promise<void> {
  const before = asked(bridge, 'list');
  await expect.poll(() => asked(bridge, 'list'), patience).toBeGreaterThanOrEqual(before + times);
  await settled(bridge);
}
