import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

/** The least that a one-workspace install needs. */
const least = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  ENCRYPTION_KEYS: key('1'),
  SLACK_SIGNING_SECRET: 'a-signing-secret',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SALESFORCE_CLIENT_ID: '3MVG9',
  SALESFORCE_PRIVATE_KEY: pem,
  SALESFORCE_USERNAME: 'bridge@corp.com',
};
type Env = Record<string, string | undefined>;

/** What is wrong with an environment; empty when nothing is. */
function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
const problemOf = (env: Env): string => {
  const problems = problemsOf({ ...least, ...env });
  expect(problems).toHaveLength(1);
  return problems[0] ?? '';
};

describe('the configuration', () => {
  it('needs seven variables; the rest has defaults', () => {
    expect(readConfig(least)).toMatchObject({
      port: 3000,
      publicUrl: undefined,
      redisUrl: 'redis://127.0.0.1:6379',
      slack: { appToken: undefined, apiUrl: 'https://slack.com/api/', teams: new Map(), connect: new Set() },
      salesforce: {
        loginUrl: 'https://login.salesforce.com',
        audience: undefined,
        apiVersion: '66.0',
        pubSubUrl: 'https://api.pubsub.salesforce.com:7443',
        privateKey: pem.trim(),
      },
      conversationUrl: '{instanceUrl}/_ui/core/chatter/ui/ChatterPage',
      push: false,
      consent: 'notice',
      reactions: true,
      holdMs: 10 * 60_000,
      failedKeepMs: 7 * 24 * 60 * 60_000,
      afterRestore: 'pause',
      logLevel: 'info',
    });
  });

  it('takes what is given', () => {
    const config = readConfig({
      ...least,
      PORT: '8080',
      PUBLIC_URL: 'https://bridge.corp.com/',
      REDIS_URL: 'rediss://user:secret@redis.corp.com:6380',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: 'https://slack-gov.com/api/',
      SALESFORCE_LOGIN_URL: 'https://corp.my.salesforce.com',
      SALESFORCE_AUDIENCE: 'https://test.salesforce.com',
      SALESFORCE_API_VERSION: '65.0',
      SALESFORCE_CONVERSATION_URL: 'https://corp.com/{conversationId}',
      SALESFORCE_PUBSUB_URL: 'https://p.com',
      CHATTER_PUSH: 'on',
      CHATTER_POLL_SECONDS: '30',
      CONSENT: 'ask',
      ANSWER_NAMES: 'username',
      ADMIN_USERS: 'U0ADA',
      SLACK_CONNECT: 'C0SHARED',
      NOTIFY_FREE_LIMIT: '0',
      NOTIFY_ALLOWED: 'S0TEAM',
      REACTIONS: 'off',
      HOLD_MINUTES: '1440',
      FAILED_KEEP_DAYS: '30',
      AFTER_RESTORE: 'go',
      LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({
      port: 8080,
      publicUrl: 'https://bridge.corp.com',
      slack: { appToken: 'xapp-1', apiUrl: 'https://slack-gov.com/api/', answerNames: 'username' },
      salesforce: { audience: 'https://test.salesforce.com', apiVersion: '65.0', pubSubUrl: 'https://p.com' },
      conversationUrl: 'https://corp.com/{conversationId}',
      push: true,
      pollMs: 30_000,
      consent: 'ask',
      reactions: false,
      holdMs: 24 * 60 * 60_000,
      failedKeepMs: 30 * 24 * 60 * 60_000,
      logLevel: 'debug',
    });
    expect(config.slack.notifyLimit).toEqual({ free: 0, allowed: { group: 'S0TEAM' } });
    expect([...config.slack.adminUsers, ...config.slack.connect]).toEqual(['U0ADA', 'C0SHARED']);
  });

  it('names every problem at once, each variable once', () => {
    const problems = problemsOf({ PORT: 'http', CONSENT: 'maybe' });
    const names = problems.map((problem) => problem.split(' ')[0]);
    const { SALESFORCE_PRIVATE_KEY, ...rest } = least;
    expect(SALESFORCE_PRIVATE_KEY).toBe(pem);
    expect(names.toSorted()).toEqual(
      ['SALESFORCE_PRIVATE_KEY', ...Object.keys(rest), 'PORT', 'CONSENT'].toSorted(),
    );
    expect(() => readConfig({})).toThrow(/not complete:\n {2}REDIS_URL is missing.*\n {2}ENCRYPTION_KEYS/);
  });

  it('points to its own page for conversations once it has an address', () => {
    const { conversationUrl } = readConfig({ ...least, PUBLIC_URL: 'https://bridge.corp.com' });
    expect(conversationUrl).toBe('{publicUrl}/conversations/{conversationId}');
  });
});

describe('what is missing', () => {
  it('PUBLIC_URL is named when a link needs it', () => {
    const link = { SALESFORCE_CONVERSATION_URL: '{publicUrl}/read/{conversationId}' };
    expect(problemOf(link)).toMatch(/^SALESFORCE_CONVERSATION_URL .*PUBLIC_URL must be set\.$/);
    expect(problemsOf({ ...least, ...link, PUBLIC_URL: 'https://bridge.corp.com' })).toEqual([]);
  });

  it.each([
    ['REDIS_URL', 'the address of your Redis, such as redis://127.0.0.1:6379'],
    ['ENCRYPTION_KEYS', 'openssl rand -base64 32'],
    ['SLACK_SIGNING_SECRET', 'Basic Information'],
    ['SLACK_BOT_TOKEN', 'OAuth & Permissions'],
    ['SALESFORCE_CLIENT_ID', 'consumer key of your External Client App'],
    ['SALESFORCE_PRIVATE_KEY', 'SALESFORCE_PRIVATE_KEY_FILE'],
    ['SALESFORCE_USERNAME', 'bridge@example.com'],
  ])('%s is named, and where to get it', (name, where) => {
    for (const value of [undefined, '', '   ']) {
      const problem = problemOf({ [name]: value });
      expect(problem).toMatch(new RegExp(`^${name} is missing: `));
      expect(problem).toContain(where);
    }
  });

  it('SLACK_SIGNING_SECRET is not, in Socket Mode', () => {
    expect(problemsOf({ ...least, SLACK_SIGNING_SECRET: undefined, SLACK_APP_TOKEN: 'xapp-1' })).toEqual([]);
  });
});

describe('what is wrong', () => {
  it.each([
    ['PORT', 'http', 'whole number from 0 to 65535'],
    ['PORT', '65536', 'whole number from 0 to 65535'],
    ['PORT', '-1', 'whole number from 0 to 65535'],
    ['HOLD_MINUTES', '0', 'whole number from 1 to 1440'],
    ['HOLD_MINUTES', '2.5', 'whole number from 1 to 1440'],
    ['HOLD_MINUTES', 'ten', 'whole number from 1 to 1440'],
    ['FAILED_KEEP_DAYS', '0', 'whole number from 1 to 365'],
    ['CONSENT', 'no', 'notice or ask'],
    ['REACTIONS', 'true', 'on or off'],
    ['CHATTER_PUSH', 'yes', 'on or off'],
    ['REDIS_URL', 'http://127.0.0.1:6379', 'redis:// or rediss://'],
    ['REDIS_URL', 'redis://127.0.0.1:99999', 'redis://:password@host:6379'],
    ['SALESFORCE_API_VERSION', 'v66', 'must look like 66.0'],
    ['LOG_LEVEL', 'loud', 'must be'],
  ])('%s=%s', (name, value, words) => {
    expect(problemOf({ [name]: value })).toMatch(new RegExp(`^${name} .*${words.replaceAll('.', '\\.')}`));
  });

  it.each(['PUBLIC_URL', 'SLACK_API_URL', 'SALESFORCE_LOGIN_URL', 'SALESFORCE_PUBSUB_URL'])(
    '%s over http, but to this machine',
    (name) => {
      for (const url of ['http://corp.com', 'http://127.0.0.1.corp.com', 'ftp://127.0.0.1', 'corp.com']) {
        expect(problemOf({ [name]: url })).toMatch(new RegExp(`^${name} must be an https:// address`));
      }
      const safe = ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000', 'https://a.b'];
      for (const url of safe) {
        expect(problemsOf({ ...least, [name]: url })).toEqual([]);
      }
    },
  );
});

describe('ENCRYPTION_KEYS', () => {
  it('are read in their order, with blanks around them', () => {
    const { encryptionKeys } = readConfig({ ...least, ENCRYPTION_KEYS: ` ${key('new')} , ${key('old')} ` });
    expect(encryptionKeys.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(encryptionKeys.every(({ key: bytes }) => bytes.length === 32)).toBe(true);
  });

  it.each([
    ['no id', randomBytes(32).toString('base64')],
    ['an empty id', `:${randomBytes(32).toString('base64')}`],
    ['a short key', `1:${randomBytes(16).toString('base64')}`],
    ['a long key', `1:${randomBytes(33).toString('base64')}`],
    ['nothing after the comma', `${key('1')},`],
    ['an id with a dot, which separates what is sealed', key('a.b')],
  ])('with %s are wrong, and are not repeated to whoever reads along', (_what, value) => {
    const problem = problemOf({ ENCRYPTION_KEYS: value });
    expect(problem).toContain('ENCRYPTION_KEYS must be id:base64 of 32 bytes');
    expect(problem).not.toContain(value);
  });

  it('do not use one name twice', () => {
    expect(problemOf({ ENCRYPTION_KEYS: `${key('1')},${key('1')}` })).toBe(
      'ENCRYPTION_KEYS names the key 1 twice.',
    );
  });

  it('are never part of a problem, however they are spelt', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (text) => {
        fc.pre(text.trim().length >= 12 && !text.includes('openssl'));
        for (const problem of problemsOf({ ...least, ENCRYPTION_KEYS: text })) {
          expect(problem).not.toContain(text.trim());
        }
      }),
    );
  });
});

