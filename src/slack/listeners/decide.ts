import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Decisions } from '../../bridge/message.ts';
import type { ChatPersonId, DeliveryId } from '../../bridge/people.ts';
import { makePersonId } from '../ids.ts';
import { ACTIONS, BlockActions } from '../payload.ts';
import type { ResponseUrls } from '../response-url.ts';
import { afterDecision } from '../views/decided.ts';
import { words } from '../words.ts';
import { onlyToSender } from './chatter-dm.ts';

const ButtonValue = z.object({ delivery: z.string().min(1), version: z.number().int() });

export interface DecisionPorts {
  decisions: Decisions;
  responseUrls: ResponseUrls;
  log: Logger;
}

/** Retry, Discard and the consent buttons. What was decided is stored before Slack gets its answer. */
export function listenToDecisions(app: App, ports: DecisionPorts): void {
  const decidedBy = new RegExp(`^(${Object.values(ACTIONS).join('|')})$`);
  app.action({ type: 'block_actions', action_id: decidedBy }, async ({ body, context, ack }) => {
    const pressed = BlockActions.parse(body);
    const team = context.teamId ?? pressed.team?.id ?? pressed.user.team_id ?? '';
    const outcome = await decide(pressed, makePersonId({ team, user: pressed.user.id }), ports);
    await ack();
    if (outcome !== undefined) showOutcome(pressed, outcome, ports);
  });
}

/** Said at once: `answered` in place of the buttons, anything else below the note, to whoever pressed. */
interface Outcome {
  text: string;
  answered: boolean;
}

async function decide(
  pressed: BlockActions,
  person: ChatPersonId,
  { decisions, log }: DecisionPorts,
): Promise<Outcome | undefined> {
  const action = pressed.actions[0];
  try {
    switch (action?.action_id) {
      case ACTIONS.allow:
        await decisions.optIn(person);
        return { text: words.optedIn, answered: true };
      case ACTIONS.decline:
        await decisions.optOut(person);
        return { text: words.optedOut, answered: true };
      case ACTIONS.retry:
      case ACTIONS.discard: {
        const value = buttonValue(action.value);
        if (value === undefined) return undefined;
        const what = action.action_id === ACTIONS.retry ? 'retry' : 'discard';
        const done = await decisions.decide(person, value.delivery as DeliveryId, value.version, what);
        // The worker alone changes the notes about deliveries, in order: what is shown from here might come later
        // than its word, and would put an older state, or a note without its buttons, in the place of a newer one.
        return done ? undefined : { text: words.outdated, answered: false };
      }
      default:
        return undefined;
    }
  } catch (error) {
    log.warn({ err: error, action: action?.action_id }, 'decision not stored');
    return { text: words.notStored, answered: false };
  }
}

/** Not waited for: storing may have taken most of Slack's three seconds. What was decided stands without it. */
function showOutcome(pressed: BlockActions, outcome: Outcome, { responseUrls, log }: DecisionPorts): void {
  if (!pressed.response_url) return;
  const shown = outcome.answered
    ? afterDecision(pressed.message?.blocks ?? [], outcome.text)
    : { ...onlyToSender(outcome.text), replace_original: false };
  responseUrls
    .post(pressed.response_url, shown)
    .catch((error: unknown) => log.warn({ err: error }, 'decision not shown'));
}

function buttonValue(value: string | null | undefined): z.infer<typeof ButtonValue> | undefined {
  try {
    return ButtonValue.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
}
