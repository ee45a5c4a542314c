import type { ViewsOpenArguments, ViewsPublishArguments, WebClient } from '@slack/web-api';
import { refusedForGood } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { slackErrorName } from './errors.ts';

export type Modal = Extract<ViewsOpenArguments['view'], { type: 'modal' }>;
export type Home = Extract<ViewsPublishArguments['view'], { type: 'home' }>;

/** What the app shows beside messages. Every method throws DeliveryError. */
export interface Modals {
  /**
   * Opens a modal for whoever has just done something.
   * @param trigger good once, within three seconds.
   * @returns the view's id.
   */
  open(trigger: string, modal: Modal): Promise<string>;
  /** Shows something else in an open modal. One that was closed meanwhile is nobody's loss. */
  show(view: string, modal: Modal): Promise<void>;
  /** Shows somebody's Home tab anew. */
  publish(user: string, home: Home): Promise<void>;
}

export function createModals(client: WebClient, ask: Ask): Modals {
  return {
    async open(trigger, modal) {
      const { view } = await ask(methodScope('views.open'), 'read', () =>
        client.views.open({ trigger_id: trigger, view: modal }),
      );
      if (view?.id === undefined) throw refusedForGood('slack-no-view', 'Slack shows no form.');
      return view.id;
    },
    async show(view, modal) {
      try {
        await ask(methodScope('views.update'), 'read', () =>
          client.views.update({ view_id: view, view: modal }),
        );
      } catch (error) {
        if (slackErrorName(error) !== 'not_found') throw error;
      }
    },
    async publish(user, home) {
      await ask(methodScope('views.publish'), 'read', () =>
        client.views.publish({ user_id: user, view: home }),
      );
    },
  };
}
