/** Finding a township by the name that people write, which is not always the name of the code list. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { NamedRegion } from './division-lists.js';
import { townshipsOf } from './regions.js';

/** Peoples whose names stand in names of townships: plans write 永兴乡 for 永兴傣族乡. */
const PEOPLES = (
  '蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|' +
  '高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族|' +
  '怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族|民族'
).split('|');
/** Names of autonomous areas write some peoples without 族: 伊犁哈萨克自治州. */
const WITHOUT_ZU = ['蒙古', '哈萨克', '塔吉克', '锡伯', '柯尔克孜', '维吾尔'];
const PEOPLES_BEFORE_SUFFIX = new RegExp(`(?:${PEOPLES.join('|')})+(?=乡$)`);
const PEOPLES_AT_END = new RegExp(`(?:${[...PEOPLES, ...WITHOUT_ZU].join('|')})+$`);
const SUFFIX = /(?:街道办事处|街道|镇|乡)$/;

/**
 * The township of a county by name: as listed, or without the names of peoples (永兴乡 for 永兴傣族乡), or without its
 * suffix (永定 for 永定镇). `undefined` when none or more than one would fit.
 */
export function findTownshipByName(county: RegionCode, name: string): NamedRegion | undefined {
  const townships = townshipsOf(county);
  const wanted = name.trim();
  for (const spelling of [(text: string) => text, withoutPeoples, stem]) {
    const fitting = townships.filter((township) => spelling(township.name) === spelling(wanted));
    if (fitting.length > 0) return fitting.length === 1 ? fitting[0] : undefined;
  }
  return undefined;
}

/** 永兴傣族乡 → 永兴乡. */
export function withoutPeoples(name: string): string {
  return name.replace(PEOPLES_BEFORE_SUFFIX, '');
}

/** The name of an autonomous area, already without 自治县 and the like, without its peoples: 陵水黎族 → 陵水. */
export function withoutPeoplesAtEnd(name: string): string {
  return name.replace(PEOPLES_AT_END, '');
}

function stem(name: string): string {
  return withoutPeoples(name).replace(SUFFIX, '');
}
