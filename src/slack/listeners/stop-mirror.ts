import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Mirrors } from '../../bridge/mirror.ts';
import type { ChatThreadId } from '../../bridge/people.ts';
import type { IsAdmin } from '../admins.ts';
import type { ShowHome } from '../home.ts';
import { parseThreadId } from '../ids.ts';
import { mirrorWords } from '../mirror-words.ts';
import { BlockActions, MIRROR_ACTIONS } from '../payload-interactions.ts';
import type { ResponseUrls } from '../response-url.ts';
import { renderMirrors } from '../views/mirror-list.ts';
import { words } from '../words.ts';
import { onlyToSender } from './chatter-dm.ts';
import { type Doer, doerOf } from './who.ts';

export interface StopPorts {
  mirrors: Mirrors;
  isAdmin: IsAdmin;
  showHome: ShowHome;
  responseUrls: ResponseUrls;
  log: Logger;
}

/** Whether somebody is an admin may take Slack a while to say; it gets its answer before that. */
const ACK_WITHIN_MS = 1_500;

/** The button that stops a mirror: in its notice, where everybody reads, in the list of a command, or in the Home tab. */
export function listenToStopMirror(app: App, ports: StopPorts): void {
  app.action({ type: 'block_actions', action_id: MIRROR_ACTIONS.stop }, async ({ body, context, ack }) => {
    const pressed = BlockActions.parse(body);
    const thread = threadIn(pressed.actions[0]?.value);
    if (!thread) return ack();
    const doer = doerOf(pressed, context.teamId);
    const stopping = stop(thread, doer, ports);
    await Promise.race([stopping, pause(ACK_WITHIN_MS, undefined, { ref: false })]);
    await ack();
    stopping
      .then((told) => show(told, pressed, doer, ports))
      .catch((err: unknown) => ports.log.warn({ err }, 'stopping not shown'));
  });
}

/** @returns what is said about it, to whoever has pressed. */
async function stop(
  thread: ChatThreadId,
  { person, user }: Doer,
  { mirrors, isAdmin, log }: StopPorts,
): Promise<string> {
  try {
    const stopped = await mirrors.stop(thread, person, false);
    if (stopped !== 'not-theirs') return TOLD[stopped];
    return (await isAdmin(user)) ? TOLD[await mirrors.stop(thread, person, true)] : TOLD[stopped];
  } catch (error) {
    log.warn({ err: error }, 'mirror not stopped');
    return words.notStored;
  }
}

const TOLD = {
  stopped: mirrorWords.stopped,
  'not-live': mirrorWords.notLive,
  'not-theirs': mirrorWords.notTheirs,
} as const;

async function show(told: string, pressed: BlockActions, { person }: Doer, ports: StopPorts): Promise<void> {
  const { mirrors, responseUrls, showHome } = ports;
  if (pressed.view?.type === 'home') return showHome(person, told);
  if (!pressed.response_url) return;
  // Only the list that answers a command is seen by one person alone.
  const isList = pressed.container?.is_ephemeral === true;
  await responseUrls.post(
    pressed.response_url,
    isList
      ? {
          response_type: 'ephemeral',
          replace_original: true,
          ...renderMirrors(await mirrors.of(person), told),
        }
      : { ...onlyToSender(told), replace_original: false },
  );
}

function threadIn(value: string | null | undefined): ChatThreadId | undefined {
  try {
    const thread = (value ?? '') as ChatThreadId;
    parseThreadId(thread);
    return thread;
  } catch {
    return undefined;
  }
}
