import type { KnownBlock } from '@slack/web-api';

/** What is said, as Slack takes it. */
export interface Rendered {
  /** What notifications and screen readers say. */
  text: string;
  blocks: KnownBlock[];
  /** Stands in place of the app's name. */
  username?: string;
}

/** What was looked up for what is said, as far as Slack told in time. */
export interface LookedUp {
  /** Of the message, or the root of the thread, that it is about. */
  permalink?: string;
  /** The name of the person in it who is known by their id. */
  name?: string;
}

/** The longest `text`: Slack advises 4,000 characters at most. */
export const FALLBACK_LIMIT = 3_900;
