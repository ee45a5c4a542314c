import { describe, expect, it } from 'vitest';
import { WatchedBody } from '../../src/chatter/watched-body.ts';
import { noWatch } from './org.ts';

describe('a watched body', () => {
  it('gives all its bytes in two parts', async () => {
    const body = new WatchedBody('naïve', noWatch);
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(part);
    expect(parts).toHaveLength(2);
    expect(Buffer.concat(parts).toString()).toBe('naïve');
    expect(body.bytesOut).toBe(body.length);
  });

  it('counts a part before it is handed over', async () => {
    const body = new WatchedBody('0123456789', noWatch);
    for await (const _part of body) {
      expect(body.bytesOut).toBe(5);
      break;
    }
  });

  it('hands over nothing more once it is sealed', async () => {
    const body = new WatchedBody('0123456789', noWatch);
    const parts = body[Symbol.asyncIterator]();
    await parts.next();
    body.seal();
    await expect(parts.next()).rejects.toThrow('the request is over');
    expect(body.bytesOut).toBe(5);
  });
});
