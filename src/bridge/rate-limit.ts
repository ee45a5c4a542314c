/** So many in any stretch of time of that length, whoever asks. */
export interface RateLimit {
  /**
   * Counts one, unless there were too many.
   * @returns 0, or in how many ms there is room for another one. Throws when Redis does not answer in time.
   */
  take(): Promise<number>;
}
