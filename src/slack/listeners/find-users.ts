import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import type { ChatPeople, SalesforceDirectory } from '../../bridge/ports.ts';
import { BlockSuggestion, FIELDS } from '../payload-interactions.ts';
import { userOption } from '../views/people-fields.ts';
import { doerOf } from './who.ts';

export interface FindUsersPorts {
  people: Pick<ChatPeople, 'find'>;
  directory: Pick<SalesforceDirectory, 'search'>;
  log: Logger;
}

/** Slack waits three seconds for the options of a menu. */
const ANSWER_MS = 2_300;

/** Fills the menu of Salesforce's people with those whose name was begun. Nobody is found in time: Slack says "No results". */
export function listenToFindUsers(app: App, ports: FindUsersPorts): void {
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: FIELDS.users.action },
    async ({ body, context, ack }) => {
      const { value, ...asked } = BlockSuggestion.parse(body);
      const { person } = doerOf(asked, context.teamId);
      const finding = find(value).catch((err: unknown) => {
        ports.log.warn({ err }, 'people not found');
        return [];
      });
      await ack({ options: await Promise.race([finding, pause(ANSWER_MS, [], { ref: false })]) });

      async function find(name: string) {
        // Who may not use the bridge may not leaf through the company, either.
        await ports.people.find(person, 'sender');
        return (await ports.directory.search(name)).map(userOption);
      }
    },
  );
}
