import type { WebClient } from '@slack/web-api';
import { request } from 'undici';
import { DeliveryError, refusedForGood } from '../bridge/delivery-error.ts';
import { type Ask, methodScope } from './asking.ts';
import { conversationWith } from './conversation-with.ts';

/** Sends files to people, each in their own conversation with the app. Throws DeliveryError. */
export interface Files {
  send(user: string, file: { name: string; title: string; text: string }): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Slack takes a file in three steps (docs.slack.dev, "Working with files"); one that is not completed is never seen. */
export function createFiles(client: WebClient, ask: Ask): Files {
  return {
    async send(user, { name, title, text }) {
      const bytes = Buffer.from(text, 'utf8');
      const channel = await conversationWith(client, ask, user);
      const { upload_url: url, file_id: id } = await ask(
        methodScope('files.getUploadURLExternal'),
        'read',
        () => client.files.getUploadURLExternal({ filename: name, length: bytes.length }),
      );
      if (url === undefined || id === undefined)
        throw refusedForGood('slack-no-upload', 'Slack takes no file.');
      await upload(url, bytes);
      await ask(methodScope('files.completeUploadExternal'), 'post', () =>
        client.files.completeUploadExternal({ files: [{ id, title }], channel_id: channel }),
      );
    },
  };
}

/** The address is a secret of its own: it needs no token, and gets none. */
async function upload(url: string, bytes: Buffer): Promise<void> {
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  } catch (cause) {
    throw new DeliveryError({
      retry: { kind: 'later' },
      certain: true,
      code: 'slack-upload-failed',
      sentence: 'Slack did not take the file just now.',
      cause,
    });
  }
}
