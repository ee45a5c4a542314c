import type { Ids } from './ids.ts';

/** A file on its way into Slack, or in it. */
export interface Upload {
  readonly id: string;
  readonly filename: string;
  /** As declared, in bytes. */
  readonly length: number;
  readonly path: string;
  content?: Buffer;
  isCompleted: boolean;
  title: string;
}

const UPLOAD_PATH = '/upload/v1/';

/** Files that the app uploads in Slack's three steps (Slack docs, "Working with files"). */
export class Uploads {
  readonly #ids: Ids;
  readonly #uploads = new Map<string, Upload>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  declare(filename: string, length: number): Upload {
    const id = this.#ids.next('F').toUpperCase();
    const path = `${UPLOAD_PATH}${this.#ids.next('secret')}`;
    const upload = { id, filename, length, path, isCompleted: false, title: filename };
    this.#uploads.set(id, upload);
    return upload;
  }

  isUpload(path: string): boolean {
    return path.startsWith(UPLOAD_PATH);
  }

  /** Takes the bytes. What Slack says to other bytes than were declared is not documented; here it refuses them. */
  put(path: string, content: Buffer): number {
    const upload = [...this.#uploads.values()].find((each) => each.path === path);
    if (!upload) return 404;
    if (upload.isCompleted || content.length !== upload.length) return 400;
    upload.content = content;
    return 200;
  }

  find(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }
}

/** The file in the body of an upload: as it is, or in a form, where it has a name (Slack docs show both). */
export async function uploadedBytes(body: Buffer, contentType = ''): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file === undefined || typeof file === 'string'
    ? Buffer.alloc(0)
    : Buffer.from(await file.arrayBuffer());
}
