import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ChatPersonId } from '../../../src/bridge/people.ts';
import { reasonToDrop } from '../../../src/slack/listeners/author.ts';
import { MessageEvent } from '../../../src/slack/payload.ts';
import type { FilePolicy } from '../../../src/slack/text/file-line.ts';
import { type Names, toPlainText } from '../../../src/slack/text/plain.ts';
import { writtenIn, writtenNodes } from '../../../src/slack/written.ts';

/** See the head of messages.yml, which is to be read and corrected by people. */
interface Row {
  what: string;
  slack: Record<string, unknown> & { rich?: unknown[]; line?: unknown[] };
  chatter: string | null;
  dropped?: string;
}

const times = {
  tag: '!times',
  collection: 'seq' as const,
  resolve: (pair: { toJSON(): unknown }) => {
    const [count, text] = pair.toJSON() as [number, string];
    return text.repeat(count);
  },
};

const rows = parse(readFileSync(new URL('messages.yml', import.meta.url), 'utf8'), {
  customTags: [times],
}) as Row[];

const NAMES: Names = {
  user: (id) => ({ U0ADA: 'Ada Lovelace', U0GRACE: 'Grace Hopper', U0ALAN: 'Alan Turing' })[id],
  channel: (id) => ({ C0GENERAL: 'general' })[id],
  group: (id) => ({ S0TEAM: 'team' })[id],
};

function eventOf({ rich, line, ...slack }: Row['slack']): MessageEvent {
  const elements = line ? [{ type: 'rich_text_section', elements: line }] : rich;
  return MessageEvent.parse({
    type: 'message',
    channel: 'D0ADA',
    channel_type: 'im',
    user: 'U0ADA',
    ts: '1700000000.000200',
    thread_ts: '1700000000.000100',
    ...(elements && { blocks: [{ type: 'rich_text', block_id: 'b1', elements }] }),
    ...slack,
  });
}

/** What Chatter gets of it, by way of what is stored; null: nothing. */
function chatterGets(slack: Row['slack'], policy: FilePolicy): string | null {
  const event = eventOf(slack);
  const written = reasonToDrop(event, 'U0BRIDGE') === undefined ? writtenIn(event) : undefined;
  if (written === undefined) return null;
  const stored = JSON.parse(JSON.stringify({ ...written, author: 'T0CORP-U0ADA' as ChatPersonId }));
  return toPlainText(writtenNodes(stored, policy), NAMES);
}

describe('what Chatter gets of a Slack message', () => {
  it.each(rows)('$what', ({ slack, chatter, dropped }) => {
    expect(chatterGets(slack, 'link')).toBe(chatter);
    expect(chatterGets(slack, 'drop')).toBe(dropped ?? chatter);
  });

  it('is told of each kind of message once', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });
});
