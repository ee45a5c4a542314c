import { z } from 'zod';
import type { Answered } from '../slack/people/commands.ts';
import type { Ephemeral, Fields, Message, View } from '../slack/shapes.ts';
import { armFault, clearFaults } from './faults.ts';
import { doSlacksOwn, isSlacksOwn } from './slacks-own.ts';
import type { Stage } from './stage.ts';

const id = z.string().min(1);

const Action = z.discriminatedUnion('do', [
  z.object({ do: z.literal('type'), as: id, channel: id, thread: z.string(), text: id }),
  z.object({ do: z.literal('edit'), as: id, channel: id, ts: id, text: id }),
  z.object({ do: z.literal('delete'), as: id, channel: id, ts: id }),
  z.object({ do: z.literal('press'), as: id, channel: z.string(), ts: id, blockId: id, actionId: id }),
  /** On a message, or (both empty) from anywhere. */
  z.object({ do: z.literal('shortcut'), as: id, callbackId: id, channel: z.string(), ts: z.string() }),
  z.object({ do: z.literal('open'), as: id, tab: z.enum(['home', 'messages']) }),
  z.object({ do: z.literal('suggest'), as: id, actionId: id, typed: z.string() }),
  z.object({ do: z.literal('dismiss'), as: id, ts: id }),
  z.object({
    do: z.literal('submit'),
    as: id,
    filledIn: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
  z.object({ do: z.literal('close'), as: id }),
  z.object({ do: z.literal('answer'), as: id, conversation: id, text: id }),
  z.object({ do: z.literal('read'), as: id, conversation: id }),
  z.object({
    do: z.literal('arm'),
    side: z.enum(['slack', 'salesforce']),
    occasion: id,
    fault: id,
    always: z.boolean(),
  }),
  z.object({ do: z.literal('clear') }),
]);
type Action = z.infer<typeof Action>;

/** What the page shows besides the next snapshot: what is to be corrected, and what can be chosen. */
export interface Outcome {
  readonly errors?: Readonly<Record<string, string>>;
  readonly options?: readonly Fields[];
}

/**
 * Does what somebody at the page does, as the person they are. Gives what the page has to show besides the next
 * snapshot; throws with a sentence for them.
 */
export async function act(stage: Stage, body: unknown): Promise<Outcome> {
  const action = Action.parse(body);
  const { slack, salesforce } = stage;
  switch (action.do) {
    case 'type':
      await type(stage, action);
      return {};
    case 'edit':
      slack.edit(action.as, message(stage, action), action.text);
      return {};
    case 'delete':
      slack.delete(action.as, message(stage, action));
      return {};
    case 'press':
      answered(await slack.press(action.as, shown(stage, action), action.actionId, {}, action.blockId));
      return {};
    case 'shortcut': {
      const on = action.ts === '' ? undefined : message(stage, action);
      answered(await slack.shortcut(action.as, action.callbackId, on));
      return {};
    }
    case 'open':
      void slack.openHome(action.as, action.tab);
      return {};
    case 'suggest': {
      const { options } = await slack.suggest(action.as, action.actionId, action.typed);
      return { options };
    }
    case 'dismiss': {
      const ephemeral = slack.ephemeralsOf(action.as).find(({ ts }) => ts === action.ts);
      if (ephemeral) slack.workspace.removeEphemeral(ephemeral);
      return {};
    }
    case 'submit': {
      const { errors, trouble } = await slack.submitView(action.as, action.filledIn);
      if (trouble) throw new Error(trouble);
      return errors ? { errors } : {};
    }
    case 'close':
      await slack.closeView(action.as);
      return {};
    case 'answer':
      salesforce.type(action.as, { conversationId: action.conversation }, action.text);
      return {};
    case 'read':
      salesforce
        .conversationsOf(action.as)
        .find((conversation) => conversation.id === action.conversation)
        ?.unreadBy.delete(action.as);
      return {};
    case 'arm':
      armFault(stage, action.side, action.occasion, action.fault, action.always);
      return {};
    case 'clear':
      clearFaults(stage);
      return {};
  }
}

/** A message, or (outside of threads, as in Slack) a command. */
async function type({ slack }: Stage, typed: Extract<Action, { do: 'type' }>): Promise<void> {
  const { as, channel, thread, text } = typed;
  const [, command, rest = ''] = /^(\/\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  const inThread = thread === '' ? {} : { thread_ts: thread };
  if (command === undefined) {
    slack.say(as, channel, text, inThread);
  } else if (isSlacksOwn(command)) {
    doSlacksOwn(slack, command, { as, channel, rest, inThread });
  } else if (slack.commands.length > 0 && !slack.commands.includes(command)) {
    throw new Error(`${command} is not a command here. There is ${slack.commands.join(' and ')}.`);
  } else if (thread !== '') {
    throw new Error(`Slack has no commands in threads. Use ${command} in the message box of the channel.`);
  } else {
    await slack.command(as, channel, command, rest);
  }
}

/** The message, the open modal, or the Home tab, that a button is in. */
function shown({ slack }: Stage, { as, channel, ts }: Extract<Action, { do: 'press' }>) {
  const candidates: (Message | Ephemeral | View | undefined)[] = [
    slack.messages(channel).find((message) => message.ts === ts),
    slack.ephemeralsOf(as).find((ephemeral) => ephemeral.ts === ts),
    slack.viewsOf(as).find((view) => view.id === ts),
    slack.homeOf(as)?.id === ts ? slack.homeOf(as) : undefined,
  ];
  return stillThere(candidates.find((candidate) => candidate !== undefined));
}

function message({ slack }: Stage, { channel, ts }: { channel: string; ts: string }): Message {
  return stillThere(slack.messages(channel).find((each) => each.ts === ts));
}

function stillThere<What>(found: What | undefined): What {
  if (!found) throw new Error('That message is no longer there.');
  return found;
}

/** @throws Slack's words when the app did not answer in three seconds, or not well. */
function answered({ status }: Answered): void {
  if (status === undefined || status >= 300)
    throw new Error('Chatter Bridge is not responding. Try again in a moment.');
}
