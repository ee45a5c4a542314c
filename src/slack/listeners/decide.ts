import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Decisions } from '../../bridge/message.ts';
import type { ChatPersonId, DeliveryId } from '../../bridge/people.ts';
import { ACTIONS } from '../payload.ts';
import { BlockActions } from '../payload-interactions.ts';
import type { ResponseUrls } from '../response-url.ts';
import { afterDecision } from '../views/decided.ts';
import { renderFailed } from '../views/failed.ts';
import { words } from '../words.ts';
import { onlyToSender } from './chatter-dm.ts';
import { doerOf } from './who.ts';

/** `list`: the button is in the list of failed messages, which then shows what is left. */
const list = z.boolean().optional();
const ButtonValue = z.object({ delivery: z.string().min(1), version: z.number().int(), list });
const AllValue = z.object({ untilMs: z.number().int(), list });

/** Thousands are decided about one by one; Slack gets its answer before that, and the person when it is done. */
const ALL_WITHIN_MS = 1_500;

export interface DecisionPorts {
  decisions: Decisions;
  responseUrls: ResponseUrls;
  log: Logger;
}

/** Retry, Discard and the consent buttons. What was decided about one is stored before Slack gets its answer. */
export function listenToDecisions(app: App, ports: DecisionPorts): void {
  const decidedBy = new RegExp(`^(${Object.values(ACTIONS).join('|')})$`);
  app.action({ type: 'block_actions', action_id: decidedBy }, async ({ body, context, ack }) => {
    const pressed = BlockActions.parse(body);
    const { person } = doerOf(pressed, context.teamId);
    const deciding = decide(pressed, person, ports);
    await (isAboutAll(pressed) ? Promise.race([deciding, pause(ALL_WITHIN_MS)]) : deciding);
    await ack();
    // Not waited for: storing may have taken most of Slack's three seconds. What was decided stands without it.
    deciding
      .then((outcome) => showOutcome(pressed, person, outcome, ports))
      .catch((error: unknown) => ports.log.warn({ err: error }, 'decision not shown'));
  });
}

/**
 * Said at once, to whoever pressed: `instead` of the buttons, `below` the note, or above the `list` as it is now. The
 * worker alone changes the notes about deliveries, in order: what is shown from here might come later than its word,
 * and would put an older state, or a note without its buttons, in the place of a newer one.
 */
interface Outcome {
  text: string;
  where: 'instead' | 'below' | 'list';
}

const isAboutAll = ({ actions: [action] }: BlockActions): boolean =>
  action?.action_id === ACTIONS.retryAll || action?.action_id === ACTIONS.discardAll;

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
        return { text: words.optedIn, where: 'instead' };
      case ACTIONS.decline:
        await decisions.optOut(person);
        return { text: words.optedOut, where: 'instead' };
      case ACTIONS.retry:
        return await decideOne('retry', action.value, person, decisions);
      case ACTIONS.discard:
        return await decideOne('discard', action.value, person, decisions);
      case ACTIONS.retryAll:
        return await decideAll('retry', action.value, person, decisions);
      case ACTIONS.discardAll:
        return await decideAll('discard', action.value, person, decisions);
      default:
        return undefined;
    }
  } catch (error) {
    log.warn({ err: error, action: action?.action_id }, 'decision not stored');
    return { text: words.notStored, where: 'below' };
  }
}

type Decision = 'retry' | 'discard';
type Value = string | null | undefined;

async function decideOne(
  what: Decision,
  pressed: Value,
  person: ChatPersonId,
  decisions: Decisions,
): Promise<Outcome | undefined> {
  const value = read(ButtonValue, pressed);
  if (value === undefined) return undefined;
  const done = await decisions.decide(person, value.delivery as DeliveryId, value.version, what);
  if (value.list) return { text: done ? words.decidedOne[what] : words.outdated, where: 'list' };
  return done ? undefined : { text: words.outdated, where: 'below' };
}

async function decideAll(
  what: Decision,
  pressed: Value,
  person: ChatPersonId,
  decisions: Decisions,
): Promise<Outcome | undefined> {
  const value = read(AllValue, pressed);
  if (value === undefined) return undefined;
  const decided = await decisions.decideAll(person, value.untilMs, what);
  const isAny = decided.done + decided.uncertain > 0;
  return {
    text: isAny ? words.decidedAll(what, decided) : words.outdated,
    where: value.list ? 'list' : 'below',
  };
}

async function showOutcome(
  pressed: BlockActions,
  person: ChatPersonId,
  outcome: Outcome | undefined,
  { decisions, responseUrls }: DecisionPorts,
): Promise<void> {
  if (!pressed.response_url || outcome === undefined) return;
  await responseUrls.post(pressed.response_url, await shown(pressed, person, outcome, decisions));
}

async function shown(
  pressed: BlockActions,
  person: ChatPersonId,
  { text, where }: Outcome,
  decisions: Decisions,
): Promise<object> {
  switch (where) {
    case 'instead':
      return afterDecision(pressed.message?.blocks ?? [], text);
    case 'below':
      return { ...onlyToSender(text), replace_original: false };
    case 'list':
      return {
        response_type: 'ephemeral',
        replace_original: true,
        ...renderFailed(await decisions.failed(person), text),
      };
  }
}

function read<T>(schema: z.ZodType<T>, value: Value): T | undefined {
  try {
    return schema.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
}
