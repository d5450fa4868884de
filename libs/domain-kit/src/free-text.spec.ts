import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsIdNumber, holdsPersonalNumber, tellable } from './free-text.js';

describe('a text that people type in', () => {
  it.each([
    '户主身份证11010519491231002X',
    '11010519491231002x',
    '110105 19491231 0021',
    '残疾证11010519491231002X43',
    '一代证110105491231002',
    '电话13800138000',
    '138-0013-8000打不通',
    '联系１３８００１３８０００',
    '卡号6222021234567890123',
  ])('names somebody in %j', (text) => expect(holdsPersonalNumber(text)).toBe(true));

  it.each([
    '',
    '2026-10-01至2026-11-20停水，影响12000人',
    '532327101001村受灾',
    '电话0871-63512345',
    '损失1234567890元',
    '玉米1380亩，产量13800公斤',
    'https://example.org/2026/11/20/t20261120_6012345.html',
  ])('names nobody in %j', (text) => expect(holdsPersonalNumber(text)).toBe(false));

  it('names somebody wherever in it an ID number stands', () => {
    const words = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        expect(holdsPersonalNumber(`${before}110105194912310021${after}`)).toBe(true);
      }),
    );
  });
});

describe('a value that is refused', () => {
  it('is told as it came, but for a text with the number of a person in it', () => {
    expect(['扶贫办', 5, null, undefined].map(tellable)).toEqual(['扶贫办', 5, null, undefined]);
    expect(tellable('户主电话13800138000')).toBeNull();
  });
});

describe("a sender's key", () => {
  it.each(['11010519491231002X', 'hh:110105194912310021', '户-110105194912310021-1'])('names somebody in %j', (key) =>
    expect(holdsIdNumber(key)).toBe(true),
  );

  it.each([
    'seed:532327:000001',
    '5323271010010001',
    '532327101001000001',
    '13800138000',
    'sha256:9f2c11010519491231002f',
  ])('names nobody in %j', (key) => expect(holdsIdNumber(key)).toBe(false));
});
