import { appMessage } from '../app-messages.ts';
import { isFields } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Fields } from '../shapes.ts';
import type { Upload } from '../uploads.ts';
import { joinedChannel, type Methods, optionalText, refusal, requiredText, SlackError } from './method.ts';

/** Files as an app sends them: declared, uploaded, completed. The older `files.upload` is gone. */
export const FILES: Methods = {
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run(args, { uploads, responseUrls }) {
      const filename = requiredText(args, 'filename');
      const length = Number(requiredText(args, 'length'));
      if (!Number.isInteger(length) || length <= 0) throw refusal('invalid_arguments', ['[ERROR] length']);
      const { id, path } = uploads.declare(filename, length);
      return { upload_url: responseUrls.baseUrl + path, file_id: id };
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run(args, parts) {
      const completed = filesIn(args).map((file) => uploaded(file, parts));
      const id = optionalText(args, 'channel_id');
      // Shared with nobody, only the app has it.
      const channel = id === undefined ? undefined : joinedChannel(id, parts);
      for (const { upload, title } of completed) Object.assign(upload, { isCompleted: true, title });
      const files = completed.map(({ upload }) => shownFile(upload, parts));
      if (channel) {
        const text = optionalText(args, 'initial_comment') ?? '';
        const message = parts.workspace.add({
          ...appMessage(parts.workspace, channel.id, { text }),
          subtype: 'file_share',
          files,
        });
        void parts.feed.posted(message);
      }
      return { files };
    },
  },
};

function filesIn({ files }: Fields): readonly Fields[] {
  if (Array.isArray(files) && files.length > 0 && files.every(isFields)) return files;
  throw refusal('invalid_arguments', ['[ERROR] missing required field: files']);
}

/** @throws SlackError for one that is not there, was not uploaded, or was completed before. */
function uploaded(file: Fields, { uploads }: Parts): { upload: Upload; title: string } {
  const upload = uploads.find(String(file.id));
  if (!upload?.content || upload.isCompleted) throw new SlackError('file_not_found');
  return { upload, title: String(file.title ?? upload.filename) };
}

function shownFile({ id, filename, title, length }: Upload, { workspace }: Parts): Fields {
  const { team, app } = workspace;
  return {
    id,
    name: filename,
    title,
    filetype: filename.split('.').at(-1),
    pretty_type: filename.split('.').at(-1)?.toUpperCase(),
    size: length,
    user: app.user_id,
    permalink: `https://${team.domain}.slack.com/files/${app.user_id}/${id}/${encodeURIComponent(filename)}`,
  };
}
