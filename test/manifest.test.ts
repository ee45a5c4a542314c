import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMAND, NOTIFY_COMMAND } from '../src/slack/payload.ts';
import { SHORTCUTS } from '../src/slack/payload-interactions.ts';
import { EVENTS_PATH } from '../src/slack/receiver.ts';

type Manifest = AppsManifestValidateArguments['manifest'];

const root = join(import.meta.dirname, '..');
const manifest: Manifest = parse(readFileSync(join(root, 'manifest.yml'), 'utf8'));

/** What each Web API method that we call needs, for what we call it on (docs.slack.dev, reference/methods). */
const SCOPES_OF_METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.getPermalink': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['im:history'],
  'conversations.info': ['channels:read', 'groups:read', 'mpim:read'],
  'conversations.members': ['channels:read', 'groups:read', 'mpim:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'reactions.add': ['reactions:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read', 'users:read.email'],
  'users.list': ['users:read', 'users:read.email'],
  'users.lookupByEmail': ['users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

/** The event that each subscription delivers, and the scope that it needs. */
const EVENTS: Readonly<Record<string, { type: string; scope?: string }>> = {
  'message.channels': { type: 'message', scope: 'channels:history' },
  'message.groups': { type: 'message', scope: 'groups:history' },
  'message.im': { type: 'message', scope: 'im:history' },
  'message.mpim': { type: 'message', scope: 'mpim:history' },
  app_home_opened: { type: 'app_home_opened' },
  channel_archive: { type: 'channel_archive', scope: 'channels:read' },
  channel_deleted: { type: 'channel_deleted', scope: 'channels:read' },
  channel_id_changed: { type: 'channel_id_changed', scope: 'channels:read' },
  channel_left: { type: 'channel_left', scope: 'channels:read' },
  channel_shared: { type: 'channel_shared', scope: 'channels:read' },
  group_archive: { type: 'group_archive', scope: 'groups:read' },
  group_deleted: { type: 'group_deleted', scope: 'groups:read' },
  group_left: { type: 'group_left', scope: 'groups:read' },
  member_left_channel: { type: 'member_left_channel', scope: 'groups:read' },
};

const source = readdirSync(join(root, 'src/slack'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'src/slack', file), 'utf8'))
  .join('\n');
const listeners = readdirSync(join(root, 'src/slack/listeners'))
  .map((file) => readFileSync(join(root, 'src/slack/listeners', file), 'utf8'))
  .join('\n');
const found = (pattern: RegExp) =>
  [...new Set([...source.matchAll(pattern)].map(([, name]) => name ?? ''))].sort();
const called = found(/\bclient\s*\.([a-z]+(?:\.[a-zA-Z]+)+)\(/g);
const bot = manifest.oauth_config?.scopes?.bot ?? [];

describe('the manifest', () => {
  it('asks for the scopes of the calls, the events, the commands and the shortcuts, and for no more', () => {
    expect(called).toEqual(Object.keys(SCOPES_OF_METHODS));
    const needed = [
      'commands',
      ...called.flatMap((method) => SCOPES_OF_METHODS[method] ?? []),
      ...Object.values(EVENTS).flatMap(({ scope }) => (scope === undefined ? [] : [scope])),
    ];
    expect([...bot].sort()).toEqual([...new Set(needed)].sort());
    expect(manifest.oauth_config?.scopes?.user).toBeUndefined();
  });

  it('subscribes to the events that are listened to', () => {
    const subscribed = manifest.settings?.event_subscriptions?.bot_events ?? [];
    expect([...subscribed]).toEqual(Object.keys(EVENTS));
    const types = [...new Set(Object.values(EVENTS).map(({ type }) => type))];
    // Each is named where it is listened to, by itself or in a list.
    expect(types.filter((type) => !new RegExp(`\\b${type}\\b`).test(listeners))).toEqual([]);
    expect(found(/\.event\('([^']+)'/g).filter((type) => !types.includes(type))).toEqual([]);
  });

  it('has the commands, escaped, and lets buttons be pressed', () => {
    expect(manifest.features?.slash_commands).toMatchObject([
      { command: COMMAND, should_escape: true },
      { command: NOTIFY_COMMAND, should_escape: true },
    ]);
    expect(manifest.settings?.interactivity?.is_enabled).toBe(true);
  });

  it('has the shortcuts that are listened to, each where it belongs', () => {
    const shortcuts = manifest.features?.shortcuts ?? [];
    expect(shortcuts.map(({ callback_id, type }) => [callback_id, type])).toEqual([
      [SHORTCUTS.mirror, 'message'],
      [SHORTCUTS.send, 'message'],
      [SHORTCUTS.compose, 'global'],
    ]);
    for (const { name, description } of shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });

  it('sends everything to the path that is served', () => {
    const urls = [
      manifest.settings?.event_subscriptions?.request_url,
      manifest.settings?.interactivity?.request_url,
      manifest.settings?.interactivity?.message_menu_options_url,
      ...(manifest.features?.slash_commands ?? []).map(({ url }) => url),
    ];
    expect(urls.map((url) => new URL(url ?? '').pathname)).toEqual(Array(5).fill(EVENTS_PATH));
  });

  it('shows a Home tab, lets people write to the app, and never rotates the token', () => {
    expect(manifest.features?.app_home).toMatchObject({
      home_tab_enabled: true,
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
