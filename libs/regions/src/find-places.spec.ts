import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COUNTRY, parseRegionCode } from '@fangpin/domain-kit';
import { childrenOf, findPlaces, fullName, leadingPlaces, regionName, townshipsOf } from './index.js';

const code = (text: string) => parseRegionCode(text);
const yunnan = { within: code('53') };
const names = (text: string, bounds = {}) => findPlaces(text, bounds).regions.map((region) => regionName(region));
const codesOf = (notes: readonly { code: string }[]) => notes.map((note) => note.code);

describe('a list of places', () => {
  it('is read by the short names of prefectures, a part standing for the whole', () => {
    const found = findPlaces('丽江、大理、楚雄、昆明、曲靖、玉溪、红河北部、文山北部', yunnan);
    expect(found.regions).toEqual(['5307', '5329', '5323', '5301', '5303', '5304', '5325', '5326']);
    expect(found.unresolved).toEqual([]);
    expect(found.notes).toContainEqual({
      code: 'PLACE.PART_WIDENED',
      text: '“红河北部”按整个红河哈尼族彝族自治州处理',
    });
  });

  it('takes several parts of one prefecture together', () => {
    const text =
      '昭通东北部和南部、丽江东部、德宏、保山西部、临沧西部、普洱北部和东南部、红河南部、文山南部、怒江北部、西双版纳';
    const found = findPlaces(text, yunnan);
    expect(found.regions).toEqual(['5306', '5307', '5331', '5305', '5309', '5308', '5325', '5326', '5333', '5328']);
    expect(found.unresolved).toEqual([]);
  });

  it('is read by the short names of counties', () => {
    const found = findPlaces('六枝、盘州、水城、兴义、普安、晴隆、威宁、普定、关岭、安龙、册亨、兴仁', {
      within: code('52'),
    });
    expect(found.regions).toEqual(
      '520203 520281 520204 522301 522323 522324 520526 520422 520424 522328 522327 522302'.split(' '),
    );
  });

  it('gives the townships after their county, without the names of peoples', () => {
    const text =
      '漾濞县苍山西镇、漾江镇、富恒乡、太平乡、顺濞镇、平坡镇;云龙县团结乡;洱源县西山乡、炼铁乡;巍山县紫金乡;大理市太邑乡';
    for (const bounds of [yunnan, { within: code('5329') }])
      expect(names(text, bounds)).toEqual(
        '苍山西镇 漾江镇 富恒乡 太平乡 顺濞镇 平坡镇 团结彝族乡 西山乡 炼铁乡 紫金乡 太邑彝族乡'.split(' '),
      );
    expect(names('贵南县茫拉乡、茫曲镇')).toEqual(['茫拉乡', '茫曲镇']);
  });

  it('passes over what joins, counts and closes a list', () => {
    expect(names('普洱市澜沧县和西双版纳州勐海县以及永仁县永定镇、莲池乡等2个乡镇', yunnan)).toEqual(
      '澜沧拉祜族自治县 勐海县 永定镇 莲池乡'.split(' '),
    );
    expect(findPlaces('昆明和火星', yunnan)).toMatchObject({ regions: ['5301'], unresolved: ['火星'] });
  });

  it('finds counties that stand directly under a province, and those renamed since', () => {
    expect(findPlaces('海南省陵水县、文昌、神农架').regions).toEqual(['469028', '469005', '429021']);
    const renamed = findPlaces('水城县', { within: code('52') });
    expect([renamed.regions, codesOf(renamed.notes)]).toEqual([['520204'], ['PLACE.NAME_DIFFERS']]);
  });

  it('looks for a township in the bound when no county is named', () => {
    const bounds = { within: code('530927') };
    expect(names('我县单甲乡、勐董镇永和社区、勐角乡', bounds)).toEqual([
      '单甲乡',
      '永和社区居民委员会',
      '勐角傣族彝族拉祜族乡',
    ]);
    expect(findPlaces('我县大部', bounds).regions).toEqual(['530927']);
  });

  it('prefers what lies in the bound to the bound itself', () => {
    expect(findPlaces('大理、漾濞', { within: code('5329') }).regions).toEqual(['532901', '532922']);
    expect(findPlaces('大理州漾濞县', { within: code('5329') }).regions).toEqual(['532922']);
  });
});

describe('a name that is not clear', () => {
  it('is unresolved and not guessed', () => {
    expect(findPlaces('朝阳、鼓楼区、太平乡')).toMatchObject({ regions: [], unresolved: ['朝阳', '鼓楼区', '太平乡'] });
    expect(findPlaces('四川南部、火星', yunnan)).toMatchObject({ regions: [], unresolved: ['四川南部', '火星'] });
    expect(findPlaces('兴义市火星镇').unresolved).toEqual(['兴义市火星镇']);
  });

  it('is taken as the wider area where one holds the other, with a note', () => {
    const found = findPlaces('大理', yunnan);
    expect([found.regions, codesOf(found.notes)]).toEqual([['5329'], ['PLACE.WIDER_TAKEN']]);
  });

  it('is settled by the place before it', () => {
    expect(findPlaces('福建省福州市鼓楼区、台江区').regions).toEqual(['350102', '350103']);
    expect(findPlaces('南京市、鼓楼区').regions).toEqual(['3201', '320106']);
  });
});

describe('the places at the beginning of a text', () => {
  it('end where the words do', () => {
    expect(leadingPlaces('云南省德宏傣族景颇族自治州梁河县气象台发布')).toMatchObject({
      regions: ['533122'],
      rest: '气象台发布',
    });
    expect(leadingPlaces('海南省陵水县气象台')).toMatchObject({ regions: ['469028'], rest: '气象台' });
    expect(leadingPlaces('上海中心气象台')).toMatchObject({ regions: ['31'], rest: '中心气象台' });
    expect(leadingPlaces('昭通东北部和南部、文山北部将受大风影响', yunnan)).toMatchObject({
      regions: ['5306', '5326'],
      rest: '将受大风影响',
    });
    expect(leadingPlaces('目前降雨云系')).toMatchObject({ regions: [], rest: '目前降雨云系' });
  });
});

describe('the full name of a listed area', () => {
  const counties = childrenOf(COUNTRY)
    .flatMap((province) => childrenOf(province.code))
    .flatMap((prefecture) => childrenOf(prefecture.code));

  it('names itself, for every county', () => {
    const wrong = counties
      .filter(({ level }) => level === 'county')
      .filter((county) => findPlaces(fullName(county.code) ?? '').regions.join() !== county.code)
      .map((county) => fullName(county.code));
    expect(wrong).toEqual([]);
  });

  it('names itself, for any township whose name stands once in its county', () => {
    fc.assert(
      fc.property(fc.constantFrom(...counties), fc.nat(), (county, pick) => {
        const townships = townshipsOf(county.code);
        const township = townships[pick % Math.max(1, townships.length)];
        if (township === undefined || townships.filter(({ name }) => name === township.name).length > 1) return;
        expect(findPlaces(fullName(township.code) ?? '').regions).toEqual([township.code]);
      }),
    );
  });

  it('is read whatever else stands in the text', () => {
    const words = fc.constantFrom(
      '大理',
      '昆明市',
      '和',
      '、',
      '北部',
      '；',
      '我县',
      '族',
      '乡',
      '永仁',
      '县',
      '等地',
      ' ',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }),
        fc.constantFrom('00', '53', '5329', '532327', '532327101'),
        (parts, within) => {
          const { regions } = findPlaces(parts.join(''), { within: code(within) });
          expect(regions.every((region) => regionName(region) !== undefined)).toBe(true);
        },
      ),
    );
  });
});
