import type { Gates } from '../bridge/gates.ts';
import type { Scope } from '../bridge/people.ts';
import { type CallKind, slackCall } from './errors.ts';

/** Slack counts each Web API method for itself, by workspace and app (docs, "Rate limits")… */
export const methodScope = (method: string): Scope => `slack-method:${method}` as Scope;

/** …but chat.postMessage by the channel that it posts to. A person's name stands for their conversation with the app. */
export const channelScope = (channelOrUser: string): Scope => `slack-channel:${channelOrUser}` as Scope;

/** Asks Slack unless it wants to be left alone just there. @throws DeliveryError */
export type Ask = <T>(scope: Scope, kind: CallKind, call: () => Promise<T>) => Promise<T>;

export const createAsk =
  (gates: Gates): Ask =>
  (scope, kind, call) =>
    gates.through([scope], () => slackCall(kind, call(), scope));
