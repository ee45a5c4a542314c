/**
 * The metadata event type of everything the bridge posts. Its payload is `{marker}`, the delivery's id: readable
 * by every app in the workspace, so never a secret and never text.
 */
export const NOTE_EVENT = 'chatter_bridge_note';
