/** What is loaded, in numbers: `GET /v1/regions/boundaries`. */
import { COUNTRY, levelOf, toBeijingTime, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';

export interface LevelCount {
  readonly level: string;
  readonly boundaries: number;
  /** Regions of which only a position is known. */
  readonly positionsOnly: number;
  readonly points: number;
}

export interface LoadedBoundaries {
  readonly region: string;
  readonly levels: readonly LevelCount[];
  readonly sources: readonly string[];
  /** Of the last change; null where nothing is loaded. */
  readonly updatedAt: string | null;
}

const NAMED_SOURCES = 50;

@Injectable()
export class ReadLoadedBoundaries {
  constructor(private readonly database: Database) {}

  async of(region: RegionCode): Promise<LoadedBoundaries> {
    const prefix = region === COUNTRY ? '' : region;
    return this.database.transaction(cellScope('http:boundaries'), async (tx) => {
      const rows = await tx.query<{ code: string; n: number; bounded: number; points: number; updated_at: Date }>(
        `SELECT min(code) AS code, count(*)::integer AS n, count(geometry)::integer AS bounded,
           sum(points)::integer AS points, max(updated_at) AS updated_at
         FROM region_positions WHERE starts_with(code, $1) GROUP BY length(code) ORDER BY length(code)`,
        [prefix],
      );
      const sources = await tx.query<{ source: string }>(
        'SELECT DISTINCT source FROM region_positions WHERE starts_with(code, $1) ORDER BY source LIMIT $2',
        [prefix, NAMED_SOURCES],
      );
      const changes = rows.map(({ updated_at }) => updated_at.getTime());
      return {
        region,
        levels: rows.map(({ code, n, bounded, points }) => ({
          level: levelOf(code as RegionCode),
          boundaries: bounded,
          positionsOnly: n - bounded,
          points,
        })),
        sources: sources.map(({ source }) => source),
        updatedAt: changes.length === 0 ? null : toBeijingTime(new Date(Math.max(...changes))),
      };
    });
  }
}
