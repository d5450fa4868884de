/**
 * The areas that a notice speaks of: those named where it says what is to come, not those named where it says how much has
 * fallen (过去1小时我县庙街镇降雨量40.8毫米). Names stand at the beginning of a clause: 预计未来6小时，丽江、大理将受大风影响.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import { leadingPlaces, type PlaceNote } from '@fangpin/regions';
import { TIME_WORDS } from './chinese-time.js';

export interface NamedAreas {
  readonly regions: readonly RegionCode[];
  readonly unresolved: readonly string[];
  readonly notes: readonly PlaceNote[];
}

const DAYTIME = '(?:今[天日晚夜晨]|明[天日晚晨]|后天|白天|夜间|夜里|凌晨|早晨|上午|中午|下午|傍晚|前?半夜|后半夜)';
const SPAN = '(?:未来|今后)?\\d{1,3}(?:[~～—-]\\d{1,3})?个?(?:小时|天|分钟|日|时)';
const LEAD_INS = `\\d[.．、]|过去|预计|预测|预报|从|自|在|于|其中|主要|包括|涉及|影响|集中在|位于|${DAYTIME}(?:到|至)?|${SPAN}|未来|今后|${TIME_WORDS}`;
const LEAD_IN = new RegExp(`^(?:${LEAD_INS})`);
const MORE_LEAD_IN = new RegExp(`^(?:${LEAD_INS}|起|开始|以?[前后内]|之[前后内]|间|[到至~～—-])`);
const PAST = /过去|截[至止]|已(?:经)?(?:出现|达|降)|前\d{1,2}小时|昨[天日夜]|实况/;
const TO_COME = /预计|预报|未来|今后|将|可能|仍/;
const ADVICE = /^(?:请|建议|注意|提醒|受|根据|考虑|目前|望)/;
/** 上述乡镇降雨仍将持续: where it has fallen it goes on. */
const SAID_BEFORE = /上述|以上(?:地区|区域|乡镇|县市)/;
/** The last of a list, up to the verb. */
const LAST_ITEM = /^[^、]{1,8}?(?=等地|将|有|仍|可能|还|会|出现|受|维持|发生)/;
const ITEM = /^[^、]{1,10}(?=、)/;
const MAX_SKIPPED = 5;

export function namedAreas(text: string, within: RegionCode): NamedAreas {
  const regions = new Set<RegionCode>();
  const unresolved = new Set<string>();
  const notes = new Map<string, PlaceNote>();
  const fallen = new Set<RegionCode>();
  let past = false;
  for (const clause of text.split(/[，,：:]/)) {
    if (TO_COME.test(clause)) past = false;
    else if (PAST.test(clause)) past = true;
    if (past) for (const region of listAt(withoutLeadIn(clause, within), within).regions) fallen.add(region);
    if (past || ADVICE.test(clause.trim())) continue;
    if (SAID_BEFORE.test(clause)) for (const region of fallen) regions.add(region);
    const found = listAt(withoutLeadIn(clause, within), within);
    for (const region of found.regions) regions.add(region);
    for (const words of found.unresolved) unresolved.add(words);
    for (const note of found.notes) notes.set(note.text, note);
  }
  return { regions: [...regions], unresolved: [...unresolved], notes: [...notes.values()] };
}

/** The list of places at the beginning of a clause; an item that names none does not hide those after it. */
function listAt(clause: string, within: RegionCode): NamedAreas {
  const regions: RegionCode[] = [];
  const notes: PlaceNote[] = [];
  const unresolved: string[] = [];
  let skipped: string[] = [];
  let rest = clause;
  while (skipped.length <= MAX_SKIPPED) {
    const found = leadingPlaces(rest, { within });
    if (found.regions.length > 0) {
      unresolved.push(...skipped.splice(0));
      regions.push(...found.regions);
      notes.push(...found.notes);
      if (!found.rest.startsWith('、')) break;
      rest = found.rest.slice(1);
    } else {
      const item = ITEM.exec(rest)?.[0];
      if (item === undefined) {
        const last = regions.length > 0 || skipped.length > 0 ? LAST_ITEM.exec(rest)?.[0] : undefined;
        if (last !== undefined) skipped.push(last);
        break;
      }
      skipped = [...skipped, item];
      rest = rest.slice(item.length + 1);
    }
  }
  // Without any place it was a list of something else: 雷电、大风、冰雹.
  return { regions, unresolved: regions.length > 0 ? [...unresolved, ...skipped] : [], notes };
}

/** Words of time and the like before a list; a place is never cut into (从江, 前进镇). */
function withoutLeadIn(clause: string, within: RegionCode): string {
  let rest = clause.trim();
  for (let words = LEAD_IN; leadingPlaces(rest, { within }).regions.length === 0; words = MORE_LEAD_IN) {
    const found = words.exec(rest)?.[0] ?? '';
    if (found === '') return rest;
    rest = rest.slice(found.length).trimStart();
  }
  return rest;
}
