import { setTimeout as pause } from 'node:timers/promises';
import type { App, ViewResponseAction } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Mirrors } from '../../bridge/mirror.ts';
import type { DeliveryId } from '../../bridge/people.ts';
import { makePersonId, makePlaceId, makeThreadId } from '../ids.ts';
import { mirrorWords } from '../mirror-words.ts';
import { FIELDS, FORMS, ViewSubmission } from '../payload-interactions.ts';
import { type Mistakes, mistakenCount, pickedIn } from '../picked.ts';
import { broughtIn, readAbout } from '../views/mirror-form.ts';
import { notice } from '../views/modal.ts';
import { type Doer, doerOf } from './who.ts';

export interface MirrorSubmissionPorts {
  mirrors: Mirrors;
  log: Logger;
  now: () => number;
}

/** Slack waits three seconds: looking people up may take this much of them… */
const CHECK_MS = 1_800;
/** …and all of it this much, so that half a second remains for the way back. */
const ANSWER_MS = 2_500;

/** Ties a thread to a conversation when its form is submitted. It is stored before Slack is answered. */
export function listenToMirrorSubmission(app: App, ports: MirrorSubmissionPorts): void {
  app.view({ type: 'view_submission', callback_id: FORMS.mirror }, async ({ body, context, ack }) => {
    const submitted = ViewSubmission.parse(body);
    await ack(await answerTo(submitted, doerOf(submitted, context.teamId), ports));
  });
  app.view({ type: 'view_closed', callback_id: FORMS.mirror }, async ({ ack }) => ack());
}

async function answerTo(
  { view }: ViewSubmission,
  doer: Doer,
  ports: MirrorSubmissionPorts,
): Promise<ViewResponseAction> {
  const mistakes = await start(view, doer, ports);
  if (mistakes) return { response_action: 'errors', errors: mistakes };
  return { response_action: 'update', view: notice('Mirror thread to Chatter', mirrorWords.mirroring) };
}

/** @returns what is wrong, where it is to be shown; undefined: it has begun. */
async function start(
  { id, private_metadata, state }: ViewSubmission['view'],
  { team, user, person }: Doer,
  { mirrors, log, now }: MirrorSubmissionPorts,
): Promise<Mistakes | undefined> {
  const startedMs = now();
  const about = readAbout(private_metadata);
  if (!about) return onPeople(mirrorWords.stale);
  const picked = pickedIn(state.values, user);
  const miscounted = mistakenCount(picked, mirrorWords.mostPeople.mirror);
  if (miscounted) return miscounted;

  const chosen = {
    people: picked.people.map((each) => makePersonId({ team, user: each })),
    users: picked.users.map((each) => each.id),
  };
  const checked = await mirrors.check(person, chosen, CHECK_MS).catch((err: unknown) => {
    log.warn({ err }, 'people not checked');
    return { kind: 'busy' as const };
  });
  if (checked.kind === 'busy') return onPeople(mirrorWords.busy);
  if (checked.kind === 'mistaken') return onFields(checked);

  const { isAnew, sinceUs, ...thread } = about;
  const request = {
    thread: makeThreadId(thread),
    place: makePlaceId(thread),
    startedBy: person,
    people: checked.people,
    bring: broughtIn(state.values),
    sinceUs,
    ...(isAnew && { isAnew }),
  };
  // The form's own id: however often it is submitted, it begins once.
  const starting = mirrors.start(`view-${team}-${id}` as DeliveryId, request).catch((err: unknown) => {
    log.warn({ err }, 'mirror not started');
    return 'unsure' as const;
  });
  const outcome = await Promise.race([
    starting,
    pause(ANSWER_MS - (now() - startedMs), 'unsure' as const, { ref: false }),
  ]);
  if (outcome === 'stored' || outcome === 'duplicate') return undefined;
  return onPeople(mirrorWords.notStarted[outcome]);
}

const onPeople = (mistake: string): Mistakes => ({ [FIELDS.people.block]: mistake });

function onFields({ people, users }: { people?: string; users?: string }): Mistakes {
  const mistakes = {
    ...(people !== undefined && { [FIELDS.people.block]: people }),
    ...(users !== undefined && { [FIELDS.users.block]: users }),
  };
  // Slack would take an empty list for none, and close the form.
  return Object.keys(mistakes).length > 0 ? mistakes : onPeople(mirrorWords.busy);
}
