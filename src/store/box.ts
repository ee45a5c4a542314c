import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { TextMarks } from '../bridge/delivery-log.ts';
import type { TextMark } from '../bridge/pair.ts';

/** A key of `ENCRYPTION_KEYS`: 32 bytes and the name that sealed text carries. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/** Encrypts with the first key and opens with any: keys are changed by putting a new one in front. */
export interface Box {
  /** @param context where the text belongs; a sealed text that was moved elsewhere does not open. */
  seal(text: string, context: string): string;
  /** Throws when the key is unknown, or text or context were changed. */
  open(sealed: string, context: string): string;
  marks: TextMarks;
}

/** The nonce length that AES-GCM is made for. Random ones are safe for some 2^32 texts a key. */
const NONCE_BYTES = 12;
/** Said on opening too: Node would else take a tag of four bytes, which can be guessed. */
const TAG = { authTagLength: 16 };
const VERSION = 'v1';

export function createBox(keys: readonly EncryptionKey[]): Box {
  const [first] = keys;
  if (!first) throw new Error('at least one encryption key is needed');
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce, TAG).setAAD(aad(first.id, context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [
        VERSION,
        first.id,
        ...[nonce, cipher.getAuthTag(), body].map((b) => b.toString('base64url')),
      ].join('.');
    },
    open(sealed, context) {
      const [version, id, nonce, tag, body] = sealed.split('.');
      const key = id === undefined ? undefined : byId.get(id);
      if (version !== VERSION || !key || !id || nonce === undefined || tag === undefined) {
        throw new Error(`no key named ${id ?? '?'} to open a stored text with: ENCRYPTION_KEYS lacks it`);
      }
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), TAG)
        .setAAD(aad(id, context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      const text = Buffer.concat([decipher.update(Buffer.from(body ?? '', 'base64url')), decipher.final()]);
      return text.toString('utf8');
    },
    marks: createMarks(keys),
  };
}

const aad = (keyId: string, context: string): Buffer => Buffer.from(`${VERSION}\n${keyId}\n${context}`);

/** A mark carries a hash under every key, so that marks made before a key change are still recognised. */
function createMarks(keys: readonly EncryptionKey[]): TextMarks {
  const markKeys = keys.map(({ id, key }) => ({
    id,
    key: Buffer.from(hkdfSync('sha256', key, '', 'text mark', 32)),
  }));
  return {
    mark(text) {
      const hashes = markKeys.map(({ id, key }) => {
        const hash = createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
        return `${id}:${hash}`;
      });
      return hashes.join(' ') as TextMark;
    },
    same(a, b) {
      const known = new Set(a.split(' '));
      return b.split(' ').some((hash) => known.has(hash));
    },
  };
}
