/**
 * Intensity (烈度) by magnitude, depth and distance. The relation is policy (`quake-attenuation`): that of the national
 * zonation map GB 18306-2015. It is fitted to the outer lines of surveyed zones, so a place has the whole degree that its
 * computed value has reached. docs/adr/0015-earthquakes.md says why the long axis counts in every direction.
 */
import type { AttenuationAxis, QuakeAttenuation } from '@fangpin/policy';

export interface Source {
  /** Surface-wave magnitude Ms. */
  readonly magnitude: number;
  readonly depthKm: number;
}

const MOST = 12;

/** Computed value along an axis at a distance from the epicentre; not rounded, may lie below 1. */
export function intensityAt(
  relation: QuakeAttenuation,
  { magnitude, depthKm }: Source,
  distanceKm: number,
  axis: AttenuationAxis = relation.longAxis,
): number {
  const distance = Math.sqrt(distanceKm ** 2 + extraDepthSquared(relation, depthKm));
  return Math.min(MOST, axis.a + axis.b * magnitude - axis.c * Math.log10(distance + axis.r0Km));
}

/** How far from the epicentre an intensity reaches along an axis, km; `undefined` where not even the epicentre has it. */
export function reachKm(
  relation: QuakeAttenuation,
  { magnitude, depthKm }: Source,
  intensity: number,
  axis: AttenuationAxis = relation.longAxis,
): number | undefined {
  const distance = 10 ** ((axis.a + axis.b * magnitude - intensity) / axis.c) - axis.r0Km;
  const squared = distance ** 2 - extraDepthSquared(relation, depthKm);
  return distance < 0 || squared < 0 || intensity > MOST ? undefined : Math.sqrt(squared);
}

/** Area within the ellipse of an intensity, km². */
export function zoneAreaKm2(relation: QuakeAttenuation, source: Source, intensity: number): number {
  const [long = 0, short = 0] = [relation.longAxis, relation.shortAxis].map((axis) =>
    reachKm(relation, source, intensity, axis),
  );
  return Math.PI * long * short;
}

/** The whole degree that a computed value has reached. */
export function degreeOf(computed: number): number {
  return Math.floor(computed + 1e-9);
}

/**
 * The relation knows no depth: its earthquakes lie in the upper crust. What lies deeper than that stands off by so much
 * more, as the square of a right-angled triangle's side.
 */
function extraDepthSquared({ crustalDepthKm }: QuakeAttenuation, depthKm: number): number {
  return depthKm <= crustalDepthKm ? 0 : depthKm ** 2 - crustalDepthKm ** 2;
}
