import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMAND } from '../src/slack/payload.ts';
import { EVENTS_PATH } from '../src/slack/receiver.ts';

type Manifest = AppsManifestValidateArguments['manifest'];

const root = join(import.meta.dirname, '..');
const manifest: Manifest = parse(readFileSync(join(root, 'manifest.yml'), 'utf8'));

/** What each Web API method that we call needs, for what we call it on (docs.slack.dev, reference/methods). */
const SCOPES_OF_METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['im:history'],
  'conversations.info': ['channels:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['im:history'],
  'reactions.add': ['reactions:write'],
  'usergroups.list': ['usergroups:read'],
  'users.info': ['users:read', 'users:read.email'],
  'users.lookupByEmail': ['users:read.email'],
};

/** The event that each subscription delivers, and the scope that it needs. */
const EVENTS: Readonly<Record<string, { type: string; scope: string }>> = {
  'message.im': { type: 'message', scope: 'im:history' },
};

const source = readdirSync(join(root, 'src/slack'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'src/slack', file), 'utf8'))
  .join('\n');
const found = (pattern: RegExp) =>
  [...new Set([...source.matchAll(pattern)].map(([, name]) => name ?? ''))].sort();
const called = found(/\bclient\s*\.([a-z]+(?:\.[a-zA-Z]+)+)\(/g);
const listenedTo = found(/\.event\('([^']+)'/g);
const bot = manifest.oauth_config?.scopes?.bot ?? [];

describe('the manifest', () => {
  it('asks for the scopes of the calls, the events and the command, and for no more', () => {
    expect(called).toEqual(Object.keys(SCOPES_OF_METHODS));
    const needed = [
      'commands',
      ...called.flatMap((method) => SCOPES_OF_METHODS[method] ?? []),
      ...Object.values(EVENTS).map(({ scope }) => scope),
    ];
    expect([...bot].sort()).toEqual([...new Set(needed)].sort());
    expect(manifest.oauth_config?.scopes?.user).toBeUndefined();
  });

  it('subscribes to the events that are listened to', () => {
    const subscribed = manifest.settings?.event_subscriptions?.bot_events ?? [];
    expect([...subscribed]).toEqual(Object.keys(EVENTS));
    expect(Object.values(EVENTS).map(({ type }) => type)).toEqual(listenedTo);
  });

  it('has the command, escaped, and lets buttons be pressed', () => {
    expect(manifest.features?.slash_commands).toMatchObject([{ command: COMMAND, should_escape: true }]);
    expect(manifest.settings?.interactivity?.is_enabled).toBe(true);
    expect(manifest.features?.shortcuts).toBeUndefined();
  });

  it('sends everything to the path that is served', () => {
    const urls = [
      manifest.settings?.event_subscriptions?.request_url,
      manifest.settings?.interactivity?.request_url,
      ...(manifest.features?.slash_commands ?? []).map(({ url }) => url),
    ];
    expect(urls.map((url) => new URL(url ?? '').pathname)).toEqual([EVENTS_PATH, EVENTS_PATH, EVENTS_PATH]);
  });

  it('lets people write to the app, and never rotates the token', () => {
    expect(manifest.features?.app_home).toMatchObject({
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
    expect(manifest.settings).toMatchObject({ token_rotation_enabled: false, socket_mode_enabled: false });
  });

  it("has no field that Slack's own type does not have", () => {
    expect(flawsOf(manifest)).toBe('');
    const misspelt = { ...manifest, settings: { ...manifest.settings, token_rotation: false } };
    expect(flawsOf(misspelt)).toMatch(/token_rotation\W+ does not exist/);
  });

  it("keeps to Slack's limits", () => {
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description?.length).toBeLessThanOrEqual(140);
  });
});

/** What the compiler says about it as a literal of Slack's type, which the file itself cannot be. */
function flawsOf(checked: Manifest): string {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'manifest-'));
  const file = join(folder, 'manifest.ts');
  const type = "import type { AppsManifestValidateArguments } from '@slack/web-api';";
  writeFileSync(
    file,
    `${type}\nexport const manifest = ${JSON.stringify(checked)} satisfies AppsManifestValidateArguments['manifest'];`,
  );
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--types',
    'node',
  ];
  try {
    return execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, file], {
      encoding: 'utf8',
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
