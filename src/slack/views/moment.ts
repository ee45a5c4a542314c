/** A moment in its reader's own time zone, as Slack shows it; in UTC where Slack cannot. */
export function moment(atMs: number): string {
  const utc = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(atMs / 1_000)}^{date_short_pretty} {time}|${utc} UTC>`;
}