describe('the private key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key.pem');
  const { SALESFORCE_PRIVATE_KEY: _inline, ...rest } = least;

  it('may stand in one line, with its line breaks written as \\n', () => {
    const oneLine = pem.trim().replaceAll('\n', '\\n');
    expect(readConfig({ ...least, SALESFORCE_PRIVATE_KEY: oneLine }).salesforce.privateKey).toBe(pem.trim());
  });

  it('may be in a file', () => {
    writeFileSync(file, pem);
    expect(readConfig({ ...rest, SALESFORCE_PRIVATE_KEY_FILE: file }).salesforce.privateKey).toBe(pem);
  });

  it('in a file that cannot be read is said, with the reason', () => {
    const missing = join(folder, 'no-such.pem');
    expect(problemsOf({ ...rest, SALESFORCE_PRIVATE_KEY_FILE: missing })).toEqual([
      'SALESFORCE_PRIVATE_KEY_FILE cannot be read (ENOENT).',
    ]);
    expect(problemsOf({ ...rest, SALESFORCE_PRIVATE_KEY_FILE: folder })).toEqual([
      'SALESFORCE_PRIVATE_KEY_FILE cannot be read (EISDIR).',
    ]);
  });

  it('that is none is said, without repeating it', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIsecret\n-----END CERTIFICATE-----';
    writeFileSync(file, certificate);
    const problems = [
      problemOf({ SALESFORCE_PRIVATE_KEY: certificate }),
      ...problemsOf({ ...rest, SALESFORCE_PRIVATE_KEY_FILE: file }),
    ];
    expect(problems.map((problem) => problem.split(' is not a PEM')[0])).toEqual([
      'SALESFORCE_PRIVATE_KEY',
      'SALESFORCE_PRIVATE_KEY_FILE',
    ]);
    expect(problems.join()).not.toContain('MIIsecret');
  });

  it('that Salesforce could not take is said at the start', () => {
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    for (const key of [curve, short]) {
      const text = key.export({ type: 'pkcs8', format: 'pem' }).toString();
      expect(problemOf({ SALESFORCE_PRIVATE_KEY: text })).toBe(
        'SALESFORCE_PRIVATE_KEY must be an RSA key of at least 2048 bits.',
      );
    }
  });

  it('that is cut short is said at the start, not with the first message', () => {
    const half = pem.slice(0, pem.length / 2);
    expect(problemOf({ SALESFORCE_PRIVATE_KEY: half })).toMatch(/^SALESFORCE_PRIVATE_KEY is not a PEM/);
  });
});
