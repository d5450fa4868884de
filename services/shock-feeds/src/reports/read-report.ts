/** From an officer's JSON to a report. Officers' entries may carry nothing unknown: a slip in a name must not go unseen. */
import { findShockKind, findShockKindByName, levelKeys, levelNames } from '@fangpin/contracts';
import { InvalidFields, isUuid, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { outermost, type KnownRegions } from '../cap/cap-area.rule.js';
import { readCapTime } from '../cap/cap-time.js';
import { FieldReader } from './field-reader.js';
import { isAnimalDisease, readAnimalDisease } from './read-animal-disease.js';
import { readDamage, readRegion } from './read-damage.js';
import { readLayOff, readUnsoldStock, readWaterCut } from './read-market-facts.js';
import type { ShockReport } from './report.js';

const MEMBERS = [
  ...['kind', 'level', 'observed', 'regions', 'onset', 'expires', 'headline', 'source', 'damage'],
  ...['unsoldStock', 'layOff', 'waterCut', 'animalDisease', 'shockId', 'explanation'],
];
const MAX_REGIONS = 5_000;
const MAX_TEXT = 500;
const MARKET_KINDS = new Set(['unsold-stock', 'lay-off', 'price-fall']);

/** Refuses with every bad field at once (400). `now` is the moment of judgement: what was observed lies before it. */
export function readReport(body: unknown, now: Date, known: KnownRegions): ShockReport {
  const problems: FieldProblem[] = [];
  const fields = FieldReader.ofBody(body, problems);
  fields.only(MEMBERS);
  const kind = readKind(fields);
  if (kind === 'price-fall')
    fields.problem(
      'kind',
      'must not be price-fall: prices are posted to /v1/shocks/market-prices, and falls are found in them',
    );
  const level = readLevel(fields);
  const observed = fields.boolean('observed');
  const regions = readRegions(fields, known);
  const onset = readInstant(fields, 'onset');
  const expires = fields.has('expires') ? readInstant(fields, 'expires') : null;
  const headline = fields.text('headline', MAX_TEXT);
  const source = fields.text('source', MAX_TEXT);
  const damage = readDamage(fields, regions, known);
  const unsoldStock = readUnsoldStock(fields, kind);
  const layOff = readLayOff(fields, kind);
  const waterCut = readWaterCut(fields, kind);
  const animalDisease = readAnimalDisease(fields, kind, observed, regions, known);
  const shockId = readShockId(fields);
  const explanation = fields.has('explanation') ? fields.text('explanation', MAX_TEXT) : undefined;
  if (onset !== undefined && observed === true && onset > now)
    fields.problem('onset', 'must not lie in the future for what has been observed');
  if (onset && expires && expires <= onset) fields.problem('expires', 'must lie after onset');
  if (damage.length > 0 && observed === false) fields.problem('damage', 'belongs to what has been observed', null);
  if (damage.length > 0 && (MARKET_KINDS.has(kind ?? '') || isAnimalDisease(kind)))
    fields.problem('damage', 'belongs to disasters', null);
  if (explanation !== undefined && shockId === undefined)
    fields.problem('explanation', 'belongs to a report that goes on with another (shockId)', null);
  if (problems.length > 0) throw new InvalidFields(problems);
  // With no problem every member has been read. Absent ones stay away: the content is the identity of a report.
  return {
    ...{ kind, level, observed, regions, onset, expires, headline, source, damage },
    ...(unsoldStock === undefined ? {} : { unsoldStock }),
    ...(layOff === undefined ? {} : { layOff }),
    ...(waterCut === undefined ? {} : { waterCut }),
    ...(animalDisease.length === 0 ? {} : { animalDisease }),
    ...(shockId === undefined ? {} : { shockId }),
    ...(explanation === undefined ? {} : { explanation }),
  } as ShockReport;
}

function readShockId(fields: FieldReader): string | undefined {
  if (!fields.has('shockId')) return undefined;
  const value = fields.raw('shockId');
  const shockId = typeof value === 'string' ? value.toLowerCase() : '';
  return isUuid(shockId) ? shockId : fields.problem('shockId', 'must be the id of a shock');
}

function readKind(fields: FieldReader): string | undefined {
  const given = fields.raw('kind');
  const kind = typeof given === 'string' ? (findShockKind(given) ?? findShockKindByName(given)) : undefined;
  return (
    kind?.kind ?? fields.problem('kind', 'must be a known kind of shock (hail, flood, rainstorm …) or its Chinese name')
  );
}

/** `red` or `红色` (`红`); absent and `unknown` where the report states no level. */
function readLevel(fields: FieldReader): number {
  const given = fields.raw('level');
  if (given === undefined || given === null || given === 'unknown') return 0;
  for (const level of [1, 2, 3, 4] as const)
    if (given === levelKeys[level] || given === levelNames[level] || given === levelNames[level].slice(0, 1))
      return level;
  fields.problem('level', 'must be blue, yellow, orange, red or unknown');
  return 0;
}

function readRegions(fields: FieldReader, known: KnownRegions): readonly RegionCode[] {
  const list = fields.list('regions', MAX_REGIONS);
  if (list.length === 0) fields.problem('regions', 'must name at least one region');
  const codes = list.flatMap((value, i) => readRegion(fields, `regions[${i}]`, value, known) ?? []);
  return outermost(codes);
}

function readInstant(fields: FieldReader, name: string): Date | undefined {
  const value = fields.raw(name);
  const time = typeof value === 'string' ? readCapTime(value) : undefined;
  if (time === undefined || time.offsetAssumed) return fields.problem(name, 'must be a time in RFC 3339 with offset');
  return time.at;
}
