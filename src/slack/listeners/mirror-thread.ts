import type { App } from '@slack/bolt';
import type { Mirror, Mirrors } from '../../bridge/mirror.ts';
import type { ChatThreadId } from '../../bridge/people.ts';
import type { SalesforceDirectory } from '../../bridge/ports.ts';
import { type MessageParts, makeThreadId, microsecondsOf, parsePersonId, parseThreadId } from '../ids.ts';
import { mirrorWords, notHere } from '../mirror-words.ts';
import type { Modal } from '../modals.ts';
import { BlockActions, MessageShortcut, MIRROR_ACTIONS, SHORTCUTS } from '../payload-interactions.ts';
import type { PickedUser } from '../picked.ts';
import type { Place, Places } from '../places.ts';
import { type MirrorAbout, mirrorForm } from '../views/mirror-form.ts';
import { namesOf } from '../views/mirror-list.ts';
import { notice } from '../views/modal.ts';
import { type FormPorts, openForm, whyNotThem } from './opening.ts';
import { type Doer, doerOf } from './who.ts';

export interface MirrorFormPorts extends FormPorts {
  mirrors: Mirrors;
  places: Places;
  directory: Pick<SalesforceDirectory, 'findByEmail'>;
  /** Channels shared with other companies in which threads may be mirrored. */
  connect: ReadonlySet<string>;
  /** The app's own name, or a mention of it, as people invite it. */
  app: string;
  now: () => number;
}

const TITLE = 'Mirror thread to Chatter';

/** Opens the form that ties a thread to a Chatter conversation: from a message's menu, or anew in the place of another. */
export function listenToMirrorThread(app: App, ports: MirrorFormPorts): void {
  app.shortcut({ type: 'message_action', callback_id: SHORTCUTS.mirror }, async ({ body, context, ack }) => {
    const used = MessageShortcut.parse(body);
    const doer = doerOf(used, context.teamId);
    const { message, channel, action_ts, trigger_id, response_url } = used;
    // A message that nobody has replied to is the root of a thread all the same.
    const ts = message.thread_ts ?? message.ts;
    const about = {
      v: 1,
      team: doer.team,
      channel: channel.id,
      ts,
      sinceUs: sinceUs(action_ts, ports),
    } as const;
    await openForm(
      {
        title: TITLE,
        trigger: trigger_id,
        responseUrl: response_url,
        ack,
        prepare: () => prepared(doer, about, ports),
      },
      ports,
    );
  });

  app.action({ type: 'block_actions', action_id: MIRROR_ACTIONS.anew }, async ({ body, context, ack }) => {
    const pressed = BlockActions.parse(body);
    const [action] = pressed.actions;
    const thread = threadIn(action?.value);
    if (!thread || !pressed.trigger_id) return ack();
    const doer = doerOf(pressed, context.teamId);
    const about = { v: 1, ...thread, sinceUs: sinceUs(action?.action_ts, ports), isAnew: true } as const;
    await openForm(
      {
        title: TITLE,
        trigger: pressed.trigger_id,
        responseUrl: pressed.response_url,
        ack,
        prepare: () => prepared(doer, about, ports),
      },
      ports,
    );
  });
}

async function prepared(
  doer: Doer,
  about: MirrorAbout,
  { mirrors, places, people, directory, connect, app }: MirrorFormPorts,
): Promise<Modal> {
  const { channel } = about;
  const [notThem, place, mirror] = await Promise.all([
    whyNotThem(doer.person, people),
    places.look(channel),
    mirrors.find(makeThreadId(about)),
  ]);
  const refusal = notThem ?? whyNotThere(place, connect.has(channel), app);
  if (refusal !== undefined) return notice(TITLE, refusal);
  if (!about.isAnew) {
    return mirror && isAlive(mirror) ? notice(TITLE, alreadyMirrored(mirror)) : mirrorForm(about, place, []);
  }
  // Its button may be old, and whoever presses it may have been removed from the conversation since.
  if (place.kind !== 'public' && !(await places.isMember(channel, doer.user))) {
    return notice(TITLE, notHere.notTheirs);
  }
  return mirrorForm(about, place, mirror ? await othersIn(mirror, doer, { people, directory }) : []);
}

/** Everybody in it but whoever begins it anew, who is in the next one anyway. */
async function othersIn(
  mirror: Mirror,
  { person }: Doer,
  { people, directory }: Pick<MirrorFormPorts, 'people' | 'directory'>,
): Promise<PickedUser[]> {
  const self = await people
    .find(person, 'sender')
    .then(({ email }) => directory.findByEmail(email, undefined))
    // Then one more name stands in the form, and the check finds out.
    .catch(() => undefined);
  return mirror.people.filter(({ id }) => id !== self?.id).map(({ id, name }) => ({ id, name }));
}

function whyNotThere(place: Place, isAllowed: boolean, app: string): string | undefined {
  if (place.kind === 'direct') return notHere.direct;
  if (!place.isIn) return notHere.notIn(app);
  if (place.isArchived) return notHere.archived;
  if (place.isShared && !isAllowed) return notHere.shared;
  return undefined;
}

const isAlive = ({ state }: Mirror): boolean => state === 'live';

function alreadyMirrored({ people, startedBy }: Mirror): string {
  return mirrorWords.isMirrored(namesOf(people), `<@${parsePersonId(startedBy).user}>`);
}

/** When something was done, by Slack's clock where Slack says so. */
function sinceUs(actionTs: string | null | undefined, { now }: MirrorFormPorts): number {
  return actionTs ? microsecondsOf(actionTs) : now() * 1_000;
}

function threadIn(value: string | null | undefined): MessageParts | undefined {
  try {
    return parseThreadId((value ?? '') as ChatThreadId);
  } catch {
    return undefined;
  }
}
