import type { Logger } from 'pino';
import { DeliveryError } from '../../bridge/delivery-error.ts';
import type { ChatPersonId } from '../../bridge/people.ts';
import type { ChatPeople } from '../../bridge/ports.ts';
import { mirrorWords } from '../mirror-words.ts';
import type { Modal, Modals } from '../modals.ts';
import type { ResponseUrls } from '../response-url.ts';
import { loading, notice, type Title } from '../views/modal.ts';
import { onlyToSender } from './chatter-dm.ts';

export interface FormPorts {
  modals: Modals;
  people: Pick<ChatPeople, 'find' | 'plainText'>;
  responseUrls: ResponseUrls;
  log: Logger;
}

export interface Opening {
  title: Title;
  trigger: string;
  /** Where it can be said that no form could be opened. */
  responseUrl?: string | null | undefined;
  ack: () => Promise<void>;
  /** What the form becomes. It is not waited for. @param view the id of the form. */
  prepare: (view: string) => Promise<Modal>;
}

/**
 * Opens a form at once, as its trigger lives three seconds, and fills it when all that it needs has been looked up.
 * @throws DeliveryError when none could be opened and there is nowhere to say so: Slack then says it in its own words.
 */
export async function openForm(opening: Opening, ports: FormPorts): Promise<void> {
  const { title, trigger, responseUrl, ack, prepare } = opening;
  const { modals, responseUrls, log } = ports;
  let view: string;
  try {
    view = await modals.open(trigger, loading(title));
  } catch (error) {
    if (!responseUrl) throw error;
    log.warn({ err: error }, 'form not opened');
    await ack();
    const told = { ...onlyToSender(mirrorWords.notOpened), replace_original: false };
    responseUrls.post(responseUrl, told).catch((err: unknown) => log.warn({ err }, 'answer not posted'));
    return;
  }
  await ack();
  prepare(view)
    .catch((err: unknown) => {
      log.warn({ err }, 'form not prepared');
      return notice(title, mirrorWords.notPrepared);
    })
    .then((modal) => modals.show(view, modal))
    .catch((err: unknown) => log.warn({ err }, 'form not shown'));
}

/** Why the bridge may not act for somebody, who then needs no form; undefined: it may. @throws when it is not known. */
export async function whyNotThem(
  person: ChatPersonId,
  people: Pick<ChatPeople, 'find'>,
): Promise<string | undefined> {
  try {
    await people.find(person, 'sender');
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError && error.retry.kind === 'never') return error.sentence;
    throw error;
  }
}
