import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describeWithSharedData } from '@fangpin/testing';
import { findRegion, isSpecialUnit, townshipsOf, unitKind, villagesOf } from './index.js';

describeWithSharedData('the lists of Yunnan and Guizhou, to the last village', (dataDir) => {
  const table = (name: string) =>
    readFileSync(join(dataDir, 'divisions', name), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));

  it('hold every prefecture and county under its name and parent', () => {
    for (const [code = '', name, parent] of [...table('prefectures.csv'), ...table('counties.csv')])
      expect(findRegion(parseRegionCode(code))).toMatchObject({ name, parent });
  });

  it('hold the same townships with the same kinds', () => {
    const expected = table('townships.csv').map(([code, name, , kind]) => `${code} ${name} ${kind}`);
    const found = ['52', '53'].flatMap((province) => townshipsOf(parseRegionCode(province)));
    expect(found.map(({ code, name }) => `${code} ${name} ${unitKind(code)}`)).toEqual(expected);
    expect(found.filter(({ code }) => isSpecialUnit(code))).toHaveLength(
      table('townships.csv').filter(([, , , kind]) => kind === 'special').length,
    );
  });

  it('hold the same villages', () => {
    const expected = table('villages.csv').map(([code, name]) => `${code} ${name}`);
    const found = table('counties.csv').flatMap(([code = '']) => villagesOf(parseRegionCode(code)));
    expect(found.map(({ code, name }) => `${code} ${name}`).sort()).toEqual(expected.sort());
  });
});
