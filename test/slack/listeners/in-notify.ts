import type { Preview, Reachable } from '../../../src/bridge/notification.ts';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { makePersonId } from '../../../src/slack/ids.ts';
import { type EdgeOptions, startEdge } from '../edge.ts';
import { user } from '../fake-mirror.ts';
import { prepared } from './in-form.ts';

export const ADA = 'T0CORP-U0ADA' as ChatPersonId;

/** So many people who can be told. */
export function reachable(count: number): Reachable[] {
  return Array.from({ length: count }, (_, n) => ({
    id: makePersonId({ team: 'T0CORP', user: `U1P${n}` }),
    name: `Person ${n}`,
    email: `person.with.a.long.address.${n}@corp.com`,
    user: user(n),
  }));
}

export const two: Preview = {
  reachable: reachable(2),
  leftOut: [
    { name: 'Blaise', why: 'inactive', email: 'blaise@corp.com' },
    { name: 'A Robot', why: 'bot' },
  ],
};

/** The edge in front of a core that finds these people, with what Ada types. */
export async function startNotifying(preview: Preview = two, options: EdgeOptions = {}) {
  const edge = await startEdge(options);
  const { slack, core } = edge;
  core.answers.preview = preview;
  const type = async (text: string, by = 'U0ADA') => {
    const { status, body, ms } = await slack.command(by, 'C0GENERAL', '/chatter-notify', text);
    return { status, ms, said: body === '' ? '' : (JSON.parse(body) as { text: string }).text };
  };
  /** Types it and waits for the form. */
  const opened = async (text = '@team hello', by = 'U0ADA') => {
    await type(text, by);
    return prepared(slack, by);
  };
  return { ...edge, type, opened, ...core.notifying };
}
