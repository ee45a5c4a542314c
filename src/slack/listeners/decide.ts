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

interface Outcome {
  text: string;
  /** Whether the buttons have done their work and go. */
  final: boolean;
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
        return { text: words.optedIn, final: true };
      case ACTIONS.decline:
        await decisions.optOut(person);
        return { text: words.optedOut, final: true };
      case ACTIONS.retry:
      case ACTIONS.discard: {
        const value = buttonValue(action.value);
        if (value === undefined) return undefined;
        const what = action.action_id === ACTIONS.retry ? 'retry' : 'discard';
        const done = await decisions.decide(person, value.delivery as DeliveryId, value.version, what);
        if (!done) return { text: words.alreadyDecided, final: true };
        return { text: what === 'retry' ? words.tryingAgain : words.discarded, final: true };
      }
      default:
        return undefined;
    }
  } catch (error) {
    log.warn({ err: error, action: action?.action_id }, 'decision not stored');
    return { text: words.notStored, final: false };
  }
}

/**
 * Not waited for: storing may have taken most of Slack's three seconds. What was decided stands without it,
 * and the worker says it as well.
 */
function showOutcome(pressed: BlockActions, outcome: Outcome, { responseUrls, log }: DecisionPorts): void {
  if (!pressed.response_url) return;
  const blocks = pressed.message?.blocks ?? [];
  responseUrls
    .post(pressed.response_url, afterDecision(blocks, outcome.text, outcome.final))
    .catch((error: unknown) => log.warn({ err: error }, 'decision not shown'));
}

function buttonValue(value: string | null | undefined): z.infer<typeof ButtonValue> | undefined {
  try {
    return ButtonValue.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
}
