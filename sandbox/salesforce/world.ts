import type { KeyObject } from 'node:crypto';
import type { Faults } from './faults.ts';
import type { Org, OrgUser } from './org.ts';
import type { QueryLocators } from './query-locators.ts';
import type { RequestCounts } from './request-counts.ts';
import type { Sessions } from './sessions.ts';
import type { Switches } from './switches.ts';

/** Everything the handlers share. */
export interface World {
  org: Org;
  switches: Switches;
  sessions: Sessions;
  counts: RequestCounts;
  faults: Faults;
  locators: QueryLocators;
  /** The app that may ask for tokens: its consumer key, its certificate's key and the accepted `aud`. */
  app: { clientId: string; publicKey: KeyObject; audiences: readonly string[] };
  /** Own base URL, without a slash at the end. */
  url: string;
  random: () => number;
  /** Our clock. */
  now: () => number;
  /** The server's clock: ours and the skew. */
  serverNow: () => number;
}

/** An API request after authentication. */
export interface ApiCall {
  world: World;
  user: OrgUser;
  method: string;
  /** `/services/data/v66.0` */
  base: string;
  /** The ids in the path, in order, as sent. */
  ids: readonly string[];
  query: URLSearchParams;
  contentType: string;
  body: string;
  arrivedAt: number;
}
