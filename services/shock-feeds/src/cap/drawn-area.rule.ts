/** The regions that polygons and circles of a message mean, with what was repaired and what was left out. Pure. */
import type { RegionCode } from '@fangpin/domain-kit';
import { regionName } from '@fangpin/regions';
import { regionsOfShape } from '../boundaries/regions-of-shape.rule.js';
import type { LoadedBoundaries } from './cap-area.rule.js';
import type { CapArea, Problem } from './cap-message.js';
import { liesAbroad, readCircle, readPolygon, type ShapeReading } from './read-shape.js';

export interface DrawnArea {
  /** Polygons and circles that were looked at. */
  readonly shapes: number;
  readonly regions: readonly RegionCode[];
  /** Shapes in or near China that no loaded boundary meets. */
  readonly unplaced: number;
  /** Every shape can be read and lies outside China. */
  readonly allAbroad: boolean;
  readonly problems: readonly Problem[];
}

const MAX_SHAPES = 500;
const MAX_POINTS = 50_000;
/** Boundaries laid over shapes for one message, each up to some 20 ms. */
const MAX_COMPARISONS = 1_000;
const NAMED_IN_A_PROBLEM = 10;

/** Without boundaries it tells only what lies abroad. */
export function drawnArea(areas: readonly CapArea[], boundaries: LoadedBoundaries | undefined): DrawnArea {
  const { readings, cut } = readShapes(areas);
  const regions: RegionCode[] = [];
  const slivers: RegionCode[] = [];
  const problems: Problem[] = cut ? [{ code: 'AREA.TOO_MANY', text: '多边形或圆过多，其余未读' }] : [];
  let [unplaced, partly, compared] = [0, 0, 0];
  for (const { shape, problems: repairs } of readings) {
    problems.push(...repairs.filter(({ code }) => !problems.some((noted) => noted.code === code)));
    if (shape === undefined || liesAbroad(shape)) continue;
    const placed =
      boundaries === undefined || compared >= MAX_COMPARISONS
        ? undefined
        : regionsOfShape(shape, boundaries.index, boundaries.overlap);
    compared += placed?.compared ?? 0;
    if (placed === undefined || placed.regions.length === 0) {
      unplaced += 1;
      continue;
    }
    regions.push(...placed.regions);
    slivers.push(...placed.slivers);
    const asked = boundaries?.overlap(placed.regions[0] as RegionCode).covered ?? 0;
    if (placed.covered < asked) partly += 1;
  }
  if (regions.length > 0) problems.push({ code: 'AREA.FROM_SHAPE', text: '预警区域由多边形或圆与已载入的边界求得' });
  if (slivers.length > 0) problems.push(sliversLeftOut([...new Set(slivers)]));
  if (partly > 0)
    problems.push({ code: 'AREA.SHAPE_PARTLY_OUTSIDE', text: '预警区域有一部分在已载入的边界之外，该部分未计入' });
  return {
    shapes: readings.length,
    regions,
    unplaced,
    allAbroad: readings.every((reading) => (reading.shape === undefined ? reading.abroad : liesAbroad(reading.shape))),
    problems,
  };
}

/** As many as are worth the time that they take, in the order in which they stand. */
function readShapes(areas: readonly CapArea[]) {
  const readings: ShapeReading[] = [];
  let points = 0;
  for (const { polygons, circles } of areas)
    for (const read of [
      ...polygons.map((text) => () => readPolygon(text)),
      ...circles.map((text) => () => readCircle(text)),
    ]) {
      if (readings.length >= MAX_SHAPES || points >= MAX_POINTS) return { readings, cut: true };
      const reading = read();
      points += reading.shape?.kind === 'outline' ? reading.shape.ring.length : 1;
      readings.push(reading);
    }
  return { readings, cut: false };
}

function sliversLeftOut(codes: readonly RegionCode[]): Problem {
  const names = codes.slice(0, NAMED_IN_A_PROBLEM).map((code) => regionName(code) ?? code);
  const more = codes.length > names.length ? `等${codes.length}个地区` : '';
  return { code: 'AREA.SLIVERS_LEFT_OUT', text: `重叠面积过小，未计入：${names.join('、')}${more}` };
}
