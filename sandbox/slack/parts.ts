import type { Delivery } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { MessageFeed } from './message-feed.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Shortcut } from './shapes.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Switches } from './switches.ts';
import type { Triggers } from './triggers.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';
import type { Workspace } from './workspace.ts';

/** What a stand-in Slack is put together from; its modules take the parts that they need. */
export interface Parts {
  readonly workspace: Workspace;
  readonly switches: Switches;
  readonly faults: Faults;
  readonly triggers: Triggers;
  readonly rateLimits: RateLimits;
  readonly uploads: Uploads;
  readonly views: Views;
  readonly responseUrls: ResponseUrls;
  readonly delivery: Delivery;
  readonly feed: MessageFeed;
  readonly sockets: SocketMode;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly scopes: readonly string[];
  /** Those of the app's manifest; none: whatever is used exists. */
  readonly shortcuts: readonly Shortcut[];
}
