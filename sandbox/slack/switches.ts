/**
 * What Slack's documentation leaves open, or says differently from what people report.
 * Each default is the best guess; a test that depends on one sets it both ways.
 */
export interface Switches {
  /** Mentions in command text carry the handle too: `<@U1|ada>` instead of `<@U1>`. Both forms are documented. */
  readonly mentionsCarryNames: boolean;
  /** E-mail addresses typed into a command arrive as `<mailto:a@b|a@b>`, as they do in messages. */
  readonly commandEmailsBecomeLinks: boolean;
  /** `@team` typed into a command arrives as `<!subteam^S1|@team>`; otherwise as the typed text. */
  readonly commandGroupsAreEscaped: boolean;
  /** `replace_original` sent to a command's response_url replaces the ephemeral answer to that command. */
  readonly commandAnswerIsReplaceable: boolean;
  /** More than 40,000 characters of text: cut off (the docs) or refused (the error list). */
  readonly longText: 'truncate' | 'msg_too_long';
  /** The longest `text` chat.update takes; its error list says 4,000, chat.postMessage's says 40,000. */
  readonly updateTextLimit: number;
  /** What chat.postMessage says to a thread_ts that is no message, or is itself a reply. */
  readonly wrongThreadError: 'thread_not_found' | 'cannot_reply_to_message' | 'invalid_thread_ts';
  /** How views.open refuses a trigger id: `expired_trigger_id` (method page) or `trigger_expired` (guide). */
  readonly triggerErrors: 'method-page' | 'guide';
  /** Bots read threads of channels with conversations.replies; the method page wants a user token there. */
  readonly botsReadChannelThreads: boolean;
  /** conversations.replies begins every page with the thread's root, also when `oldest` is later than it. */
  readonly repliesBeginWithRoot: boolean;
  /** Deleting a root that has replies leaves a placeholder, told as `message_changed`. */
  readonly deletedRootLeavesTombstone: boolean;
  /** Then its replies, too, are told as `message_changed` (github.com/42wim/matterbridge/issues/1959). */
  readonly deletedRootChangesReplies: boolean;
  /**
   * How often and how much conversations.history and conversations.replies may be asked: as an internal app, or as
   * others that are not in the Marketplace, once a minute for 15 messages (facts §11).
   */
  readonly readingThreads: 'internal' | 'distributed';
  /** A reply is also told as a `message_changed` of its root, whose reply count has changed. */
  readonly repliesChangeTheirRoot: boolean;
  /** Two blocks with one block_id, or two elements of a block with one action_id, are refused. */
  readonly idsMustBeUnique: boolean;
  /**
   * What becomes of chat.postMessage's `username` without the scope for it; somebody has seen it left out
   * (github.com/papercups-io/papercups/pull/522).
   */
  readonly usernameWithoutScope: 'ignored' | 'missing_scope';
  /** Refuses more calls a minute than a method's tier promises. Off, so that a test may call as often as it likes. */
  readonly tiersAreStrict: boolean;
  /** users.list also lists people of other companies who are in a shared channel. */
  readonly strangersAreListed: boolean;
  /** What usergroups.users.list says of a group that is switched off, unless asked to include those. */
  readonly disabledGroup: 'no_such_subteam' | 'empty' | 'members';
}

export const DEFAULT_SWITCHES: Switches = {
  mentionsCarryNames: false,
  commandEmailsBecomeLinks: true,
  commandGroupsAreEscaped: true,
  commandAnswerIsReplaceable: true,
  longText: 'msg_too_long',
  updateTextLimit: 4_000,
  wrongThreadError: 'thread_not_found',
  triggerErrors: 'method-page',
  botsReadChannelThreads: true,
  repliesBeginWithRoot: true,
  deletedRootLeavesTombstone: true,
  deletedRootChangesReplies: false,
  readingThreads: 'internal',
  repliesChangeTheirRoot: false,
  idsMustBeUnique: true,
  usernameWithoutScope: 'ignored',
  tiersAreStrict: false,
  strangersAreListed: true,
  disabledGroup: 'no_such_subteam',
};
