import type { StandInSlack } from '../slack/server.ts';

/** Where one of Slack's own commands was typed, and by whom. */
interface Typed {
  readonly as: string;
  readonly channel: string;
  /** What stands after the command. */
  readonly rest: string;
  readonly inThread: { readonly thread_ts?: string };
}

type Do = (slack: StandInSlack, typed: Typed) => unknown;

/** Slack's own commands, as far as they change what the app sees. */
const OWN: Readonly<Record<string, Do>> = {
  '/me': (slack, { as, channel, rest, inThread }) =>
    slack.say(as, channel, rest, { ...inThread, subtype: 'me_message' }),
  '/invite': (slack, { channel, rest }) => slack.join(named(slack, rest), channel),
  '/remove': (slack, { as, channel, rest }) => {
    const user = named(slack, rest);
    if (user === slack.workspace.app.user_id) return slack.removeApp(as, channel);
    return slack.leave(user, channel);
  },
  '/leave': (slack, { as, channel }) => slack.leave(as, channel),
  '/archive': (slack, { as, channel }) => slack.archive(as, channel),
};

export const isSlacksOwn = (command: string): boolean => Object.hasOwn(OWN, command);

/** Does what the command says. @throws with a sentence for whoever typed it. */
export function doSlacksOwn(slack: StandInSlack, command: string, typed: Typed): void {
  if (command !== '/me' && slack.workspace.channel(typed.channel).type === 'im')
    throw new Error(`${command} is for channels.`);
  OWN[command]?.(slack, typed);
}

/** The person, or the app, with this handle or name. */
function named({ workspace }: StandInSlack, typed: string): string {
  const name = typed.trim().replace(/^@/, '').toLowerCase();
  const user = [...workspace.users.values()].find(
    (each) => each.name.toLowerCase() === name || each.real_name.toLowerCase() === name,
  );
  if (!user) throw new Error(`There is nobody called ${typed.trim() || '…'} here.`);
  return user.id;
}
