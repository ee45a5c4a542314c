import { expect } from 'vitest';
import type { RunningBridge } from './bridge.ts';
import { hasButtons, notes, patience, reply } from './seen.ts';
import { underWay } from './under-way.ts';

export type Message = ReturnType<typeof reply>['message'];

/** Sends a reply of Ada's in a thread, to its end. */
export async function deliver(bridge: RunningBridge, root: string, text: string): Promise<Message> {
  const said = reply(bridge, root, text);
  await said.delivered;
  await expect.poll(() => bridge.texts().at(-1), patience).toBe(text);
  return said.message;
}

/** Sends one last reply, when nothing is left that could still go. */
export async function settle(bridge: RunningBridge, root: string, text: string): Promise<void> {
  await expect.poll(() => underWay(bridge), patience).toBe(0);
  await deliver(bridge, root, text);
}

/** A reply that an admin's rule refuses. */
export async function refused(bridge: RunningBridge, root: string, text: string): Promise<Message> {
  bridge.salesforce.switches.vetoText = 'Not now.';
  bridge.salesforce.switches.vetoWhenContains = text;
  const { message } = reply(bridge, root, text);
  await expect.poll(() => notes(bridge, text).some(hasButtons), patience).toBe(true);
  return message;
}

/** Nothing goes wrong any more. */
export function calm({ salesforce, slack }: RunningBridge): void {
  salesforce.faults.clear();
  slack.faults.clear();
  salesforce.switches.vetoText = null;
}
