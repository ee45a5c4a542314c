import type { StandInSalesforce } from '../salesforce/server.ts';
import type { StandInSlack } from '../slack/server.ts';

/** What the page shows and acts on: both sides, and the bridge between them. */
export interface Stage {
  readonly slack: StandInSlack;
  readonly salesforce: StandInSalesforce;
  readonly processes: readonly { readonly name: string; readonly state: string }[];
}
