import { findElement } from '../block-ids.ts';
import type { Attempt } from '../delivery.ts';
import { isFields, parseFields } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Fields, View } from '../shapes.ts';
import { suggestedOptions } from '../suggested.ts';
import { checkView } from '../view-check.ts';
import { type FilledIn, leftEmpty, stateValues } from '../view-state.ts';
import { MAX_STACK } from '../views.ts';
import type { Answered } from './commands.ts';
import { person } from './person.ts';

export interface Submitted extends Answered {
  /** What is to be corrected, by block id; the view stays open. Fields left empty are Slack's own word. */
  readonly errors?: Readonly<Record<string, string>>;
  /** What Slack says when the app has not answered as it should in three seconds; the view stays open. */
  readonly trouble?: string;
}

export interface Suggested extends Answered {
  /** None while less is typed than the menu asks for: the app is not asked then. */
  readonly options: readonly Fields[];
}

/** In Slack's words. */
const TROUBLE = 'We had some trouble connecting. Try again?';

/** How much is typed before an app is asked, unless it says otherwise (Slack docs, "Select menu element"). */
const MIN_QUERY_LENGTH = 3;

export function createViewActions(parts: Parts) {
  const { workspace, views, triggers, delivery, feed, switches } = parts;
  /** What an app has offered to choose, by view, action and value. */
  const offers = new Map<string, Fields>();
  const offerKey = (view: View, actionId: string, value: unknown) => `${view.id} ${actionId} ${value}`;

  return {
    /**
     * Submits the uppermost modal with what is filled in; then does as the app's answer says.
     * @throws when the answer is one that Slack could not follow: a mistake of the app.
     */
    async submitView(userId: string, filledIn: FilledIn = {}): Promise<Submitted> {
      const view = uppermost(userId);
      if (!view.submit) throw new Error('the modal has no button to submit it');
      const values = valuesOf(view, filledIn);
      const empty = leftEmpty(view, values);
      if (Object.keys(empty).length > 0) return { body: '', ms: 0, payload: {}, errors: empty };
      const payload = {
        ...person(workspace, userId, 'view_submission'),
        trigger_id: triggers.issue(userId),
        view: { ...view, state: { values } },
        response_urls: [],
      };
      const answered = await sent('view_submission', payload);
      if (answered.status !== 200) return { ...answered, trouble: TROUBLE };
      const errors = react(userId, view, answered.body);
      return { ...answered, ...(errors ? { errors } : {}) };
    },

    /** Closes the uppermost modal with its X; the app hears of it when it has asked to. */
    async closeView(userId: string): Promise<void> {
      const view = uppermost(userId);
      if (view.clear_on_close) views.clear(userId);
      else views.close(userId);
      if (!view.notify_on_close) return;
      const is_cleared = view.clear_on_close === true;
      const payload = { ...person(workspace, userId, 'view_closed'), view, is_cleared };
      await delivery.once('interactive', 'view_closed', payload);
    },

    /** Types into a menu of the uppermost modal whose options the app supplies, and within three seconds. */
    async suggest(userId: string, actionId: string, typed: string): Promise<Suggested> {
      const view = uppermost(userId);
      const found = findElement(view.blocks, actionId);
      if (!found) throw new Error(`nothing to type into with the action id ${actionId}`);
      if (typed.length < Number(found.element.min_query_length ?? MIN_QUERY_LENGTH))
        return { body: '', ms: 0, payload: {}, options: [] };
      const payload = {
        ...person(workspace, userId, 'block_suggestion'),
        container: { type: 'view', view_id: view.id },
        action_id: actionId,
        block_id: found.block.block_id,
        value: typed,
        view: { ...view, state: { values: valuesOf(view, {}) } },
      };
      const answered = await sent('block_suggestion', payload);
      const options = answered.status === 200 ? suggestedOptions(answered.body) : [];
      for (const option of options) offers.set(offerKey(view, actionId, option.value), option);
      return { ...answered, options };
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

  function valuesOf(view: View, filledIn: FilledIn): Fields {
    return stateValues(view.blocks, filledIn, (actionId, value) =>
      offers.get(offerKey(view, actionId, value)),
    );
  }

  async function sent(type: string, payload: Fields): Promise<Answered> {
    const { status, body, ms } = await delivery.once('interactive', type, payload);
    return { ...(status === undefined ? {} : { status }), body, ms, payload };
  }

  /** An empty answer closes the view; else its `response_action` says what to do. */
  function react(userId: string, view: View, body: string): Record<string, string> | undefined {
    if (body.trim() === '') {
      views.close(userId);
      return undefined;
    }
    const answer = parseFields(body);
    switch (answer?.response_action) {
      case 'errors':
        return errorsOf(view, answer.errors);
      case 'update':
        views.replace(view, nextView(answer.view));
        return undefined;
      case 'push':
        if (views.stackOf(userId).length >= MAX_STACK) throw new Error('three modals are open already');
        views.push(userId, nextView(answer.view));
        return undefined;
      case 'clear':
        views.clear(userId);
        return undefined;
      default:
        throw new Error(`Slack cannot follow this answer to view_submission: ${body}`);
    }
  }

  function nextView(next: unknown): Fields {
    const problems = isFields(next) ? checkView(next, switches.idsMustBeUnique) : ['no view'];
    if (problems.length > 0) throw new Error(`Slack takes no such view: ${problems.join(' ')}`);
    return next as Fields;
  }
}

/** Slack shows an error only under an input block. */
function errorsOf(view: View, errors: unknown): Record<string, string> {
  const inputs = new Set(view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id));
  const shown = isFields(errors) ? Object.entries(errors) : [];
  const wrong = shown.filter(([id, words]) => !inputs.has(id) || typeof words !== 'string' || words === '');
  if (shown.length === 0 || wrong.length > 0)
    throw new Error(`Slack cannot show these errors: ${JSON.stringify(errors)}`);
  return Object.fromEntries(shown) as Record<string, string>;
}
