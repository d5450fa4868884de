/**
 * Where regions lie, as this process knows it: one copy in memory, packed, brought up to date before each use by a look
 * at the number of the last load. Bounded by what may be loaded at all ({@link MAX_POSITIONS} regions, {@link MAX_POINTS}
 * points): some 16 MiB of outlines and 30 MiB of positions at the very most.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { BoundaryIndex } from './boundary-index.js';
import { packGeometry, unpackGeometry } from './packed-geometry.js';
import type { ReadRegion } from './read-feature.js';
import type { RegionPosition } from './region-position.js';
import { pointCount } from './shape-measures.js';

/** All townships and villages of two provinces would be some 50,000. */
export const MAX_POSITIONS = 100_000;
export const MAX_POINTS = 2_000_000;

/** Whence a load comes. */
export interface Load {
  readonly source: string;
  readonly at: Date;
  /** Role and account. */
  readonly by: string;
}

interface PositionRow {
  readonly code: string;
  readonly lon: number;
  readonly lat: number;
  readonly min_lon: number;
  readonly min_lat: number;
  readonly max_lon: number;
  readonly max_lat: number;
  readonly geometry: Buffer | null;
}

@Injectable()
export class RegionPositions {
  #version = 0;
  #byCode = new Map<string, RegionPosition>();
  #index = new BoundaryIndex([]);

  constructor(private readonly database: Database) {}

  /** Every region whose position is known, in the order of the codes. Within a transaction give it, as for {@link index}. */
  async all(tx?: Tx): Promise<readonly RegionPosition[]> {
    return (await this.index(tx)).positions;
  }

  /**
   * Every boundary and position, as of the last load that is committed. A caller within a transaction gives it: a second
   * connection for each of many at once would empty the pool.
   */
  async index(tx?: Tx): Promise<BoundaryIndex> {
    if (tx === undefined) await this.database.transaction(cellScope('boundaries'), (own) => this.#refresh(own));
    else await this.#refresh(tx);
    return this.#index;
  }

  async #refresh(tx: Tx): Promise<void> {
    const version = await loadedVersion(tx);
    if (version <= this.#version) return;
    const rows = await tx.query<PositionRow>(
      `SELECT code, lon, lat, min_lon, min_lat, max_lon, max_lat, geometry
       FROM region_positions WHERE version > $1`,
      [this.#version],
    );
    // Another request may have come further meanwhile. Rows newer than `version` are read again next time, to no effect.
    if (version <= this.#version) return;
    for (const row of rows) this.#byCode.set(row.code, positionOf(row));
    this.#index = new BoundaryIndex([...this.#byCode.values()]);
    this.#version = version;
  }

  /** Stores the regions under a new version; one load at a time. Answers the codes that changed. */
  async put(tx: Tx, regions: readonly ReadRegion[], load: Load): Promise<string[]> {
    const [row] = await tx.query<{ version: number }>(
      'UPDATE region_positions_version SET version = version + 1 RETURNING version',
    );
    const by = [load.source, row?.version, load.at, load.by];
    const bounded = regions.filter(({ polygons }) => polygons !== undefined);
    const bare = regions.filter(({ polygons }) => polygons === undefined);
    return [...(await putBoundaries(tx, bounded, by)), ...(await putPositions(tx, bare, by))];
  }
}

async function putBoundaries(tx: Tx, regions: readonly ReadRegion[], by: readonly unknown[]): Promise<string[]> {
  const column = <T>(of: (region: ReadRegion) => T): T[] => regions.map(of);
  const changed = await tx.query<{ code: string }>(
    `INSERT INTO region_positions AS old (code, lon, lat, min_lon, min_lat, max_lon, max_lat, geometry, points,
       source, version, updated_at, updated_by)
     SELECT new.*, $10, $11::bigint, $12::timestamptz, $13
     FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[],
       $8::bytea[], $9::integer[]) AS new
     ON CONFLICT (code) DO UPDATE SET lon = excluded.lon, lat = excluded.lat,
       min_lon = excluded.min_lon, min_lat = excluded.min_lat, max_lon = excluded.max_lon, max_lat = excluded.max_lat,
       geometry = excluded.geometry, points = excluded.points, source = excluded.source, version = excluded.version,
       updated_at = excluded.updated_at, updated_by = excluded.updated_by
     WHERE (old.lon, old.lat) <> (excluded.lon, excluded.lat) OR old.geometry IS DISTINCT FROM excluded.geometry
     RETURNING code`,
    [
      column(({ code }) => code),
      column(({ centroid }) => centroid[0]),
      column(({ centroid }) => centroid[1]),
      ...[0, 1, 2, 3].map((i) => column(({ bbox }) => bbox[i])),
      column(({ polygons = [] }) => packGeometry(polygons)),
      column(({ polygons = [] }) => pointCount(polygons)),
      ...by,
    ],
  );
  return changed.map(({ code }) => code);
}

/** A bare position moves where a region is said to lie; a boundary that is known stays. */
async function putPositions(tx: Tx, regions: readonly ReadRegion[], by: readonly unknown[]): Promise<string[]> {
  const changed = await tx.query<{ code: string }>(
    `INSERT INTO region_positions AS old (code, lon, lat, points, source, version, updated_at, updated_by)
     SELECT new.*, 0, $4, $5::bigint, $6::timestamptz, $7
     FROM unnest($1::text[], $2::float8[], $3::float8[]) AS new
     ON CONFLICT (code) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, source = excluded.source,
       version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by
     WHERE (old.lon, old.lat) <> (excluded.lon, excluded.lat)
     RETURNING code`,
    [
      regions.map(({ code }) => code),
      regions.map(({ centroid }) => centroid[0]),
      regions.map(({ centroid }) => centroid[1]),
      ...by,
    ],
  );
  return changed.map(({ code }) => code);
}

async function loadedVersion(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ version: number }>('SELECT version FROM region_positions_version');
  return row?.version ?? 0;
}

function positionOf(row: PositionRow): RegionPosition {
  const { geometry, lon, lat } = row;
  const code = row.code as RegionCode;
  if (geometry === null) return { code, centroid: [lon, lat], bbox: [lon, lat, lon, lat] };
  return {
    code,
    centroid: [lon, lat],
    bbox: [row.min_lon, row.min_lat, row.max_lon, row.max_lat],
    get geometry() {
      return { type: 'MultiPolygon', coordinates: unpackGeometry(geometry) } as const;
    },
  };
}
