/**
 * The places that an earthquake is measured at: the finest whose positions are loaded, counties at least. Where all
 * townships of a county are loaded they stand for it; where some are, they refine it, and the county covers the rest.
 */
import { COUNTRY, levelOf, type RegionCode } from '@fangpin/domain-kit';
import type { QuakeUnknowns } from '@fangpin/policy';
import { childrenOf, countyPoint, countyPoints, isSpecialUnit } from '@fangpin/regions';
import type { Position, RegionPosition } from '../boundaries/region-position.js';
import { distanceKm, distanceToBoxKm, distanceToPolygonsKm } from './distance.js';

export interface QuakePlace {
  readonly code: RegionCode;
  /** The place that this one refines: counted only where that one is reached. */
  readonly refines?: RegionCode;
  /** The place around it at which it is measured, having no position of its own. */
  readonly measuredAt?: RegionCode;
}

/** A place with its distance from the epicentre to its nearest point, km. */
export interface NearPlace extends QuakePlace {
  readonly distanceKm: number;
}

const COUNTY_DIGITS = 6;

type Radii = Pick<QuakeUnknowns, 'countyRadiusKm' | 'townshipRadiusKm' | 'villageRadiusKm'>;

export class QuakePlaces {
  readonly #loaded: ReadonlyMap<RegionCode, RegionPosition>;
  readonly #places: readonly QuakePlace[];
  readonly #counties: readonly RegionCode[];

  constructor(loaded: readonly RegionPosition[]) {
    this.#loaded = new Map(loaded.map((position) => [position.code, position]));
    const known = new Set([...this.#loaded.keys(), ...countyPoints().map(({ code }) => code)]);
    this.#places = finest(known);
    this.#counties = [...known].filter((code) => levelOf(code) === 'county');
  }

  /** Places whose nearest point lies within `reach` km, with the distance to it; without what refines them. */
  within(reach: number, from: Position, radii: Radii): NearPlace[] {
    return this.#places.flatMap((place) => {
      if (place.refines !== undefined) return [];
      const at = place.measuredAt ?? place.code;
      if (this.#atLeastKm(at, from, radii) > reach) return [];
      const distance = this.#distanceKm(at, from, radii);
      return distance > reach ? [] : [{ ...place, distanceKm: distance }];
    });
  }

  /** What refines the given places, however far it lies, with its distance. */
  refining(outer: ReadonlySet<RegionCode>, from: Position, radii: Radii): NearPlace[] {
    return this.#places
      .filter(({ refines }) => refines !== undefined && outer.has(refines))
      .map((place) => ({ ...place, distanceKm: this.#distanceKm(place.measuredAt ?? place.code, from, radii) }));
  }

  /** The county that lies nearest, and how far. */
  nearestCounty(from: Position, radii: Radii): NearPlace | undefined {
    let best: NearPlace | undefined;
    const ordered = this.#counties
      .map((code) => ({ code, atLeast: this.#atLeastKm(code, from, radii) }))
      .sort((a, b) => a.atLeast - b.atLeast);
    for (const { code, atLeast } of ordered) {
      if (best !== undefined && atLeast > best.distanceKm) break;
      const distance = this.#distanceKm(code, from, radii);
      if (best === undefined || distance < best.distanceKm) best = { code, distanceKm: distance };
    }
    return best;
  }

  /** A lower bound that needs no outline. */
  #atLeastKm(code: RegionCode, from: Position, radii: Radii): number {
    const loaded = this.#loaded.get(code);
    return loaded !== undefined && 'geometry' in loaded
      ? distanceToBoxKm(from, loaded.bbox)
      : this.#distanceKm(code, from, radii);
  }

  #distanceKm(code: RegionCode, from: Position, radii: Radii): number {
    const loaded = this.#loaded.get(code);
    const outline = loaded?.geometry;
    if (outline !== undefined) return distanceToPolygonsKm(from, outline.coordinates);
    const point = countyPoint(code);
    const centre: Position | undefined = loaded?.centroid ?? (point && [point.lon, point.lat]);
    if (centre === undefined) return Infinity;
    // A circle of its area stands for a place without an outline.
    const radius = point === undefined ? radiusKm(code, radii) : Math.sqrt(point.areaKm2 / Math.PI);
    return Math.max(0, distanceKm(from, centre) - radius);
  }
}

function radiusKm(code: RegionCode, radii: Radii): number {
  const level = levelOf(code);
  if (level === 'township') return radii.townshipRadiusKm;
  return level === 'village' || level === 'group' ? radii.villageRadiusKm : radii.countyRadiusKm;
}

/** In the order of their codes: a place before those that refine it. Nothing wider than a county is a place. */
function finest(known: ReadonlySet<RegionCode>): QuakePlace[] {
  const above = new Set<string>([COUNTRY]);
  for (const code of known)
    for (const digits of [2, 4, 6, 9]) if (digits < code.length) above.add(code.slice(0, digits));
  const places: QuakePlace[] = [];
  const visit = (code: RegionCode, refines: RegionCode | undefined): void => {
    const children = above.has(code) ? childrenOf(code) : [];
    const isPlace = known.has(code) && code.length >= COUNTY_DIGITS;
    // Farms, prisons and zones have no position anywhere: they do not hold up the finer level, and go with what lies around.
    const unknown = children.filter((child) => !known.has(child.code));
    const stoodFor = isPlace && children.length > 0 && unknown.every((child) => isSpecialUnit(child.code));
    if (isPlace && !stoodFor) places.push({ code, ...(refines === undefined ? {} : { refines }) });
    const outer = refines ?? (isPlace && !stoodFor ? code : undefined);
    for (const child of children) {
      if (known.has(child.code) || above.has(child.code)) visit(child.code, outer);
      else if (stoodFor) places.push({ code: child.code, measuredAt: code });
    }
  };
  visit(COUNTRY, undefined);
  return places;
}
