import type { KnownBlock } from '@slack/web-api';

/** What is said, as Slack takes it. */
export interface Rendered {
  /** What notifications and screen readers say. */
  text: string;
  blocks: KnownBlock[];
  /** Stands in place of the app's name. */
  username?: string;
}

/** The longest `text`: Slack advises 4,000 characters at most. */
export const FALLBACK_LIMIT = 3_900;
