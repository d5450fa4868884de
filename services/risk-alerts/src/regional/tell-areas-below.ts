import { partName, percent } from './area-words.js';
import type { RegionalAlert } from './regional-alert.js';
import { isMunicipality } from './areas.js';
import type { AreaBelow, AreasBelow } from './areas-below.responses.js';

/** So many areas are named in the paragraph; `below` has them all. */
const MOST_NAMED = 10;
const STATE_WORDS: Readonly<Record<string, string>> = { open: '预警中', eased: '已缓解', ended: '已解除' };

/** The sentences of the explanation that name the areas below which carry the warning, and those that nothing is known of. */
export function whoCarriesIt({ area }: RegionalAlert, { areas, notHeld }: AreasBelow, withinDays: number): string {
  const unit = partName(area);
  const asOf = `（按各${isMunicipality(area) ? unit : '县'}最近一次统计）`;
  const carrying = areas.filter(({ carries }) => carries).map((one) => oneOf(one, withinDays));
  const touched = areas.filter(({ households }) => households > 0).map((one) => oneOf(one, withinDays));
  const who =
    carrying.length > 0
      ? `主要集中在${named(carrying, unit)}${asOf}。`
      : touched.length > 0
        ? `涉及${named(touched, unit)}${asOf}。`
        : '';
  const names = notHeld.map(({ name }) => name);
  return `${who}${names.length === 0 ? '' : `${named(names, unit)}不在本系统内，未计入。`}`;
}

function oneOf({ name, households, ofHouseholds, limit, state, withinDays }: AreaBelow, usualDays: number): string {
  const notes = [
    `占${percent(households / ofHouseholds)}`,
    `分担线${limit.open}户、缓解线${limit.ease}户`,
    ...(state === null ? [] : [STATE_WORDS[state] ?? '']),
    ...(withinDays === null || withinDays === usualDays ? [] : [`按${withinDays}天统计`]),
  ];
  return `${name}${households}户（${notes.join('，')}）`;
}

function named(names: readonly string[], unit: string): string {
  const first = names.slice(0, MOST_NAMED).join('、');
  return names.length > MOST_NAMED ? `${first}等${names.length}个${unit}` : first;
}
