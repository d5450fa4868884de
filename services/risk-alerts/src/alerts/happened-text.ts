/** The first sentence on a loss of income: what happened, when and where, and who says so. */
import { formatYuan, type RegionCode } from '@fangpin/domain-kit';
import { fullName, regionName } from '@fangpin/regions';
import { chineseDay, disasterText, epidemicText } from './chinese-words.js';
import type { ExplanationInputs } from './explanation-inputs.js';

const TOWNSHIP_DIGITS = 9;
const COUNTY_DIGITS = 6;

export function whatHappened(inputs: ExplanationInputs): string {
  const { priceFall, layOff, unsoldStock } = inputs;
  if (priceFall !== undefined) return priceFell(priceFall);
  const said = `消息来源：${inputs.shock.source}。`;
  const day = chineseDay(inputs.shock.judgedOn);
  if (layOff !== undefined) return `${day}，${laidOff(layOff)}，${said}`;
  if (unsoldStock !== undefined) return `${day}，${placesText(inputs)}一带${unsold(unsoldStock)}，${said}`;
  return `${day}，${placesText(inputs)}一带${struck(inputs)}，${said}`;
}

/** `发生冰雹灾害（橙色）`; of a forecast, that it may come. */
export function struckText({ observed, level }: ExplanationInputs['shock'], what: string): string {
  return `${observed ? '发生' : '预报可能发生'}${what}${level === null ? '' : `（${level}）`}`;
}

function priceFell(fall: NonNullable<ExplanationInputs['priceFall']>): string {
  return (
    `${chineseDay(fall.from)}以来${fall.product}价格持续下跌，从每公斤${formatYuan(fall.referenceFenPerKg)}` +
    `跌到每公斤${formatYuan(fall.latestFenPerKg)}（${chineseDay(fall.to)}）。`
  );
}

function laidOff({ regions, employer, persons, workers, share }: NonNullable<ExplanationInputs['layOff']>): string {
  const where = regions.map(({ name }) => name).join('、');
  const who = employer === null ? '的用人单位裁员' : `一家用人单位（统一社会信用代码${employer}）裁员`;
  const counted = persons === null ? '' : `${people(persons)}人`;
  // Of all who are known, nothing has to be said: each is one of them.
  const unknown =
    share === null || share >= 1 || workers === null
      ? ''
      : `，登记在那里务工的有${people(workers)}人，是哪些人还不清楚，先按平均估算`;
  return `${where}${who}${counted}${unknown}`;
}

const people = (count: number): string => count.toLocaleString('zh-CN');

function unsold(stocks: NonNullable<ExplanationInputs['unsoldStock']>): string {
  return stocks
    .map(({ product, quantityKg, offeredFenPerKg, share }) => {
      const offered = offeredFenPerKg > 0 ? `，收购价每公斤${formatYuan(offeredFenPerKg)}` : '';
      return `${product}滞销（当地约${quantityKg.toLocaleString('zh-CN')}公斤${offered}）${partOfYear(share)}`;
    })
    .join('、');
}

/** How much of a year it is, and that each grower is taken to have as much of it left. */
function partOfYear(share: number | null): string {
  if (share === null) return '';
  const percent = Math.round(share * 100);
  const part = share >= 1 ? '相当于当地一年的全部产量' : `约占当地一年产量的${percent < 1 ? '不到1' : percent}%`;
  return `，${part}，是谁家的还不清楚，先按平均估算`;
}

function struck({ shock, animalDisease }: ExplanationInputs): string {
  if (animalDisease === undefined) return struckText(shock, disasterText(shock));
  const counted = animalDisease.reported.map(
    ({ product, unit, deadHeads, culledHeads }) => `${product}死亡${deadHeads}${unit}、扑杀${culledHeads}${unit}`,
  );
  return `${struckText(shock, epidemicText(shock))}${counted.length === 0 ? '' : `，已上报${counted.join('，')}`}`;
}

/** Where what the household loses stood: fields and pens may lie in another township than the home. */
function placesText({ livelihoods, township }: ExplanationInputs): string {
  const names = livelihoods
    .filter(({ lossHighFen }) => lossHighFen > 0)
    .map(({ region }) => placeName(region.slice(0, TOWNSHIP_DIGITS) as RegionCode, township));
  return names.length === 0 ? township.name : [...new Set(names)].join('、');
}

function placeName(place: RegionCode, home: ExplanationInputs['township']): string {
  const near = place.slice(0, COUNTY_DIGITS) === home.region.slice(0, COUNTY_DIGITS);
  return (near ? regionName(place) : fullName(place)) ?? home.name;
}
