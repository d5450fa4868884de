/** Where counties lie: one point and an area each, for those that no boundary has been loaded for. Yunnan and Guizhou only. */
import { readFileSync } from 'node:fs';
import type { RegionCode } from '@fangpin/domain-kit';

export interface CountyPoint {
  readonly code: RegionCode;
  /** WGS84, degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly areaKm2: number;
}

type Row = readonly [code: string, lon: number, lat: number, areaKm2: number];

const FILE = new URL('../data/county-points.json', import.meta.url);
let points: ReadonlyMap<string, CountyPoint> | undefined;

/** The centroid and area of a county, 6 digits; `undefined` for codes outside the file. */
export function countyPoint(code: RegionCode): CountyPoint | undefined {
  return read().get(code);
}

/** All counties of the file, in the order of their codes. */
export function countyPoints(): readonly CountyPoint[] {
  return [...read().values()];
}

function read(): ReadonlyMap<string, CountyPoint> {
  if (points !== undefined) return points;
  const { rows } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly rows: readonly Row[] };
  points = new Map(rows.map(([code, lon, lat, areaKm2]) => [code, { code: code as RegionCode, lon, lat, areaKm2 }]));
  return points;
}
