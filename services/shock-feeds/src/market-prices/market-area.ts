/** Which area a market's price speaks for: the country, or the province, prefecture or county of the market's name. */
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { childrenOf, regionName } from '@fangpin/regions';

const NATIONAL = new Set(['全国', '中国', '全国均价', '全国平均', '国家']);
const SUFFIX = /(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/;

let byName: ReadonlyMap<string, RegionCode> | undefined;

/** The area, or `undefined` for a single market place (新发地): its fall is recorded and endangers no known area. */
export function marketArea(market: string): RegionCode | undefined {
  if (NATIONAL.has(market)) return COUNTRY;
  byName ??= namedAreas();
  return byName.get(market);
}

/** Names that stand for one area only: 鼓楼区 is many. */
function namedAreas(): ReadonlyMap<string, RegionCode> {
  const names = new Map<string, RegionCode>();
  const twice = new Set<string>();
  const add = (name: string, code: RegionCode): void => {
    if (names.has(name)) twice.add(name);
    else names.set(name, code);
  };
  for (const province of childrenOf(COUNTRY)) {
    add(province.name, province.code);
    const short = province.name.replace(SUFFIX, '');
    if (short !== province.name) add(short, province.code);
    for (const prefecture of childrenOf(province.code)) {
      // 市辖区 is a heading of the lists, no place.
      if (!/辖/.test(prefecture.name)) add(prefecture.name, prefecture.code);
      for (const county of childrenOf(prefecture.code))
        if (county.code.length === 6 && regionName(county.code) !== undefined) add(county.name, county.code);
    }
  }
  for (const name of twice) names.delete(name);
  return names;
}
