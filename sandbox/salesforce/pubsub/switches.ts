/** How the Pub/Sub API behaves. All may be changed while it runs. */
export interface PubSubSwitches {
  /** False: the event is not deployed. */
  topicExists: boolean;
  /** False: the user lacks the permission set. */
  canSubscribe: boolean;
  /** The org has used up its events of 24 hours. */
  allocationSpent: boolean;
  /** False: the service answers with UNAVAILABLE. */
  available: boolean;
  /** Only streams notice that a session has ended (unverified: whether every call looks). */
  onlyStreamsCheckSessions: boolean;
  /** At least once: each event comes twice. */
  deliversTwice: boolean;
  /** Streams stay open, and nothing comes on them: no event, no sign of life. */
  isSilent: boolean;
  /** An empty response comes when nothing else came for so long: "within 270 seconds" (published proto file). */
  signOfLifeMs: number;
  /** A stream from which nothing more is asked for is closed after so long. A minute, by the guide. */
  closesIdleMs: number;
}

export const defaultPubSubSwitches = (): PubSubSwitches => ({
  topicExists: true,
  canSubscribe: true,
  allocationSpent: false,
  available: true,
  onlyStreamsCheckSessions: false,
  deliversTwice: false,
  isSilent: false,
  signOfLifeMs: 270_000,
  closesIdleMs: 60_000,
});
