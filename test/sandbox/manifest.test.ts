import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { readManifest } from '../../sandbox/manifest.ts';

async function fileWith(text: string): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'manifest.yml');
  await writeFile(file, text);
  return pathToFileURL(file);
}

it('takes what Slack knows of the app from the manifest that is imported there', async () => {
  const { scopes, subscriptions } = await readManifest();
  expect(scopes).toContain('chat:write');
  expect(subscriptions).toContain('message.im');
});

it('reads shortcuts and commands, where there are any', async () => {
  const manifest = `
features:
  slash_commands:
    - { command: /tell, url: 'https://a.com', description: Tells, should_escape: true }
  shortcuts:
    - { name: Mirror thread, type: message, callback_id: mirror_thread, description: Mirrors it }
oauth_config: { scopes: { bot: [commands] } }
settings: { event_subscriptions: { bot_events: [message.im] } }`;
  expect(await readManifest(await fileWith(manifest))).toEqual({
    scopes: ['commands'],
    subscriptions: ['message.im'],
    shortcuts: [{ name: 'Mirror thread', type: 'message', callback_id: 'mirror_thread' }],
    commands: ['/tell'],
  });
});

it('does not take something else for a manifest', async () => {
  await expect(readManifest(await fileWith('features: {}'))).rejects.toThrow('oauth_config');
});
