/** Doubles from the first wait to the longest; the jitter (0 to 1) takes off up to a half, against stampedes. */
export function backOffMs(times: number, jitter: number, wait: { first: number; most: number }): number {
  return Math.min(wait.first * 2 ** Math.min(times, 20), wait.most) * (1 - jitter / 2);
}
