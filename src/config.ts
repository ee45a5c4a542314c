import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type EncryptionKey,
  isHttpUrl,
  oneOf,
  positive,
  readChannelsOrOff,
  readKeys,
  readNotifyAllowed,
  readTeams,
  readToken,
  readUsers,
  WrongValue,
} from './config-values.ts';

/** Everything that an operator decides, read once from the environment. See README, Settings. */
export interface Config {
  port: number;
  publicUrl: string | undefined;
  redisUrl: string;
  encryptionKeys: readonly EncryptionKey[];
  slack: {
    botToken: string;
    signingSecret: string | undefined;
    appToken: string | undefined;
    apiUrl: string;
    teams: ReadonlyMap<string, readonly string[]>;
    answerNames: 'inside' | 'username';
    filePolicy: 'link' | 'drop';
    /** User ids that count as admins beside the workspace's own. */
    adminUsers: ReadonlySet<string>;
    /** Channels shared with other companies in which threads may be mirrored all the same. */
    connect: ReadonlySet<string>;
    /** As many people as everybody may notify at once, and who may notify more: a group is one of Slack's user groups. */
    notifyLimit: { free: number; allowed: 'everyone' | 'admins' | { group: string } };
  };
  salesforce: {
    loginUrl: string;
    clientId: string;
    privateKey: string;
    username: string;
    audience: string | undefined;
    apiVersion: string;
    pubSubUrl: string;
  };
  conversationUrl: string;
  /** Hear from Salesforce at once that there is something to read. */
  push: boolean;
  consent: 'notice' | 'ask';
  reactions: boolean;
  holdMs: number;
  pollMs: number;
  /** What Chatter hears of a deletion in Slack whose message it has already. */
  deletePolicy: 'note' | 'ignore' | 'remove';
  /** Whether a conversation is marked as read in Chatter when its thread was answered. */
  marksRead: boolean;
  failedKeepMs: number;
  afterRestore: 'pause' | 'go';
  /** Opens the notifications API; undefined: there is none. */
  apiToken: string | undefined;
  logLevel: string;
}

/** One sentence a variable: its name, what is wrong with it, where to get it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** RS256, the one algorithm that Salesforce takes for JWT bearer, asks for no less (RFC 7518, 3.3). */
const LEAST_KEY_BITS = 2048;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** The global endpoint of the Pub/Sub API (Pub/Sub API guide). */
const PUBSUB_URL = 'https://api.pubsub.salesforce.com:7443';
/** Classic's Chatter tab: Lightning has no documented page for private messages. */
const CLASSIC_CHATTER = '{instanceUrl}/_ui/core/chatter/ui/ChatterPage';

