import type { WebClient } from '@slack/web-api';
import { DeliveryError } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { slackErrorName } from './errors.ts';

/** What a conversation is, as far as the app is shown it. */
export interface Place {
  kind: 'public' | 'private' | 'group' | 'direct';
  /** Of a public channel alone: what others are called is not for everybody to know. */
  name: string | undefined;
  /** Whether the app is in it, so that it reads and may write there. */
  isIn: boolean;
  isArchived: boolean;
  /** Whether another company is in it, or is invited (Slack Connect). */
  isShared: boolean;
}

/** Looks at conversations. Nothing is remembered: people invite the app and try again. */
export interface Places {
  /** @throws DeliveryError when Slack does not answer. */
  look(channel: string): Promise<Place>;
  /** Whether somebody is in a conversation that the app is in, too. @throws DeliveryError when that cannot be found out. */
  isMember(channel: string, user: string): Promise<boolean>;
}

/** Slack shows private conversations to their members alone. */
const UNSEEN: Place = { kind: 'private', name: undefined, isIn: false, isArchived: false, isShared: false };
const DIRECT: Place = { ...UNSEEN, kind: 'direct' };
const MEMBERS_A_PAGE = 1_000;
/** A private channel with more people than that is beyond anything that was met. */
const MOST_PAGES = 20;

export function createPlaces(client: WebClient, ask: Ask): Places {
  async function ofMembers(channel: string, cursor: string | undefined) {
    return ask(methodScope('conversations.members'), 'read', () =>
      client.conversations.members({ channel, limit: MEMBERS_A_PAGE, ...(cursor && { cursor }) }),
    );
  }

  return {
    async look(channel) {
      // The app is in its own conversations alone, and has no other use for the scope that tells of them.
      if (channel.startsWith('D')) return DIRECT;
      try {
        const { channel: found = {} } = await ask(methodScope('conversations.info'), 'read', () =>
          client.conversations.info({ channel }),
        );
        const isPrivate = found.is_private === true || found.is_group === true;
        const kind = found.is_im ? 'direct' : found.is_mpim ? 'group' : isPrivate ? 'private' : 'public';
        return {
          kind,
          name: kind === 'public' ? found.name : undefined,
          // Only public channels are shown from outside.
          isIn: found.is_member ?? kind !== 'public',
          isArchived: found.is_archived === true,
          isShared: found.is_ext_shared === true || found.is_pending_ext_shared === true,
        };
      } catch (error) {
        if (slackErrorName(error) === 'channel_not_found') return UNSEEN;
        throw error;
      }
    },
    async isMember(channel, user) {
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { members = [], response_metadata } = await ofMembers(channel, cursor);
        if (members.includes(user)) return true;
        cursor = response_metadata?.next_cursor || undefined;
        if (cursor === undefined) return false;
      }
      throw new DeliveryError({
        retry: { kind: 'never' },
        certain: true,
        code: 'slack-too-many-members',
        sentence: 'That conversation has too many members to look through.',
      });
    },
  };
}

/** What others may know of where something was written: `in #general`, or that it was private. */
export function whereabouts({ kind, name }: Place): string {
  switch (kind) {
    case 'public':
      return name === undefined ? 'in a channel' : `in #${name}`;
    case 'private':
      return 'in a private channel';
    case 'group':
      return 'in a group conversation';
    case 'direct':
      return 'in a direct message';
  }
}
