/**
 * Does something on the server. Rejects with a sentence for the person at the page.
 * @param {{do: string} & Record<string, unknown>} action
 */
export async function act(action) {
  const answer = await fetch('act', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(action),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

/** What never changes: emoji by name, and the menus of faults. */
export async function fixed() {
  return (await fetch('fixed.json')).json();
}

/**
 * Calls back with the state as these two people see it, now and after every change; gives a function that stops.
 * @param {{slack: string, chatter: string}} viewer
 * @param {(state: import('../snapshot.ts').Snapshot) => void} show
 * @param {(connected: boolean) => void} tell
 */
export function watch(viewer, show, tell) {
  const source = new EventSource(`live?${new URLSearchParams(viewer)}`);
  source.onmessage = ({ data }) => show(JSON.parse(data));
  source.onopen = () => tell(true);
  source.onerror = () => tell(false);
  return () => source.close();
}
