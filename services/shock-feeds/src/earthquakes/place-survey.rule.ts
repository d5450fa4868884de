/** Which regions the zones of a survey are: codes, names and outlines, each resolved; what cannot be is told. Pure. */
import { contains, type RegionCode } from '@fangpin/domain-kit';
import type { AreaOverlap } from '@fangpin/policy';
import { countyPoints, findPlaces } from '@fangpin/regions';
import type { BoundaryIndex } from '../boundaries/boundary-index.js';
import type { Polygons, Position } from '../boundaries/region-position.js';
import { regionsOfShape } from '../boundaries/regions-of-shape.rule.js';
import { boundingBox } from '../boundaries/shape-measures.js';
import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';
import { isInside } from './distance.js';
import { highestOfEach, type Zone } from './intensity-zones.js';
import type { Survey } from './read-survey.js';
import { roman } from './roman.js';

export interface SurveyContext {
  readonly boundaries: BoundaryIndex;
  readonly overlap: (region: RegionCode) => AreaOverlap;
  /** Where the earthquake was, as far as it is known: a name that fits several areas is the one near it. */
  readonly near: readonly RegionCode[];
}

export interface PlacedSurvey {
  /** Each region once, with the highest degree it was given; a finer one within a wider one has its own. */
  readonly zones: readonly Zone[];
  readonly problems: readonly Problem[];
}

const NAMED_IN_A_PROBLEM = 30;
const PREFECTURE_DIGITS = 4;

export function placeSurvey({ zones }: Survey, context: SurveyContext): PlacedSurvey {
  const problems: Problem[] = [];
  const placed = zones.flatMap((zone) => {
    const name = `${roman(zone.intensity)}度区`;
    const regions = [
      ...zone.regions,
      ...namedRegions(zone.places, name, context, problems),
      ...zone.polygons.flatMap((rings) => outlinedRegions([rings], name, context, problems)),
    ];
    return regions.map((region) => ({ region, intensity: zone.intensity }));
  });
  return { zones: highestOfEach(placed), problems };
}

function namedRegions(text: string, zone: string, { near }: SurveyContext, problems: Problem[]): RegionCode[] {
  if (text === '') return [];
  const { regions, unresolved, notes } = findPlaces(text);
  problems.push(...notes.map(({ code, text: words }) => ({ code, text: `${zone}：${clip(words, 200)}` })));
  const prefectures = [...new Set([...near, ...regions].map((code) => code.slice(0, PREFECTURE_DIGITS)))];
  const found: RegionCode[] = [];
  const unknown: string[] = [];
  for (const words of unresolved) {
    const options = prefectures.flatMap((within) => findPlaces(words, { within: within as RegionCode }).regions);
    const [only, ...others] = [...new Set(options)];
    if (only !== undefined && others.length === 0) found.push(only);
    else unknown.push(clip(words, 40));
  }
  if (unknown.length > 0) {
    const more = unknown.length > NAMED_IN_A_PROBLEM ? `等${unknown.length}处` : '';
    const names = unknown.slice(0, NAMED_IN_A_PROBLEM).join('、');
    problems.push({ code: 'ZONES.PLACE_UNKNOWN', text: `${zone}中未识别的地名：${names}${more}` });
  }
  return [...regions, ...found];
}

/** By boundaries where they are loaded; else by the points that lie within. */
function outlinedRegions(
  polygons: Polygons,
  zone: string,
  { boundaries, overlap }: SurveyContext,
  problems: Problem[],
): RegionCode[] {
  const [rings = []] = polygons;
  const [ring = []] = rings;
  const shape = { kind: 'outline', ring, bbox: boundingBox(polygons) } as const;
  const byBoundary = regionsOfShape(shape, boundaries, overlap).regions;
  const byPoint = pointsOf(boundaries)
    .filter(({ at }) => isInside(at, rings))
    .map(({ code }) => code)
    .filter((code) => !byBoundary.some((region) => contains(region, code)));
  const regions = [...byBoundary, ...byPoint];
  if (regions.length === 0)
    problems.push({ code: 'ZONES.OUTLINE_MEETS_NOTHING', text: `${zone}的边界内没有已知位置的区域` });
  else if (byBoundary.length === 0)
    problems.push({ code: 'ZONES.OUTLINE_BY_POINTS', text: `${zone}的边界按区域中心点求得，该处边界尚未载入` });
  return regions;
}

function pointsOf({ positions }: BoundaryIndex): { readonly code: RegionCode; readonly at: Position }[] {
  const loaded = new Set(positions.map(({ code }) => code));
  return [
    ...positions.filter((position) => !('geometry' in position)).map(({ code, centroid }) => ({ code, at: centroid })),
    ...countyPoints()
      .filter(({ code }) => !loaded.has(code))
      .map(({ code, lon, lat }) => ({ code, at: [lon, lat] as const })),
  ];
}
