import { PART_NAMES, percent } from './area-words.js';
import type { RegionalAlert } from './regional-alert.js';
import type { AreaBelow, AreasBelow } from './regional-alert.responses.js';

/** So many areas are named in the paragraph; `below` has them all. */
const MOST_NAMED = 10;
const STATE_WORDS: Readonly<Record<string, string>> = { open: '预警中', eased: '已缓解', ended: '已解除' };

/** The sentences of the explanation that name the areas below which carry the warning, and those that nothing is known of. */
export function whoCarriesIt({ area }: RegionalAlert, { areas, notHeld }: AreasBelow, withinDays: number): string {
  const touched = areas.filter(({ households }) => households > 0);
  const carrying = touched.filter(({ carries }) => carries);
  const told = (carrying.length > 0 ? carrying : touched).slice(0, MOST_NAMED);
  const unit = PART_NAMES[area.level];
  const count = carrying.length > 0 ? carrying.length : touched.length;
  const more = count > told.length ? `等${count}个${unit}` : '';
  return [
    told.length === 0
      ? ''
      : `${carrying.length > 0 ? '主要由' : '涉及'}${told.map((one) => oneOf(one, withinDays)).join('、')}${more}${carrying.length > 0 ? '分担' : ''}（按各县最近一次统计）。`,
    notHeld.length === 0
      ? ''
      : `${named(
          notHeld.map(({ name }) => name),
          unit,
        )}不在本系统内，未计入。`,
  ].join('');
}

function oneOf({ name, households, share, state, withinDays }: AreaBelow, usualDays: number): string {
  const notes = [
    `占${percent(share)}`,
    ...(state === null ? [] : [STATE_WORDS[state] ?? '']),
    ...(withinDays === null || withinDays === usualDays ? [] : [`按${withinDays}天统计`]),
  ];
  return `${name}${households}户（${notes.join('，')}）`;
}

function named(names: readonly string[], unit: string): string {
  const first = names.slice(0, MOST_NAMED).join('、');
  return names.length > MOST_NAMED ? `${first}等${names.length}个${unit}` : first;
}
