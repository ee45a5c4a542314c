import { describe, expect, it } from 'vitest';
import { ALL_SCOPES } from '../../../sandbox/slack/server.ts';
import { errorOf } from './error-of.ts';
import { standIn } from './stand-in.ts';

const TEXT = 'name\r\nZoë\r\n';
const LENGTH = Buffer.byteLength(TEXT);

async function start() {
  const { slack, client } = await standIn();
  const declare = async (length = LENGTH) => {
    const { upload_url = '', file_id = '' } = await client.files.getUploadURLExternal({
      filename: 'all.csv',
      length,
    });
    return { url: upload_url, id: file_id };
  };
  const put = async (url: string, body = TEXT) => (await fetch(url, { method: 'POST', body })).status;
  const complete = (id: string, channel_id: string) =>
    client.files.completeUploadExternal({ files: [{ id, title: 'All of them' }], channel_id });
  return { slack, client, declare, put, complete };
}

describe('a file that the app sends to the stand-in Slack', () => {
  it('is declared, uploaded and completed, and stands in the conversation then', async () => {
    const { slack, declare, put, complete } = await start();
    const { url, id } = await declare();
    expect(await put(url)).toBe(200);
    expect(slack.fileText(id)).toBeUndefined();
    await complete(id, slack.dmOf('U0ADA'));
    expect(slack.fileText(id)).toBe(TEXT);
    expect(slack.messages(slack.dmOf('U0ADA'))).toMatchObject([
      {
        subtype: 'file_share',
        bot_id: 'B0BRIDGE',
        files: [{ id, name: 'all.csv', title: 'All of them', size: LENGTH }],
      },
    ]);
  });

  it('is taken by the client’s own way of doing it, too', async () => {
    const { slack, client } = await start();
    await client.filesUploadV2({
      channel_id: slack.dmOf('U0ADA'),
      file: Buffer.from(TEXT),
      filename: 'all.csv',
    });
    const [message] = slack.messages(slack.dmOf('U0ADA'));
    expect(slack.fileText(String(message?.files?.[0]?.id))).toBe(TEXT);
  });

  it('has just the bytes that were declared, and goes where that was said', async () => {
    const { declare, put } = await start();
    const { url } = await declare(LENGTH + 1);
    expect(await put(url)).toBe(400);
    expect(await put(`${url}X`)).toBe(404);
  });

  it('is completed once, and not before it is there', async () => {
    const { slack, declare, put, complete } = await start();
    const { url, id } = await declare();
    const dm = slack.dmOf('U0ADA');
    expect(await errorOf(complete(id, dm))).toBe('file_not_found');
    await put(url);
    await complete(id, dm);
    expect(await errorOf(complete(id, dm))).toBe('file_not_found');
    expect(await put(url)).toBe(400);
    expect(slack.messages(dm)).toHaveLength(1);
  });

  it.each([
    ['C0RANDOM', 'not_in_channel'],
    ['G0CLOSED', 'channel_not_found'],
    ['U0ADA', 'channel_not_found'],
  ])('is shown in a conversation of the app, and %s is none', async (channel, error) => {
    const { slack, declare, put, complete } = await start();
    const { url, id } = await declare();
    await put(url);
    expect(await errorOf(complete(id, channel))).toBe(error);
    expect(slack.fileText(id)).toBeUndefined();
  });

  it('needs a name, a length and the scope', async () => {
    const { client } = await start();
    expect(await errorOf(client.files.getUploadURLExternal({ filename: 'a', length: 0 }))).toBe(
      'invalid_arguments',
    );
    expect(await errorOf(client.files.completeUploadExternal({ files: [] as never }))).toBe(
      'invalid_arguments',
    );
    const scopes = ALL_SCOPES.filter((scope) => scope !== 'files:write');
    const without = (await standIn({ scopes })).client;
    expect(await errorOf(without.files.getUploadURLExternal({ filename: 'a', length: 1 }))).toBe(
      'missing_scope',
    );
  });
});
