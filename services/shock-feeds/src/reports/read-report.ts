/** From an officer's JSON to a report. Officers' entries may carry nothing unknown: a slip in a name must not go unseen. */
import {
  findProductByKey,
  findProductByName,
  findShockKind,
  findShockKindByName,
  levelKeys,
  levelNames,
} from '@fangpin/contracts';
import { contains, findRegionCode, InvalidFields, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { outermost, type KnownRegions } from '../cap/cap-area.rule.js';
import { readCapTime } from '../cap/cap-time.js';
import type { AreaDamage } from '../shocks/shock.js';
import { FieldReader } from './field-reader.js';
import type { ShockReport } from './report.js';

const MEMBERS = ['kind', 'level', 'observed', 'regions', 'onset', 'expires', 'headline', 'source', 'damage'];
const AREA_AMOUNTS = ['cropHitMu', 'cropDamagedMu', 'cropLostMu'] as const;
const HOUSE_COUNTS = ['housesCollapsed', 'housesDamaged'] as const;
const DAMAGE_MEMBERS = ['region', 'products', ...AREA_AMOUNTS, ...HOUSE_COUNTS];
const MAX_REGIONS = 5_000;
const MAX_DAMAGE = 5_000;
const MAX_TEXT = 500;
const MAX_MU = 100_000_000;
const MAX_HOUSES = 100_000_000;
const CENTIMU = 100;

/** Refuses with every bad field at once (400). `now` is the moment of judgement: what was observed lies before it. */
export function readReport(body: unknown, now: Date, known: KnownRegions): ShockReport {
  const problems: FieldProblem[] = [];
  const fields = FieldReader.ofBody(body, problems);
  fields.only(MEMBERS);
  const kind = readKind(fields);
  const level = readLevel(fields);
  const observed = fields.boolean('observed');
  const regions = readRegions(fields, known);
  const onset = readInstant(fields, 'onset');
  const expires = fields.has('expires') ? readInstant(fields, 'expires') : null;
  const headline = fields.text('headline', MAX_TEXT);
  const source = fields.text('source', MAX_TEXT);
  const damage = readDamage(fields, regions, known);
  if (onset !== undefined && observed === true && onset > now)
    fields.problem('onset', 'must not lie in the future for what has been observed');
  if (onset && expires && expires <= onset) fields.problem('expires', 'must lie after onset');
  if (damage.length > 0 && observed === false) fields.problem('damage', 'belongs to what has been observed', null);
  if (problems.length > 0) throw new InvalidFields(problems);
  // With no problem every member has been read.
  return { kind, level, observed, regions, onset, expires, headline, source, damage } as ShockReport;
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

function readRegion(fields: FieldReader, name: string, value: unknown, known: KnownRegions): RegionCode | undefined {
  const code = typeof value === 'string' ? findRegionCode(value) : undefined;
  if (code === undefined)
    return fields.problem(name, 'must be a region code of 2, 4, 6, 9 or 12 digits (00 for the whole country)', value);
  return known.has(code) ? code : fields.problem(name, 'must be a known region', value);
}

function readInstant(fields: FieldReader, name: string): Date | undefined {
  const value = fields.raw(name);
  const time = typeof value === 'string' ? readCapTime(value) : undefined;
  if (time === undefined || time.offsetAssumed) return fields.problem(name, 'must be a time in RFC 3339 with offset');
  return time.at;
}

function readDamage(fields: FieldReader, regions: readonly RegionCode[], known: KnownRegions): readonly AreaDamage[] {
  const seen = new Set<string>();
  return fields.objects('damage', MAX_DAMAGE).flatMap((entry) => {
    entry.only(DAMAGE_MEMBERS);
    const region = readRegion(entry, 'region', entry.raw('region'), known);
    const [hit, damaged, lost] = AREA_AMOUNTS.map((name) => entry.amount(name, { max: MAX_MU, integer: false }));
    const [collapsed, houses] = HOUSE_COUNTS.map((name) => entry.amount(name, { max: MAX_HOUSES, integer: true }));
    const products = readProducts(entry);
    // 受灾 holds 成灾, which holds 绝收 (rulebook §13.5); a figure that is not reported contradicts nothing.
    if (entry.has('cropHitMu') && Number(damaged) > Number(hit))
      entry.problem('cropDamagedMu', 'must not exceed cropHitMu');
    if (entry.has('cropDamagedMu') && Number(lost) > Number(damaged))
      entry.problem('cropLostMu', 'must not exceed cropDamagedMu');
    if (region === undefined) return [];
    if (regions.length > 0 && !regions.some((area) => contains(area, region)))
      entry.problem('region', 'must lie within one of regions');
    const slot = `${region}/${[...products].sort((a, b) => a - b).join()}`;
    if (seen.has(slot)) entry.problem('region', 'is named twice for the same products');
    seen.add(slot);
    return [
      {
        region,
        cropHitCentimu: Math.round(Number(hit) * CENTIMU),
        cropDamagedCentimu: Math.round(Number(damaged) * CENTIMU),
        cropLostCentimu: Math.round(Number(lost) * CENTIMU),
        products,
        housesCollapsed: Number(collapsed),
        housesDamaged: Number(houses),
      },
    ];
  });
}

function readProducts(entry: FieldReader): number[] {
  return entry.list('products', 100).flatMap((value, i) => {
    const product = typeof value === 'string' ? (findProductByName(value) ?? findProductByKey(value)) : undefined;
    if (product?.kind === 'crop') return [product.code];
    entry.problem(`products[${i}]`, 'must be a known crop by its Chinese name', value);
    return [];
  });
}
