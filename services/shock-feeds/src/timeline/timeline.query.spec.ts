import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import { readWindow } from './timeline.query.js';

const NOW = new Date('2026-07-31T20:00:00Z');
const asked = (over: object) => readWindow({ region: '532327', ...over }, NOW);

describe('the days that a timeline is asked for', () => {
  it('are whole days of Beijing time, the last 31 unless told otherwise', () => {
    expect(asked({})).toEqual({
      region: '532327',
      from: new Date('2026-07-02T00:00:00+08:00'),
      until: new Date('2026-08-02T00:00:00+08:00'),
    });
    expect(asked({ from: '2026-07-18', to: '2026-07-18' })).toMatchObject({
      from: new Date('2026-07-18T00:00:00+08:00'),
      until: new Date('2026-07-19T00:00:00+08:00'),
    });
  });

  it.each([
    [{ from: '2026-07-19', to: '2026-07-18' }],
    [{ from: '2026-02-30' }],
    [{ to: 'yesterday' }],
    [{ from: '2020-01-01', to: '2026-07-18' }],
  ])('are refused when they are none: %j', (over) => {
    expect(() => asked(over)).toThrow(InvalidFields);
  });
});
