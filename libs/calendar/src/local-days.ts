/** Days off or worked by decision of one place (州庆, 火把节 …), dated and sourced, as data. */
import { readFileSync } from 'node:fs';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

export interface LocalDays {
  /** Holds in the region and everything below it. */
  readonly region: RegionCode;
  readonly name: string;
  readonly working: boolean;
  readonly days: readonly string[];
  readonly source: string;
}

/** The decisions known to this build. */
export const knownLocalDays: readonly LocalDays[] = readLocalDays(new URL('../data/local-days.json', import.meta.url));

/** Reads a file of decisions; refuses a malformed region or day. */
export function readLocalDays(file: URL): readonly LocalDays[] {
  const entries = JSON.parse(readFileSync(file, 'utf8')) as (Omit<LocalDays, 'region'> & { region: string })[];
  return entries.map((entry, index) => {
    const wrong = entry.days.find((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day));
    if (wrong !== undefined) throw new RangeError(`local days [${index}]: ${wrong} must be YYYY-MM-DD`);
    return { ...entry, region: parseRegionCode(entry.region, `[${index}].region`) };
  });
}
