/** Intensity zones: which area had which degree, and what level that makes. */
import type { QuakeLevel } from '@fangpin/policy';
import type { RegionCode } from '@fangpin/domain-kit';

export interface Zone {
  readonly region: RegionCode;
  readonly intensity: number;
}

/** 1 to 4, the highest whose degree is reached; 0 below all of them. */
export function levelOfIntensity(degree: number, { fromIntensity }: QuakeLevel): number {
  const { blue, yellow, orange, red } = fromIntensity;
  return [blue, yellow, orange, red].filter((from) => degree >= from).length;
}

/** Each region once, with the highest degree that it has been given; in the order of their codes. */
export function highestOfEach(zones: readonly Zone[]): Zone[] {
  const highest = new Map<RegionCode, number>();
  for (const { region, intensity } of zones) highest.set(region, Math.max(intensity, highest.get(region) ?? 0));
  return [...highest]
    .map(([region, intensity]) => ({ region, intensity }))
    .sort((a, b) => (a.region < b.region ? -1 : 1));
}
