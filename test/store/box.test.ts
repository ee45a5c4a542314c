import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBox, type EncryptionKey } from '../../src/store/box.ts';

const newKey = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const old = newKey('2025');
const box = createBox([old]);

describe('a box', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
        expect(box.open(box.seal(text, context), context)).toBe(text);
      }),
    );
  });

  it('shows nothing of the text, not even that two are equal', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const sealed = box.seal(text, 'delivery-1');
        expect(sealed).not.toContain(text);
        expect(Buffer.from(sealed.split('.')[4] ?? '', 'base64url').toString('latin1')).not.toContain(text);
        expect(box.seal(text, 'delivery-1')).not.toBe(sealed);
      }),
    );
  });

  it('does not open a text that was put elsewhere', () => {
    const sealed = box.seal('lunch?', 'delivery-1');
    expect(() => box.open(sealed, 'delivery-2')).toThrow();
  });

  it('does not open with another key of the same name', () => {
    const sealed = box.seal('lunch?', 'delivery-1');
    expect(() => createBox([newKey('2025')]).open(sealed, 'delivery-1')).toThrow();
  });

  it('notices every flipped bit, in nonce, tag and text', () => {
    const sealed = box.seal('lunch?', 'delivery-1');
    const [version, id, ...parts] = sealed.split('.');
    const bytes = fc.record({ part: fc.nat(2), byte: fc.nat(1_000), bit: fc.nat(7) });
    fc.assert(
      fc.property(bytes, ({ part, byte, bit }) => {
        const buffers = parts.map((p) => Buffer.from(p, 'base64url'));
        const hit = buffers[part] as Buffer;
        const place = byte % hit.length;
        hit[place] = (hit[place] ?? 0) ^ (1 << bit);
        const changed = [version, id, ...buffers.map((b) => b.toString('base64url'))].join('.');
        expect(() => box.open(changed, 'delivery-1')).toThrow();
      }),
    );
  });

  it('takes no shortened tag', () => {
    const [version, id, nonce, tag = '', body] = box.seal('lunch?', 'delivery-1').split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => box.open([version, id, nonce, short, body].join('.'), 'delivery-1')).toThrow();
  });

  it('says which key is lacking', () => {
    const sealed = box.seal('lunch?', 'delivery-1');
    expect(() => createBox([newKey('2026')]).open(sealed, 'delivery-1')).toThrow(/2025.*ENCRYPTION_KEYS/);
  });

  it.each(['', 'lunch?', 'v2.2025.a.b.c', 'v1.2025', '{"v":1}'])(
    'refuses %j, which is nothing sealed',
    (text) => {
      expect(() => box.open(text, 'delivery-1')).toThrow();
    },
  );

  it('encrypts with the first key, and still opens what older keys sealed', () => {
    const sealedBefore = box.seal('lunch?', 'delivery-1');
    const rotated = createBox([newKey('2026'), old]);
    expect(rotated.open(sealedBefore, 'delivery-1')).toBe('lunch?');
    expect(rotated.seal('dinner?', 'delivery-2')).toMatch(/^v1\.2026\./);
  });

  it('is not made without a key', () => {
    expect(() => createBox([])).toThrow(/at least one/);
  });
});

describe('text marks', () => {
  const rotated = createBox([newKey('2026'), old]).marks;

  it('are the same for the same text and differ for others', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(box.marks.same(box.marks.mark(a), box.marks.mark(b))).toBe(a === b);
      }),
    );
  });

  it('are recognised after a key was put in front, in both directions', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(rotated.same(box.marks.mark(a), rotated.mark(b))).toBe(a === b);
        expect(rotated.same(rotated.mark(a), box.marks.mark(b))).toBe(a === b);
      }),
    );
  });

  it('mean nothing to whoever has not the key', () => {
    const other = createBox([newKey('2025')]).marks;
    expect(other.same(other.mark('lunch?'), box.marks.mark('lunch?'))).toBe(false);
    expect(box.marks.mark('lunch?')).not.toContain('lunch');
  });
});
