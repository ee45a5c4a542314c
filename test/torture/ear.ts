import type { StandInSlack } from '../../sandbox/slack/server.ts';
import type { Message } from '../../sandbox/slack/shapes.ts';
import { idIn, type Ledger, type Word } from './ledger.ts';

/** The beginnings of what the bridge says about a message (src/slack/views/say.ts), as one reads them. */
const HEADINGS: readonly (readonly [string, Word])[] = [
  ['*Not sent.*', 'not-sent'],
  ['*Not confirmed.*', 'not-confirmed'],
  ['*Sent after all.*', 'sent-after-all'],
  ['*Arrived twice.*', 'arrived-twice'],
  ['*Still waiting.*', 'still-waiting'],
  ['*Waiting.*', 'waiting'],
  ['*Discarded.*', 'discarded'],
  ['*Trying again', 'trying-again'],
];

export interface Thread {
  readonly ts: string;
  /** The message that the thread was opened for: replies in it belong to that one's lane. */
  readonly openedBy: string;
}

export interface Ear {
  /** The thread in which a message with this id is shown. */
  threadOf(id: string): Thread | undefined;
}

export interface EarOptions {
  slack: StandInSlack;
  ledger: Ledger;
  /** Hears of each note that asks its writer to decide. */
  undecided: (id: string, note: Message) => void;
}

/** Reads what the bridge says in people's conversations with it, as it appears, and tells the ledger. */
export function listen({ slack, ledger, undecided }: EarOptions): Ear {
  const threads = new Map<string, Thread>();
  const openers = new Map<string, string>();
  const lastWord = new Map<string, Word>();
  slack.onChange((change) => {
    if (change.what !== 'message' || !change.channel.startsWith('D')) return;
    const message = slack.workspace.messages(change.channel).findLast(({ ts }) => ts === change.ts);
    if (!message) return;
    if (message.bot_id) heardNote(message);
    else heardMark(message);
  });

  function heardNote(message: Message): void {
    // What somebody wrote in Chatter: the only notes that begin in rich text. They are judged elsewhere.
    if (message.blocks?.[0]?.type === 'rich_text') return;
    // A long text is shown in several blocks; its id stands in the first.
    const shown = JSON.stringify(message.blocks ?? message.text);
    const id = idIn(shown);
    if (id === undefined) return;
    const word = HEADINGS.find(([heading]) => shown.includes(heading))?.[1] ?? 'shown';
    const isRoot = shown.includes('*Private message to ');
    const key = `${message.channel} ${message.ts}`;
    if (isRoot) openers.set(key, id);
    const ts = message.thread_ts ?? message.ts;
    const openedBy = openers.get(`${message.channel} ${ts}`);
    if (openedBy !== undefined) threads.set(id, { ts, openedBy });
    // A root that gets a reply has changed, too, and says nothing new.
    if (lastWord.get(key) === word) return;
    lastWord.set(key, word);
    ledger.told(id, word, Date.now());
    if (word === 'not-confirmed') undecided(id, message);
  }

  function heardMark(message: Message): void {
    const key = `${message.channel} ${message.ts} mark`;
    if (!message.reactions?.some(({ name }) => name === 'white_check_mark') || lastWord.has(key)) return;
    lastWord.set(key, 'marked');
    const id = idIn(message.text);
    if (id !== undefined) ledger.told(id, 'marked', Date.now());
  }

  return {
    threadOf: (id) => threads.get(id),
  };
}
