import { z } from 'zod';
import type { Ephemeral, Message, View } from '../slack/shapes.ts';
import { armFault, clearFaults } from './faults.ts';
import type { Stage } from './stage.ts';

/** The one command that the bridge's manifest declares. */
const COMMAND = '/chatter-dm';

const id = z.string().min(1);

const Action = z.discriminatedUnion('do', [
  z.object({ do: z.literal('type'), as: id, channel: id, thread: z.string(), text: id }),
  z.object({ do: z.literal('press'), as: id, channel: z.string(), ts: id, actionId: id }),
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

/**
 * Does what somebody at the page does, as the person they are. Gives what the page has to show besides the next
 * snapshot; throws with a sentence for them.
 */
export async function act(stage: Stage, body: unknown): Promise<{ errors?: Record<string, string> }> {
  const action = Action.parse(body);
  const { slack, salesforce } = stage;
  switch (action.do) {
    case 'type':
      await type(stage, action);
      return {};
    case 'press':
      await slack.press(action.as, shown(stage, action), action.actionId);
      return {};
    case 'dismiss': {
      const ephemeral = slack.ephemeralsOf(action.as).find(({ ts }) => ts === action.ts);
      if (ephemeral) slack.workspace.removeEphemeral(ephemeral);
      return {};
    }
    case 'submit': {
      const { errors } = await slack.submitView(action.as, action.filledIn);
      return errors ? { errors: { ...errors } } : {};
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
  if (command === undefined) {
    slack.say(as, channel, text, thread === '' ? {} : { thread_ts: thread });
  } else if (command !== COMMAND) {
    throw new Error(`${command} is not a command here; ${COMMAND} is.`);
  } else if (thread !== '') {
    throw new Error(`Slack has no commands in threads. Use ${command} in the message box of the channel.`);
  } else {
    await slack.command(as, channel, command, rest);
  }
}

/** The message, or the open modal, that a button is in. */
function shown({ slack }: Stage, { as, channel, ts }: Extract<Action, { do: 'press' }>) {
  const candidates: (Message | Ephemeral | View | undefined)[] = [
    slack.messages(channel).find((message) => message.ts === ts),
    slack.ephemeralsOf(as).find((ephemeral) => ephemeral.ts === ts),
    slack.viewsOf(as).find((view) => view.id === ts),
  ];
  const found = candidates.find((candidate) => candidate !== undefined);
  if (!found) throw new Error('That message is no longer there.');
  return found;
}
