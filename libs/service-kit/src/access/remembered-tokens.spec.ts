import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet } from 'jose';
import { RememberedTokens } from './remembered-tokens.js';

const keys = createLocalJWKSet({ keys: [] });
const START_MS = 1_700_000_000_000;
const payload = (seconds: number) => ({ sub: 'officer', exp: START_MS / 1_000 + seconds });

function remembering() {
  let ms = START_MS;
  const tokens = new RememberedTokens(() => ms);
  return { tokens, pass: (some: number) => void (ms += some) };
}

describe('tokens that were found good', () => {
  it('are remembered for five seconds', () => {
    const { tokens, pass } = remembering();
    tokens.remember('a', keys, payload(600));
    pass(4_999);
    expect(tokens.find('a', keys)).toEqual(payload(600));
    expect(tokens.find('b', keys)).toBeUndefined();
    pass(1);
    expect(tokens.find('a', keys)).toBeUndefined();
  });

  it('are never remembered beyond their own end', () => {
    const { tokens, pass } = remembering();
    tokens.remember('a', keys, payload(2));
    pass(1_999);
    expect(tokens.find('a', keys)).toBeDefined();
    pass(1);
    expect(tokens.find('a', keys)).toBeUndefined();
    tokens.remember('b', keys, payload(-1));
    expect(tokens.find('b', keys)).toBeUndefined();
  });

  it('are checked again once other keys are published', () => {
    const { tokens } = remembering();
    tokens.remember('a', keys, payload(600));
    expect(tokens.find('a', createLocalJWKSet({ keys: [] }))).toBeUndefined();
  });

  it('are a thousand at most', () => {
    const { tokens } = remembering();
    for (let n = 0; n <= 1_000; n += 1) tokens.remember(String(n), keys, payload(600));
    expect(tokens.find('0', keys)).toBeUndefined();
    expect(tokens.find('1', keys)).toBeDefined();
    expect(tokens.find('1000', keys)).toBeDefined();
  });
});
