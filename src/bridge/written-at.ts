/**
 * When a message was written, as its readers are told: `10:42`, with the date when it is another day. In the writer's own
 * time zone; a zone that is not known counts as UTC, and says so.
 */
export function writtenAt(writtenAtMs: number, nowMs: number, timeZone: string): string {
  const zone = isZone(timeZone) ? timeZone : 'UTC';
  const isOld = day(writtenAtMs, zone) !== day(nowMs, zone);
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(isOld && { day: 'numeric', month: 'short' }),
  }).format(writtenAtMs);
  return `${time}${zone === timeZone ? '' : ' UTC'}`;
}

const day = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short' }).format(atMs);

function isZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-GB', { timeZone }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
