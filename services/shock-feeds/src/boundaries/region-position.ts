/** Where a region lies. Coordinates are degrees of WGS84, longitude first, as GeoJSON has them. */
import type { RegionCode } from '@fangpin/domain-kit';

export type Position = readonly [lon: number, lat: number];
/** Closed: the last position is the first. The first ring of a polygon is its outline, the others are holes. */
export type Ring = readonly Position[];
export type Polygons = readonly (readonly Ring[])[];
export type BoundingBox = readonly [minLon: number, minLat: number, maxLon: number, maxLat: number];

export interface Boundary {
  readonly type: 'MultiPolygon';
  readonly coordinates: Polygons;
}

export interface RegionPosition {
  readonly code: RegionCode;
  readonly centroid: Position;
  /** Of the boundary; the position itself where no boundary is known. */
  readonly bbox: BoundingBox;
  /** Absent where only a position is known. Unpacked anew at each reading. */
  readonly geometry?: Boundary;
}
