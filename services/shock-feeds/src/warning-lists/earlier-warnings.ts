/**
 * The warning that a later notice of the same office goes on with, or lifts. Notices name no message numbers: an office's
 * new warning of a kind takes the place of its last one, and its lifting ends it.
 */
import { contains, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { leadingPlaces } from '@fangpin/regions';

export interface StandingWarning {
  /** What references name. */
  readonly identity: string;
  readonly kind: string;
  readonly level: number;
  readonly regions: readonly RegionCode[];
  readonly issuer?: RegionCode | undefined;
  /** Of one that came in the same post beside others: the key of its notice. */
  readonly notice?: string;
}

export interface WantedWarning {
  readonly kind: string;
  readonly level: number;
  readonly regions: readonly RegionCode[];
  readonly issuer?: RegionCode | undefined;
  /** Of a notice with several levels: only the one of the same level is meant. */
  readonly sameLevel: boolean;
}

/** Open warnings of these kinds, the latest last. Read without locks: a warning that comes in meanwhile meets the next notice. */
export async function standingWarnings(tx: Tx, kinds: readonly string[]): Promise<StandingWarning[]> {
  const rows = await tx.query<{ identity: string; kind: string; level: number; regions: RegionCode[]; source: string }>(
    `SELECT identity, kind, level, regions, source FROM shocks
     WHERE state = 'open' AND merged_into IS NULL AND NOT observed AND kind = ANY ($1::text[])
       AND origin IN ('cap', 'snapshot', 'list', 'text')
     ORDER BY shock_no`,
    [[...new Set(kinds)]],
  );
  return rows.map(({ source, ...row }) => ({
    ...row,
    level: Number(row.level),
    issuer: issuerOf(source, row.regions),
  }));
}

/** Shocks that bear one of the names already, by name; aliases count where another feed gave them. */
export async function levelsByName(tx: Tx, names: readonly string[], origin: string): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await tx.query<{ name: string; level: number }>(
    `SELECT shock_identities.identity AS name, level FROM shock_identities JOIN shocks USING (shock_id) WHERE shock_identities.identity = ANY ($1::text[])
     UNION ALL
     SELECT alias, level FROM shock_aliases JOIN shocks USING (shock_id) WHERE alias = ANY ($1::text[]) AND shock_aliases.origin <> $2`,
    [names, origin],
  );
  return new Map(rows.map(({ name, level }) => [name, Number(level)]));
}

/** The last standing warning of the same office and kind whose areas meet; one of the same level before any other. */
export function earlierOf(wanted: WantedWarning, standing: readonly StandingWarning[]): StandingWarning | undefined {
  if (wanted.issuer === undefined) return undefined;
  const meeting = standing.filter(
    ({ kind, issuer, regions }) => kind === wanted.kind && issuer === wanted.issuer && overlap(regions, wanted.regions),
  );
  const same = meeting.filter(({ level }) => level === wanted.level).at(-1);
  return wanted.sameLevel ? same : (same ?? meeting.at(-1));
}

/** By the office's name; a feed that names none gives each county its own. */
function issuerOf(source: string, regions: readonly RegionCode[]): RegionCode | undefined {
  const province = regions[0]?.slice(0, 2) as RegionCode | undefined;
  const named = province === undefined ? undefined : leadingPlaces(source, { within: province }).regions[0];
  if (named !== undefined) return regions.every((region) => contains(named, region)) ? named : undefined;
  return regions.length === 1 ? regions[0] : undefined;
}

function overlap(some: readonly RegionCode[], others: readonly RegionCode[]): boolean {
  return some.some((one) => others.some((other) => contains(one, other) || contains(other, one)));
}
