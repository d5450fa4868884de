/** How people write the name of an area: 德宏, 德宏州 or 德宏傣族景颇族自治州; 陵水县 for 陵水黎族自治县; 太平乡 for 太平彝族乡. */
import { levelOf, type RegionCode, type RegionLevel } from '@fangpin/domain-kit';
import { higherRegions } from './division-lists.js';
import { withoutPeoples, withoutPeoplesAtEnd } from './township-names.js';

/** How close a spelling is to the list: the name itself; without peoples; without its suffix; with the suffix of another rank (水城县, now 水城区). */
export type Closeness = 'listed' | 'usual' | 'stem' | 'other-suffix';
export const closenesses = ['listed', 'usual', 'stem', 'other-suffix'] as const satisfies readonly Closeness[];

export interface Spelling {
  readonly text: string;
  readonly closeness: Closeness;
}

export interface SpeltRegion extends Spelling {
  readonly code: RegionCode;
}

/** Rows of the lists that are no place of their own: 市辖区, 县, 省直辖县级行政区划. */
const LAYERS = /^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$/;
const SELF_GOVERNED = /自治([区州县旗])$/;
const MIN_STEM = 2;

let index: ReadonlyMap<string, readonly SpeltRegion[]> | undefined;

export function isLayer(name: string): boolean {
  return LAYERS.test(name);
}

/** Provinces, prefectures and counties by every spelling; made on first use, some 11,000 entries. */
export function higherRegionsBySpelling(): ReadonlyMap<string, readonly SpeltRegion[]> {
  if (index !== undefined) return index;
  const made = new Map<string, SpeltRegion[]>();
  for (const { code, name } of higherRegions().values()) {
    if (isLayer(name)) continue;
    for (const spelling of spellingsOf(name, levelOf(code)))
      made.set(spelling.text, [...(made.get(spelling.text) ?? []), { ...spelling, code }]);
  }
  return (index = made);
}

export function spellingsOf(name: string, level: RegionLevel): Spelling[] {
  const spellings = new Map<string, Closeness>([[name, 'listed']]);
  const add = (text: string, closeness: Closeness): void => {
    if ([...text].length >= MIN_STEM && !spellings.has(text)) spellings.set(text, closeness);
  };
  if (level === 'township') {
    const usual = withoutPeoples(name);
    add(usual, 'usual');
    if (usual.endsWith('街道')) [`${usual}办事处`, `${usual}办`].forEach((text) => add(text, 'usual'));
    const stem = usual.replace(/(?:街道|镇|乡|民族乡)$/, '');
    add(stem, 'stem');
    if (stem !== usual && [...stem].length >= MIN_STEM)
      ['乡', '镇', '街道'].forEach((s) => add(stem + s, 'other-suffix'));
  } else if (level === 'village') {
    const stem = name.replace(/(?:社区居民委员会|社区居委会|村民委员会|居民委员会|村委会|居委会|社区|村)$/, '');
    const kind = /社区|居/.test(name) ? ['社区', '居委会'] : ['村', '村委会'];
    if ([...stem].length >= MIN_STEM) kind.forEach((s) => add(stem + s, 'usual'));
    add(stem, 'stem');
  } else {
    const self = selfGoverned(name);
    if (self !== undefined) add(self.stem + self.rank, 'usual');
    const stem = self?.stem ?? name.replace(/(?:新区|特区|林区|地区|省|市|县|区|盟|(?<![左右中前后])旗)$/, '');
    add(stem, 'stem');
    if (level === 'county' && stem !== name && [...stem].length >= MIN_STEM)
      ['县', '市', '区'].forEach((s) => add(stem + s, 'other-suffix'));
  }
  return [...spellings].map(([text, closeness]) => ({ text, closeness }));
}

/** 陵水黎族自治县 → 陵水, 县. 东乡族自治县 has nothing before its people: the people's name is the place's. */
function selfGoverned(name: string): { stem: string; rank: string } | undefined {
  const rank = SELF_GOVERNED.exec(name)?.[1];
  if (rank === undefined) return undefined;
  const before = name.replace(SELF_GOVERNED, '');
  const stem = withoutPeoplesAtEnd(before);
  return { stem: [...stem].length < MIN_STEM ? before.replace(/族$/, '') : stem, rank };
}
