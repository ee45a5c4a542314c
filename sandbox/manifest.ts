import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Shortcut } from './slack/shapes.ts';

const Manifest = z.object({
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string() })).default([]),
    shortcuts: z
      .array(z.object({ name: z.string(), type: z.enum(['message', 'global']), callback_id: z.string() }))
      .default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** What Slack knows of the app from its manifest: what it may do, what it hears of, what it offers people. */
export interface DeclaredApp {
  readonly scopes: readonly string[];
  readonly subscriptions: readonly string[];
  readonly shortcuts: readonly Shortcut[];
  readonly commands: readonly string[];
}

/** Reads the manifest that an administrator imports into Slack. @throws when it is not one. */
export async function readManifest(file = new URL('../manifest.yml', import.meta.url)): Promise<DeclaredApp> {
  const { features, oauth_config, settings } = Manifest.parse(parse(await readFile(file, 'utf8')));
  return {
    scopes: oauth_config.scopes.bot,
    subscriptions: settings.event_subscriptions.bot_events,
    shortcuts: features.shortcuts,
    commands: features.slash_commands.map(({ command }) => command),
  };
}
