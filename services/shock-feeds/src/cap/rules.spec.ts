import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { findShockKind } from '@fangpin/contracts';
import { findArea as findAreaWith, outermost, type KnownRegions } from './cap-area.rule.js';
import type { CapArea } from './cap-message.js';
import { eventKind } from './event-kind.rule.js';
import { warningLevel } from './level.rule.js';

const findArea = (areas: readonly CapArea[], known: KnownRegions) => findAreaWith(areas, known, undefined);
const code = (value: string) => [{ name: 'eventType', value }];

describe('the kind of a warning', () => {
  it.each([
    ['暴雨', 'rainstorm'],
    ['永仁县气象台发布雷雨大风黄色预警', 'thunderstorm-gale'],
    ['雷暴大风', 'thunderstorm-gale'],
    ['大风', 'gale'],
    ['山洪灾害气象风险', 'flash-flood'],
    ['洪水', 'flood'],
    ['地质灾害气象风险', 'geological'],
    ['冰雹', 'hail'],
    ['道路结冰', 'icy-road'],
    ['森林火险', 'forest-fire'],
    ['Thunderstorm', 'thunderstorm'],
    ['heavy rain', 'rainstorm'],
    ['強烈季候風信號', 'gale'],
    ['颱風', 'typhoon'],
    ['FLOOD', 'flood'],
    ['Falling rocks, landslide', 'geological'],
    ['Blizzard Warning', 'snowstorm'],
    ['Wind Advisory', 'gale'],
    ['high temperature', 'heat'],
    ['Earthquake', 'earthquake'],
  ])('%s is %s', (text, kind) => {
    expect(eventKind([text], [])).toEqual({ kind, problems: [] });
    expect(findShockKind(kind)).toBeDefined();
  });

  it('comes from the national code where no word is known', () => {
    expect(eventKind(['气象预警'], code('11B15'))).toEqual({ kind: 'hail', problems: [] });
  });

  it('comes from the words where code and words differ, and says so', () => {
    expect(eventKind(['暴雨'], code('11B01'))).toMatchObject({
      kind: 'rainstorm',
      problems: [{ code: 'EVENT.CODE_DIFFERS' }],
    });
  });

  it('is other where neither is known', () => {
    expect(eventKind(['水庫洩洪'], code('constructor'))).toMatchObject({
      kind: 'other',
      problems: [{ code: 'EVENT.UNKNOWN' }],
    });
  });
});

describe('the level of a warning', () => {
  it('is the last colour of its headline', () => {
    expect(warningLevel(['将高温橙色预警信号升级为高温红色预警信号'], 'Minor')).toBe(4);
    expect(warningLevel(['暴雨蓝色预警'], 'Extreme')).toBe(1);
    expect(warningLevel(['issues a yellow warning signal [Level III]'], 'Unknown')).toBe(2);
  });

  it('is its numeral where no colour stands, then its severity', () => {
    expect(warningLevel(['地质灾害气象风险Ⅱ级预警'], 'Unknown')).toBe(3);
    expect(warningLevel(['暴雨四级预警'], 'Extreme')).toBe(1);
    expect(warningLevel(['Thunderstorm'], 'Severe')).toBe(3);
    expect(warningLevel([''], 'Blue')).toBe(1);
    expect(warningLevel([''], 'constructor')).toBe(0);
  });
});

describe('the area of a warning', () => {
  const known: KnownRegions = { has: (region) => region.startsWith('5323') };
  const area = (over: Partial<CapArea>): CapArea[] => [
    { areaDesc: 'a', polygons: [], circles: [], geocodes: [], ...over },
  ];
  const coded = (value: string, name = 'CPEAS Geographic Code') => area({ geocodes: [{ name, value }] });

  it('is its Chinese division codes, padded, joined by commas, each area once', () => {
    expect(findArea(coded('532327000000'), known)).toEqual({
      verdict: 'found',
      regions: ['532327'],
      drawn: false,
      problems: [],
    });
    expect(findArea(coded('532327101000，532327,532326', ''), known)).toMatchObject({ regions: ['532326', '532327'] });
  });

  it('names the codes that nobody knows and keeps the others', () => {
    expect(findArea(coded('532327,999999'), known)).toMatchObject({
      verdict: 'found',
      regions: ['532327'],
      problems: [{ code: 'AREA.UNKNOWN_CODE', text: '未知的区划代码：999999' }],
    });
    expect(findArea(coded('999999'), known).verdict).toBe('unusable');
  });

  it('lies abroad by its codes or by its shape', () => {
    expect(findArea(coded('530001', 'FIPS6'), known).verdict).toBe('foreign');
    expect(findArea(area({ polygons: ['46.05,9.00 46.06,9.01 46.05,9.00'] }), known).verdict).toBe('foreign');
    expect(findArea(area({ circles: ['32.9,-115.5 0'] }), known).verdict).toBe('foreign');
  });

  it('is unusable as a polygon within China while no boundaries are loaded, and without anything', () => {
    expect(findArea(area({ polygons: ['25.1,101.5 25.2,101.6 25.2,101.5 25.1,101.5'] }), known)).toMatchObject({
      verdict: 'unusable',
      problems: [{ code: 'AREA.POLYGON_WITHOUT_BOUNDARIES' }],
    });
    expect(findArea([], known)).toMatchObject({ verdict: 'unusable', problems: [{ code: 'AREA.NONE' }] });
    expect(findArea(area({ polygons: ['nonsense'] }), known)).toMatchObject({
      verdict: 'unusable',
      problems: [{ code: 'AREA.SHAPE_UNREADABLE' }, { code: 'AREA.NO_USABLE_SHAPE' }],
    });
  });

  it('leaves out what lies within another', () => {
    const codes = ['532327101', '532327', '5323', '520112', '532327101'].map((text) => parseRegionCode(text));
    expect(outermost(codes)).toEqual(['520112', '5323']);
  });
});
