import { describe, expect, it } from 'vitest';
import { readSource, toCharacters } from '../../../scripts/generate-emoji.ts';
import { emojiToUnicode, readEmoji } from '../../../src/slack/text/emoji.ts';

const SOURCE = readSource();

describe('emojiToUnicode', () => {
  it.each([
    ['wave', [], '👋'],
    ['thumbsup', [], '👍'],
    ['+1', [4], '👍🏽'],
    ['flag-de', [], '🇩🇪'],
    ['de', [], '🇩🇪'],
    ['woman-shrugging', [], '🤷‍♀️'],
    ['woman-shrugging', [6], '🤷🏿‍♀️'],
    ['point_up', [2], '☝🏻'],
    ['heart', [], '❤️'],
    ['tada', [3], '🎉'],
    ['handshake', [3], '🤝🏼'],
    ['handshake', [2, 6], '🫱🏻‍🫲🏿'],
    ['couple', [5, 2], '👩🏾‍🤝‍👨🏻'],
    ['people_holding_hands', [3], '🧑🏼‍🤝‍🧑🏼'],
    ['people_holding_hands', [2, 3], '🧑🏻‍🤝‍🧑🏼'],
    ['skin-tone-2', [], '🏻'],
    ['party_parrot', [], undefined],
    ['constructor', [], undefined],
  ])('%s with tones %j is %s', (name, tones, expected) => {
    expect(emojiToUnicode(name, tones)).toBe(expected);
  });

  it('knows every name of the standard set', () => {
    const wrong = SOURCE.flatMap((emoji) =>
      emoji.short_names.filter((name) => emojiToUnicode(name) !== toCharacters(emoji.unified)),
    );
    expect(wrong).toEqual([]);
  });

  it('builds every skin tone variation of the standard set', () => {
    const variations = SOURCE.flatMap((emoji) =>
      Object.entries(emoji.skin_variations ?? {}).map(([modifiers, { unified }]) => ({
        name: emoji.short_names[0] ?? '',
        tones: modifiers.split('-').map((modifier) => Number.parseInt(modifier, 16) - 0x1f3fb + 2),
        expected: toCharacters(unified),
      })),
    );
    expect(variations.length).toBeGreaterThan(1_800);
    const wrong = variations.filter(({ name, tones, expected }) => emojiToUnicode(name, tones) !== expected);
    expect(wrong).toEqual([]);
  });
});

describe('readEmoji', () => {
  it.each([
    [':wave:', 'wave', [], 6],
    [':wave::skin-tone-4:', 'wave', [4], 19],
    [':handshake::skin-tone-2-3: x', 'handshake', [2, 3], 26],
    [':wave::tada:', 'wave', [], 6],
    [':wave::skin-tone-7:', 'wave', [], 6],
  ])('reads %j', (source, name, tones, end) => {
    expect(readEmoji(source, 0)).toEqual({ node: { kind: 'emoji', name, tones }, end });
  });

  it.each(['wave:', ':', '::', ':wave', ':WAVE:', ':party_parrot:', ':100:5', ':ab:c'])(
    'reads none in %j',
    (source) => {
      expect(readEmoji(source, 0)).toBeUndefined();
    },
  );
});
