import { findElement } from '../block-ids.ts';
import type { Attempt } from '../delivery.ts';
import { isFields, parseFields } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Fields, View } from '../shapes.ts';
import type { Answered } from './commands.ts';
import { person } from './person.ts';

/** What a person has filled in, by block id: text, one choice, or several. */
export type FilledIn = Readonly<Record<string, string | readonly string[]>>;

export interface Submitted extends Answered {
  /** What the app wants to see corrected, by block id; the view stays open. */
  readonly errors?: Readonly<Record<string, string>>;
}

export function createViewActions(parts: Parts) {
  const { workspace, views, triggers, delivery, feed } = parts;
  return {
    /** Submits the uppermost modal with what is filled in; then does as the app's answer says. */
    async submitView(userId: string, filledIn: FilledIn = {}): Promise<Submitted> {
      const view = uppermost(userId);
      const state = { values: stateValues(view, filledIn) };
      const payload = {
        ...person(workspace, userId, 'view_submission'),
        trigger_id: triggers.issue(userId),
        view: { ...view, state },
        response_urls: [],
      };
      const { status, body, ms } = await delivery.once('interactive', 'view_submission', payload);
      const errors = status === 200 ? react(userId, view, parseFields(body)) : undefined;
      return {
        ...(status === undefined ? {} : { status }),
        body,
        ms,
        payload,
        ...(errors ? { errors } : {}),
      };
    },

    /** Closes the uppermost modal with its X; the app hears of it when it has asked to. */
    async closeView(userId: string): Promise<void> {
      const view = uppermost(userId);
      views.close(userId);
      if (!view.notify_on_close) return;
      const payload = { ...person(workspace, userId, 'view_closed'), view, is_cleared: false };
      await delivery.once('interactive', 'view_closed', payload);
    },

    /** Types into a menu of the uppermost modal whose options the app supplies; the answer holds them. */
    async suggest(userId: string, actionId: string, typed: string): Promise<Answered> {
      const view = uppermost(userId);
      const found = findElement(view.blocks, actionId);
      if (!found) throw new Error(`nothing to type into with the action id ${actionId}`);
      const payload = {
        ...person(workspace, userId, 'block_suggestion'),
        container: { type: 'view', view_id: view.id },
        action_id: actionId,
        block_id: found.block.block_id,
        value: typed,
        view,
      };
      const { status, body, ms } = await delivery.once('interactive', 'block_suggestion', payload);
      return { ...(status === undefined ? {} : { status }), body, ms, payload };
    },

    /** Opens the app's Home (or Messages) tab. */
    openHome(userId: string, tab: 'home' | 'messages' = 'home'): Promise<readonly Attempt[]> {
      const view = views.homeOf(userId);
      return feed.other({
        type: 'app_home_opened',
        user: userId,
        channel: workspace.dmOf(userId).id,
        tab,
        event_ts: workspace.nextTs(),
        ...(tab === 'home' && view ? { view } : {}),
      });
    },
  };

  function uppermost(userId: string): View {
    const view = views.stackOf(userId).at(-1);
    if (!view) throw new Error(`${userId} has no modal open`);
    return view;
  }

  /** An empty answer closes the view; else its `response_action` says what to do. */
  function react(userId: string, view: View, answer: Fields | undefined): Record<string, string> | undefined {
    const next = isFields(answer?.view) ? answer.view : undefined;
    switch (answer?.response_action) {
      case 'errors':
        return answer.errors as Record<string, string>;
      case 'update':
        if (next) views.replace(view, next);
        return undefined;
      case 'push':
        if (next) views.push(userId, next);
        return undefined;
      case 'clear':
        views.clear(userId);
        return undefined;
      default:
        views.close(userId);
        return undefined;
    }
  }
}

/** Slack's `state.values`: by block id, then action id, in the shape of the element's kind. */
function stateValues(view: View, filledIn: FilledIn): Fields {
  const values: Fields = {};
  for (const block of view.blocks) {
    const element = block.type === 'input' ? block.element : block.accessory;
    if (!isFields(element)) continue;
    const value = filledIn[String(block.block_id)];
    values[String(block.block_id)] = { [String(element.action_id)]: elementState(element, value) };
  }
  return values;
}

function elementState(element: Fields, value: string | readonly string[] | undefined): Fields {
  const type = String(element.type);
  const several = value === undefined ? [] : [value].flat();
  const options = (Array.isArray(element.options) ? element.options : []).filter(isFields);
  switch (type) {
    case 'multi_users_select':
      return { type, selected_users: several };
    case 'multi_conversations_select':
      return { type, selected_conversations: several };
    case 'users_select':
      return { type, selected_user: several[0] ?? null };
    case 'conversations_select':
      return { type, selected_conversation: several[0] ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: options.filter((option) => several.includes(String(option.value))) };
    case 'radio_buttons':
    case 'static_select':
      return { type, selected_option: options.find((option) => option.value === several[0]) ?? null };
    case 'external_select':
    case 'multi_external_select': {
      const chosen = several.map((id) => ({ text: { type: 'plain_text', text: id }, value: id }));
      return type === 'external_select'
        ? { type, selected_option: chosen[0] ?? null }
        : { type, selected_options: chosen };
    }
    default:
      return { type, value: several[0] ?? null };
  }
}
