import { describe, expect, it } from 'vitest';
import { relayLabel } from '../../src/bridge/mirror-words.ts';

describe('the name of whoever the bridge speaks for', () => {
  it('stands before their words', () => {
    expect(relayLabel('Alan Turing')).toBe('Alan Turing (in Slack): ');
  });

  it('is one short line, whatever they call themselves', () => {
    expect(relayLabel(' Alan\n\nTuring ')).toBe('Alan Turing (in Slack): ');
    expect(relayLabel('x'.repeat(10_000)).length).toBeLessThan(200);
  });
});
