import { findElement } from '../block-ids.ts';
import { asShown } from '../events.ts';
import type { Parts } from '../parts.ts';
import type { Ephemeral, Fields, Message, View } from '../shapes.ts';
import { stateValues } from '../view-state.ts';
import type { Answered } from './commands.ts';
import { person } from './person.ts';

export function createInteractions(parts: Parts) {
  const { workspace, triggers, responseUrls, delivery, shortcuts } = parts;
  return {
    /**
     * Presses a button, or chooses in a menu, of a message, an ephemeral message or a view.
     * `chosen` are the fields that a menu's action carries: `{ selected_user: 'U…' }`. `blockId`: where several
     * blocks have a button with that action id.
     */
    press(
      userId: string,
      where: Message | Ephemeral | View,
      actionId: string,
      chosen: Fields = {},
      blockId?: string,
    ): Promise<Answered> {
      const found = findElement(where.blocks, actionId, blockId);
      if (!found) throw new Error(`nothing to press with the action id ${actionId}`);
      const { block, element } = found;
      const action = {
        type: element.type,
        action_id: actionId,
        block_id: block.block_id,
        ...(element.text ? { text: element.text } : {}),
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(element.style ? { style: element.style } : {}),
        ...chosen,
        action_ts: workspace.nextTs(),
      };
      const place = 'hash' in where ? inView(where) : inMessage(userId, where);
      return interact('block_actions', userId, {
        ...place,
        trigger_id: triggers.issue(userId),
        actions: [action],
      });
    },

    /** Uses a shortcut: on a message, or (without one) from anywhere. Commands do not work in threads; this does. */
    shortcut(userId: string, callbackId: string, message?: Message): Promise<Answered> {
      checkUse(userId, callbackId, message);
      const common = {
        callback_id: callbackId,
        action_ts: workspace.nextTs(),
        trigger_id: triggers.issue(userId),
      };
      if (!message) return interact('shortcut', userId, common);
      return interact('message_action', userId, {
        ...common,
        response_url: responseUrls.issue('actions', userId, message.channel, message),
        message_ts: message.ts,
        channel: channelOf(message.channel),
        message: asShown(message),
      });
    },
  };

  function inView(view: View): Fields {
    const state = { values: stateValues(view.blocks, {}, () => undefined) };
    return { container: { type: 'view', view_id: view.id }, view: { ...view, state } };
  }

  function inMessage(userId: string, message: Message | Ephemeral): Fields {
    const isEphemeral = !('type' in message);
    return {
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: isEphemeral,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      },
      channel: channelOf(message.channel),
      // Slack leaves the content of ephemeral messages out.
      ...(isEphemeral ? {} : { message: asShown(message) }),
      state: { values: {} },
      response_url: responseUrls.issue('actions', userId, message.channel, message),
    };
  }

  /** Who sees which shortcuts: Slack docs, "Shortcuts", on guests and on shared channels. */
  function checkUse(userId: string, callbackId: string, message: Message | undefined): void {
    const { is_restricted, is_ultra_restricted, is_stranger } = workspace.user(userId);
    const type = message ? 'message' : 'global';
    const isDeclared = shortcuts.some((each) => each.callback_id === callbackId && each.type === type);
    if (shortcuts.length > 0 && !isDeclared) throw new Error(`the app has no ${type} shortcut ${callbackId}`);
    if (is_stranger) throw new Error('people of other companies do not see the app’s shortcuts');
    if (!message && (is_restricted || is_ultra_restricted))
      throw new Error('guests do not see global shortcuts');
    if (message && !workspace.isMember(message.channel, userId))
      throw new Error(`${userId} is not in ${message.channel}`);
  }

  function channelOf(id: string): Fields {
    const { name, type } = workspace.channel(id);
    return { id, name: type === 'group' ? 'privategroup' : name };
  }

  async function interact(type: string, userId: string, fields: Fields): Promise<Answered> {
    const payload = { ...person(workspace, userId, type), ...fields };
    const { status, body, ms } = await delivery.once('interactive', type, payload);
    return { ...(status === undefined ? {} : { status }), body, ms, payload };
  }
}
