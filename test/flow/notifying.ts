import { expect, onTestFinished } from 'vitest';
import { sampleWorkspace } from '../../sandbox/slack/sample-workspace.ts';
import type { Message, View } from '../../sandbox/slack/shapes.ts';
import type { Overrides } from '../../src/compose.ts';
import { type RunningBridge, startBridge } from './bridge.ts';
import { notes, patience, wordsOf } from './seen.ts';
import { type Name, slackIds, type World, type WorldOptions } from './world.ts';

/** The bridge, and so many more people who are in the channel #crowd and in the user group @crowd. */
export async function startCompany(
  crowd = 0,
  { env, ...options }: WorldOptions & Pick<Overrides, 'timing'> = {},
): Promise<RunningBridge> {
  const sample = sampleWorkspace();
  const people = Array.from({ length: crowd }, (_, n) => ({
    id: `U1P${n}`,
    name: `p${n}`,
    real_name: nameOf(n),
    email: `p${n}@corp.com`,
  }));
  const ids = people.map(({ id }) => id);
  const bridge = await startBridge({
    ...options,
    env: { NOTIFY_ALLOWED: 'everyone', ...env },
    slack: {
      ...options.slack,
      seed: {
        ...sample,
        users: [...sample.users, ...people],
        channels: [...sample.channels, { id: 'C0CROWD', name: 'crowd', members: ['U0ADA', ...ids] }],
        userGroups: [...sample.userGroups, { id: 'S0CROWD', name: 'Crowd', handle: 'crowd', users: ids }],
      },
    },
  });
  onTestFinished(() => bridge.close());
  for (const { real_name: name, email } of people) bridge.salesforce.addUser({ name, email });
  return bridge;
}

/** Of one of the crowd. */
export const nameOf = (n: number): string => `Person ${String(n).padStart(3, '0')}`;

/** Types `/chatter-notify` in #general and gives what is answered at once: '' where a form opens instead. */
export async function notify(world: World, text: string, writer: Name = 'ada'): Promise<string> {
  const { body } = await world.slack.command(slackIds[writer], 'C0GENERAL', '/chatter-notify', text);
  return body === '' ? '' : (JSON.parse(body) as { text: string }).text;
}

/** What is in somebody's form when it has been prepared. */
export async function form(world: World, writer: Name = 'ada'): Promise<{ view: View; said: string }> {
  const shown = () => world.slack.viewsOf(slackIds[writer]).at(-1);
  const said = () => JSON.stringify(shown()?.blocks ?? 'One moment…').replaceAll('\\n', '\n');
  await expect.poll(said, patience).not.toContain('One moment…');
  const view = shown();
  if (!view) throw new Error('closed meanwhile');
  return { view, said: said() };
}

/** Types it, waits for the form, and confirms it. */
export async function notifyAndConfirm(world: World, text: string, writer: Name = 'ada'): Promise<string> {
  expect(await notify(world, text, writer)).toBe('');
  const { said } = await form(world, writer);
  expect(await world.slack.submitView(slackIds[writer])).not.toHaveProperty('errors');
  return said;
}

/** Reports in somebody's conversation with the app, the latest last. */
export function reports(world: World, reader: Name = 'ada'): Message[] {
  return notes(world, '', reader).filter((note) =>
    JSON.stringify(note.blocks ?? '').includes('csv_notification'),
  );
}

export function report(world: World, reader: Name = 'ada'): string {
  const last = reports(world, reader).at(-1);
  return last ? wordsOf(last) : '';
}

type Button = 'stop_notification' | 'resume_notification' | 'retry_notification' | 'csv_notification';

/** Presses a button of the latest report, as whoever has sent it or as somebody else. */
export async function pressReport(world: World, button: Button, presser: Name = 'ada') {
  const last = reports(world).at(-1);
  if (!last) throw new Error('there is no report');
  expect(await world.slack.press(slackIds[presser], last, button)).toMatchObject({ status: 200 });
}

/** What is told to somebody alone, the latest last. */
export const toldAlone = (world: World, reader: Name = 'ada'): readonly string[] =>
  world.slack.ephemeralsOf(slackIds[reader]).map(wordsOf);
