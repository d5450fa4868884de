/**
 * Which regions a drawn shape means, by the boundaries that are loaded: the finest level that covers what the shape and
 * the wider region have in common, region by region, so that a county whose townships are loaded is answered by
 * townships beside one that has only its own outline. A region that lies in the shape whole stands for its parts.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import type { AreaOverlap } from '@fangpin/policy';
import type { BoundaryIndex } from './boundary-index.js';
import { holdsPoint, overlapOf, type Overlap } from './overlap.js';
import type { RegionPosition } from './region-position.js';
import type { Shape } from './shape.js';

export interface RegionsOfShape {
  readonly regions: readonly RegionCode[];
  /** Left out: they share less with the shape than policy asks for. */
  readonly slivers: readonly RegionCode[];
  /** Share of the shape, 0 to 1, that lies within loaded boundaries. */
  readonly covered: number;
  /** Boundaries that were laid over the shape: what it cost. */
  readonly compared: number;
}

interface Hit {
  readonly region: RegionPosition;
  readonly overlap: Overlap;
}

/** Simplified outlines of one region at two levels differ by so much; a region covered to this share lies in the shape. */
const WHOLE = 0.999;

export function regionsOfShape(
  shape: Shape,
  index: BoundaryIndex,
  policy: (region: RegionCode) => AreaOverlap,
): RegionsOfShape {
  const found: RegionCode[] = [];
  const slivers: RegionCode[] = [];
  let compared = 0;
  const compare = (candidates: readonly RegionPosition[]): Hit[] => {
    compared += candidates.length;
    return hitsOf(candidates, shape);
  };
  const hits = compare(index.outermostMeeting(shape.bbox));
  const descend = (hit: Hit): void => {
    const { code } = hit.region;
    const asked = policy(code);
    const { overlap } = hit;
    if (shape.kind === 'outline' && overlap.ofRegion < asked.ofRegion && overlap.ofShape < asked.ofShape) {
      slivers.push(code);
      return;
    }
    const below = overlap.ofRegion >= WHOLE ? [] : compare(index.nextBelow(code, shape.bbox));
    const covered = below.reduce((sum, { overlap: part }) => sum + part.ofShape, 0);
    if (below.length > 0 && covered >= overlap.ofShape * asked.covered) below.forEach(descend);
    else found.push(code);
  };
  hits.forEach(descend);
  const covered = Math.min(
    hits.reduce((sum, { overlap }) => sum + overlap.ofShape, 0),
    1,
  );
  return { regions: found, slivers, covered, compared };
}

function hitsOf(candidates: readonly RegionPosition[], shape: Shape): Hit[] {
  return candidates.flatMap((region) => {
    const boundary = region.geometry;
    if (boundary === undefined) return [];
    const overlap =
      shape.kind === 'outline'
        ? overlapOf(boundary, shape.ring)
        : { ofRegion: 0, ofShape: holdsPoint(boundary, shape.position) ? 1 : 0 };
    return overlap.ofShape > 0 ? [{ region, overlap }] : [];
  });
}
