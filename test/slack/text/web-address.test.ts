import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webAddressesIn } from '../../../src/slack/text/web-address.ts';

const typedIn = (text: string) => webAddressesIn(text).map(({ typed }) => typed);

describe('web addresses in a text', () => {
  it.each([
    ['see https://a.example/b?c=d&e#f now', ['https://a.example/b?c=d&e#f']],
    ['HTTP://A.EXAMPLE', ['HTTP://A.EXAMPLE']],
    ['http://127.0.0.1:8080/x and\nhttps://b.example', ['http://127.0.0.1:8080/x', 'https://b.example']],
    ['Read https://a.example/b.', ['https://a.example/b']],
    ['"https://a.example/b", she said', ['https://a.example/b']],
    ['Really? https://a.example/b?!', ['https://a.example/b']],
    ['(see https://a.example/b)', ['https://a.example/b']],
    ['[https://a.example/b(c)].', ['https://a.example/b(c)']],
    ['*https://a.example/b*', ['https://a.example/b']],
    ['<https://a.example> <https://b.example/|good>', ['https://a.example', 'https://b.example/|good']],
    ['(see https://a.example/b(c)).', ['https://a.example/b(c)']],
    ['https://übung.example/grüße', ['https://übung.example/grüße']],
    ['https://good.example\u202e/moc.live', ['https://good.example']],
  ])('of %j are %j', (text, typed) => {
    expect(typedIn(text)).toEqual(typed);
  });

  it.each([
    'a.example',
    'www.a.example',
    'xhttps://a.example',
    'https://',
    'https://.',
    'https:///',
    '<https://a.example|good>',
    'javascript:alert(1)',
    'mailto:ada@corp.com',
    'slack://open',
    'file:///etc/passwd',
  ])('are not such as %j', (text) => {
    expect(typedIn(text)).toEqual([]);
  });

  it('come as a browser writes them, too', () => {
    expect(webAddressesIn('at https://übung.example/grüße ')).toEqual([
      {
        start: 3,
        typed: 'https://übung.example/grüße',
        url: 'https://xn--bung-zra.example/gr%C3%BC%C3%9Fe',
      },
    ]);
  });

  it('stand where they say, one behind the other, whatever the text', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('https://', 'http://a', '.example', '/', '(', ')', ' ', '%', '[', '@', ':1', '👩'),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (chosen) => {
        const text = chosen.join('');
        let at = 0;
        for (const { start, typed, url } of webAddressesIn(text)) {
          expect(start).toBeGreaterThanOrEqual(at);
          at = start + typed.length;
          expect(text.slice(start, at)).toBe(typed);
          expect(url).toMatch(/^https?:\/\/[!-~]+$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(['https://a.b/)', 'https://a.b ', ')', '(', '.)', 'h', 'https://', '(https://a.b'])(
    'take no long time to find in what is all %j',
    (piece) => {
      const text = `https://a.b/${piece.repeat(10_000 / piece.length)}`;
      const times = [1, 2, 3].map(() => {
        const start = performance.now();
        webAddressesIn(text);
        return performance.now() - start;
      });
      expect(Math.min(...times)).toBeLessThan(300);
    },
  );
});
