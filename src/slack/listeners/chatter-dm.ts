import type { App, RespondArguments } from '@slack/bolt';
import { laneOf } from '../../bridge/lane.ts';
import type { Decisions, Incoming, Intake } from '../../bridge/message.ts';
import type { Mirrors } from '../../bridge/mirror.ts';
import type { Addressee, AnswerHandle, ChatPersonId, DeliveryId } from '../../bridge/people.ts';
import { type Named, parseCommand } from '../command.ts';
import { makePersonId } from '../ids.ts';
import { COMMAND } from '../payload.ts';
import { escapeText } from '../text/escape.ts';
import { renderFailed } from '../views/failed.ts';
import { renderMirrors } from '../views/mirror-list.ts';
import type { Rendered } from '../views/rendered.ts';
import { words } from '../words.ts';
import { takenWords } from './taken-words.ts';

export interface CommandPorts {
  intake: Intake;
  decisions: Decisions;
  mirrors: Pick<Mirrors, 'of'>;
}

/** The fields of Slack's payload that we use; payload.ts has checked that they are there. */
interface Typed {
  team_id: string;
  user_id: string;
  text: string;
  trigger_id: string;
  response_url: string;
}

/** Answers `/chatter-dm`: everything that is said at once is seen by the sender alone. */
export function listenToChatterDm(app: App, ports: CommandPorts): void {
  app.command(COMMAND, async ({ command, ack }) => {
    // Stored first, answered then: the answer leaves only when this listener is done.
    const answer = await answerCommand(command, ports);
    await ack(typeof answer === 'string' ? onlyToSender(answer) : { response_type: 'ephemeral', ...answer });
  });
}

/** Never `in_channel`: that would also show the typed command to everyone. */
export function onlyToSender(text: string): RespondArguments {
  return { response_type: 'ephemeral', text };
}

async function answerCommand(
  typed: Typed,
  { intake, decisions, mirrors }: CommandPorts,
): Promise<string | Rendered> {
  const author = makePersonId({ team: typed.team_id, user: typed.user_id });
  const command = parseCommand(typed.text, typed.user_id);
  switch (command.kind) {
    case 'help':
      return words.help;
    case 'usage':
      return words.misuse(command.why);
    case 'opt-out':
      return saved(decisions.optOut(author), words.optedOut);
    case 'opt-in':
      return saved(decisions.optIn(author), words.optedIn);
    case 'inbox':
      return decisions.setInbox(author, command.isOn).then(
        (isSet) => (isSet ? (command.isOn ? words.inboxOn : words.inboxOff) : words.notWhileOptedOut),
        () => words.notStored,
      );
    case 'failed':
      return decisions.failed(author).then(
        (failed) => renderFailed(failed),
        () => words.notRead,
      );
    case 'stop':
      return mirrors.of(author).then(
        (theirs) => renderMirrors(theirs),
        () => words.notRead,
      );
    case 'send': {
      const people = command.people.map((person) => addressee(typed.team_id, person));
      const taken = await intake.take(incoming(typed, author, people, command.text), false);
      return takenWords(taken, command.people.map(shown));
    }
  }
}

function incoming(typed: Typed, author: ChatPersonId, people: readonly Addressee[], text: string): Incoming {
  return {
    // A command has no id of its own; its trigger id is new each time it is typed.
    id: `cmd-${typed.team_id}-${typed.user_id}-${typed.trigger_id}` as DeliveryId,
    lane: laneOf(author, people),
    message: {
      v: 1,
      author,
      text,
      to: { kind: 'people', people },
      answer: typed.response_url as AnswerHandle,
    },
  };
}

function addressee(team: string, person: Named): Addressee {
  if (person.kind === 'email') return { kind: 'email', email: person.email };
  return { kind: 'person', id: makePersonId({ team, user: person.user }) };
}

function shown(person: Named): string {
  if (person.kind === 'user') return `<@${person.user}>`;
  const email = escapeText(person.email);
  return `<mailto:${email}|${email}>`;
}

async function saved(saving: Promise<void>, done: string): Promise<string> {
  try {
    await saving;
    return done;
  } catch {
    return words.notStored;
  }
}
