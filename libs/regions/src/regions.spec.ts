import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COUNTRY, parseRegionCode } from '@fangpin/domain-kit';
import {
  childrenOf,
  findRegion,
  findTownshipByName,
  fullName,
  isSpecialUnit,
  regionName,
  townshipsOf,
  unitKind,
  villagesOf,
} from './index.js';

const code = (text: string) => parseRegionCode(text);
const yongren = code('532327');
const yanshan = code('532622');
const lincang = code('5309');

describe('a region by its code', () => {
  it('has its name, level and parent', () => {
    expect(findRegion(code('53'))).toEqual({ code: '53', name: '云南省', level: 'province', parent: '00' });
    expect(findRegion(code('5323'))).toMatchObject({ name: '楚雄彝族自治州', level: 'prefecture', parent: '53' });
    expect(findRegion(yongren)).toMatchObject({ name: '永仁县', level: 'county', parent: '5323' });
    expect(findRegion(code('532327101'))).toMatchObject({ name: '永定镇', level: 'township', parent: '532327' });
    expect(findRegion(COUNTRY)).toEqual({ code: '00', name: '全国', level: 'country' });
  });

  it('is read in full from the province down', () => {
    expect(fullName(code('532327101'))).toBe('云南省楚雄彝族自治州永仁县永定镇');
    const [village] = villagesOf(code('532327101'));
    expect(village && fullName(village.code)).toBe(`云南省楚雄彝族自治州永仁县永定镇${village?.name}`);
  });

  it('is unknown when no list holds it, at every level', () => {
    for (const unknown of ['99', '5399', '532399', '532327999', '532327101999', '532327101001001'])
      expect([regionName(code(unknown)), findRegion(code(unknown)), fullName(code(unknown))]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
  });
});

describe('the areas below', () => {
  it('are the next level only', () => {
    expect(childrenOf(COUNTRY)).toHaveLength(31);
    expect(childrenOf(code('53')).map(({ level }) => level)).toEqual(Array(16).fill('prefecture'));
    expect(childrenOf(lincang)).toHaveLength(8);
    expect(childrenOf(yongren)[0]).toMatchObject({ level: 'township', parent: '532327' });
    const [village] = childrenOf(code('532327101'));
    expect(village).toMatchObject({ level: 'village', parent: '532327101' });
    expect(village && childrenOf(village.code)).toEqual([]);
  });

  it('of a prefecture without counties are its townships', () => {
    const dongguan = code('441900');
    expect(dongguan).toBe('4419');
    expect(childrenOf(dongguan).map(({ name }) => name)).toContain('虎门镇');
    expect(findRegion(code('441900121'))).toMatchObject({ name: '虎门镇', parent: '4419' });
    expect(fullName(code('441900121'))).toBe('广东省东莞市虎门镇');
  });

  it('of Yongren are 7 townships and 63 villages', () => {
    expect(townshipsOf(yongren)).toHaveLength(7);
    expect(villagesOf(yongren)).toHaveLength(63);
    expect(villagesOf(yongren).every((village) => village.code.length === 12)).toBe(true);
  });

  it('of Lincang are 84 townships, of which 7 special units leave the 77 of its plan', () => {
    const all = townshipsOf(lincang);
    expect([all.length, all.filter((township) => !isSpecialUnit(township.code)).length]).toEqual([84, 77]);
  });

  it('are not listed as villages for a whole prefecture', () => {
    expect(() => villagesOf(lincang)).toThrow(/by county or township/);
  });

  it('of a county are the villages of its townships together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...childrenOf(code('53')).flatMap((prefecture) => childrenOf(prefecture.code))),
        (county) => {
          const townships = townshipsOf(county.code);
          expect(townships.flatMap((township) => villagesOf(township.code))).toEqual(villagesOf(county.code));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the kind of a unit', () => {
  it('is read from its digits', () => {
    expect([...new Set(townshipsOf(yongren).map((township) => unitKind(township.code)))]).toEqual(['town', 'township']);
    expect(unitKind(yongren)).toBeUndefined();
    const kinds = villagesOf(yanshan).map((village) => unitKind(village.code));
    expect([
      kinds.filter((kind) => kind === 'village').length,
      kinds.filter((kind) => kind === 'community').length,
    ]).toEqual([86, 22]);
  });

  it('makes a village of a state farm special, too', () => {
    const farm = townshipsOf(lincang).find((township) => isSpecialUnit(township.code));
    expect(farm && villagesOf(farm.code).every((village) => isSpecialUnit(village.code))).toBe(true);
    expect(isSpecialUnit(yongren)).toBe(false);
  });
});

describe('a township by its name', () => {
  it('is found as listed, without the name of a people, and without its suffix', () => {
    expect(findTownshipByName(yongren, '永兴傣族乡')?.code).toBe(findTownshipByName(yongren, '永兴乡')?.code);
    expect(findTownshipByName(yanshan, '盘龙乡')?.name).toBe('盘龙彝族乡');
    expect(findTownshipByName(yongren, ' 永定 ')?.name).toBe('永定镇');
  });

  it('is not guessed', () => {
    for (const name of ['', '乡', '永', '昆明市', '蚌蛾乡']) expect(findTownshipByName(yanshan, name)).toBeUndefined();
  });
});