/** @throws ConfigError naming every variable that is missing or wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  const problem = (name: string, words: string): undefined => {
    problems.push(`${name} ${words}`);
    return undefined;
  };
  const required = (name: string, where: string): string =>
    given(name) ?? problem(name, `is missing: ${where}.`) ?? '';
  const checked = <T>(name: string, fallback: T, read: (value: string) => T): T => {
    const value = given(name);
    if (value === undefined) return fallback;
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      return problem(name, error.message) ?? fallback;
    }
  };
  const url = (name: string, value: string | undefined): string | undefined => {
    if (value === undefined || isHttpUrl(value)) return value;
    return problem(name, 'must be an https:// address (http:// only for this machine itself).');
  };

  const redisUrl = required('REDIS_URL', 'the address of your Redis, such as redis://127.0.0.1:6379');
  // Not repeated in the sentence: it may hold a password.
  if (redisUrl && !/^rediss?:\/\//.test(redisUrl))
    problem('REDIS_URL', 'must begin with redis:// or rediss://.');
  else if (redisUrl && !URL.canParse(redisUrl))
    problem('REDIS_URL', 'must look like redis://:password@host:6379.');
  required('ENCRYPTION_KEYS', 'make one with: echo "1:$(openssl rand -base64 32)"');
  const encryptionKeys = checked<EncryptionKey[]>('ENCRYPTION_KEYS', [], readKeys);

  const botToken = required(
    'SLACK_BOT_TOKEN',
    'in your Slack app under OAuth & Permissions, begins with xoxb-',
  );
  const appToken = given('SLACK_APP_TOKEN');
  const signingSecret = given('SLACK_SIGNING_SECRET');
  if (!appToken && !signingSecret) {
    problem(
      'SLACK_SIGNING_SECRET',
      'is missing: in your Slack app under Basic Information (or set SLACK_APP_TOKEN for Socket Mode).',
    );
  }
  const publicUrl = url('PUBLIC_URL', given('PUBLIC_URL')?.replace(/\/+$/, ''));
  const apiUrl = url('SLACK_API_URL', given('SLACK_API_URL')) ?? 'https://slack.com/api/';

  const config: Config = {
    port: checked('PORT', 3000, positive(0, 65_535)),
    publicUrl,
    redisUrl,
    encryptionKeys,
    slack: {
      botToken,
      signingSecret,
      appToken,
      apiUrl,
      teams: checked('SLACK_TEAMS', new Map(), readTeams),
      answerNames: checked<Config['slack']['answerNames']>(
        'ANSWER_NAMES',
        'inside',
        oneOf('inside', 'username'),
      ),
      filePolicy: checked<Config['slack']['filePolicy']>('FILE_POLICY', 'link', oneOf('link', 'drop')),
      adminUsers: checked('ADMIN_USERS', new Set(), readUsers),
      connect: checked('SLACK_CONNECT', new Set(), readChannelsOrOff),
      notifyLimit: {
        free: checked('NOTIFY_FREE_LIMIT', 20, positive(0, 10_000)),
        allowed: checked<Config['slack']['notifyLimit']['allowed']>(
          'NOTIFY_ALLOWED',
          'admins',
          readNotifyAllowed,
        ),
      },
    },
    salesforce: {
      loginUrl: url('SALESFORCE_LOGIN_URL', given('SALESFORCE_LOGIN_URL')) ?? 'https://login.salesforce.com',
      clientId: required('SALESFORCE_CLIENT_ID', 'the consumer key of your External Client App'),
      privateKey: readPrivateKey(),
      username: required(
        'SALESFORCE_USERNAME',
        "the username of the bridge's own Salesforce user, such as bridge@example.com",
      ),
      audience: given('SALESFORCE_AUDIENCE'),
      apiVersion: given('SALESFORCE_API_VERSION') ?? '66.0',
      pubSubUrl: url('SALESFORCE_PUBSUB_URL', given('SALESFORCE_PUBSUB_URL')) ?? PUBSUB_URL,
    },
    conversationUrl:
      given('SALESFORCE_CONVERSATION_URL') ??
      (publicUrl ? '{publicUrl}/conversations/{conversationId}' : CLASSIC_CHATTER),
    push: checked('CHATTER_PUSH', 'off', oneOf('on', 'off')) === 'on',
    consent: checked<Config['consent']>('CONSENT', 'notice', oneOf('notice', 'ask')),
    reactions: checked('REACTIONS', 'on', oneOf('on', 'off')) === 'on',
    holdMs: checked('HOLD_MINUTES', 10, positive(1, 24 * 60)) * MINUTE,
    pollMs: checked('CHATTER_POLL_SECONDS', 90, positive(1, 15 * 60)) * SECOND,
    deletePolicy: checked<Config['deletePolicy']>('DELETE_POLICY', 'note', oneOf('note', 'ignore', 'remove')),
    marksRead: checked('MARK_READ', 'off', oneOf('on', 'off')) === 'on',
    failedKeepMs: checked('FAILED_KEEP_DAYS', 7, positive(1, 365)) * DAY,
    afterRestore: checked<Config['afterRestore']>('AFTER_RESTORE', 'pause', oneOf('pause', 'go')),
    apiToken: checked<string | undefined>('API_TOKEN', undefined, readToken),
    logLevel: checked<Config['logLevel']>('LOG_LEVEL', 'info', oneOf(...LOG_LEVELS)),
  };
  if (!publicUrl && config.conversationUrl.includes('{publicUrl}')) {
    problem('SALESFORCE_CONVERSATION_URL', 'has {publicUrl} in it, so PUBLIC_URL must be set.');
  }
  if (!/^\d{2,3}\.0$/.test(config.salesforce.apiVersion)) {
    problem('SALESFORCE_API_VERSION', 'must look like 66.0.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;

  function readPrivateKey(): string {
    const where =
      'is missing: the PEM of the key whose certificate your External Client App has; or set SALESFORCE_PRIVATE_KEY_FILE.';
    const file = given('SALESFORCE_PRIVATE_KEY_FILE');
    const inline = given('SALESFORCE_PRIVATE_KEY')?.replaceAll('\\n', '\n');
    if (inline === undefined && file === undefined) return problem('SALESFORCE_PRIVATE_KEY', where) ?? '';
    if (inline !== undefined) return pem('SALESFORCE_PRIVATE_KEY', inline);
    try {
      return pem('SALESFORCE_PRIVATE_KEY_FILE', readFileSync(file ?? '', 'utf8'));
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      return problem('SALESFORCE_PRIVATE_KEY_FILE', `cannot be read (${why}).`) ?? '';
    }
  }

  function pem(name: string, text: string): string {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(text);
      const bits = asymmetricKeyDetails?.modulusLength ?? 0;
      if (asymmetricKeyType === 'rsa' && bits >= LEAST_KEY_BITS) return text;
      return problem(name, `must be an RSA key of at least ${LEAST_KEY_BITS} bits.`) ?? '';
    } catch {
      // What OpenSSL says about it may repeat parts of it.
      const right = 'it begins with -----BEGIN PRIVATE KEY----- and has no passphrase';
      return problem(name, `is not a PEM private key that can be read: ${right}.`) ?? '';
    }
  }
}
