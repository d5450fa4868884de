import { describe, expect, it } from '@jest/globals';
import { displayWidth, tableOf } from './table.ts';

describe('a table for the terminal', () => {
  it('counts a Chinese character as two columns', () => {
    expect(displayWidth('暴露 exposed')).toBe(12);
    expect(displayWidth('（元）')).toBe(6);
  });

  it('keeps columns in line whatever the script of their cells', () => {
    const lines = tableOf(
      ['冲击', 'exposed'],
      [
        ['生猪', 4_321],
        ['hail', 12],
      ],
    ).split('\n');
    expect(lines).toEqual(['冲击  exposed', '─────────────', '生猪    4,321', 'hail       12']);
  });
});
