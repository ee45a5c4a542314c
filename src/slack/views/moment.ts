/** A moment in its reader's own time zone, as Slack shows it; in UTC where Slack cannot. */
export function moment(atMs: number): string {
  const utc = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(atMs / 1_000)}^{date_short_pretty} {time}|${utc} UTC>`;
}

/**
 * A time of day as each reader's own clock shows it, rounded up to the minute; UTC where Slack cannot. Such strings
 * are read in verbatim text, too (text object reference).
 */
export function timeOf(atMs: number): string {
  const minute = new Date(Math.ceil(atMs / 60_000) * 60_000);
  return `<!date^${minute.getTime() / 1_000}^{time}|${minute.toISOString().slice(11, 16)} UTC>`;
}
