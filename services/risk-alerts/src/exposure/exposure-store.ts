/** Applies profiles and assessments to one exposure set, by set, higher revision wins. */
import {
  HouseholdState,
  LivelihoodKind,
  type HouseholdProfile,
  type IncomeAssessment,
  type Livelihood,
} from '@fangpin/contracts';
import { isCreditCode, isDay } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { isScheme } from '../loss/shock-facts.js';
import type { ExposureTables } from './exposure-sets.js';

/** Households whose exposure really changed, with their duty codes: to be looked at again while a shock is open. */
export interface Applied {
  readonly householdIds: readonly number[];
  readonly dutyCodes: readonly number[];
}

type AppliedRow = { household_id: number; duty_code: number };

function isActive({ state, persons }: HouseholdProfile): boolean {
  return state === HouseholdState.ACTIVE && persons > 0;
}

function latest<T extends { householdId: bigint; revision: bigint }>(events: readonly T[]): T[] {
  const byHousehold = new Map<bigint, T>();
  for (const event of events) {
    const known = byHousehold.get(event.householdId);
    if (known === undefined || event.revision > known.revision) byHousehold.set(event.householdId, event);
  }
  return [...byHousehold.values()];
}

function appliedOf(rows: readonly AppliedRow[]): Applied {
  return { householdIds: rows.map((r) => r.household_id), dutyCodes: rows.map((r) => r.duty_code) };
}

/** Stores profiles with a higher revision than the set holds, and replaces the livelihoods of those households. */
export async function applyProfiles(
  tx: Tx,
  tables: ExposureTables,
  profiles: readonly HouseholdProfile[],
): Promise<Applied> {
  const rows = latest(profiles);
  const column = <V>(of: (profile: HouseholdProfile) => V): V[] => rows.map(of);
  const applied = await tx.query<AppliedRow>(
    `WITH applied AS (
     INSERT INTO ${tables.households} AS e
       (household_id, duty_code, profile_revision, persons, labourers, severely_disabled, monitoring, dwelling,
        only_dwelling, active, livelihoods, employers, household_group, water_scheme, monitoring_since)
     SELECT household_id, duty_code, revision, persons, labourers, disabled, monitoring, dwelling, only_one, active,
       livelihoods::bigint[], employers::text[], household_group, water_scheme, monitoring_since
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::smallint[],
                 $8::smallint[], $9::boolean[], $10::boolean[], $11::text[], $12::text[], $13::smallint[],
                 $14::text[], $15::date[])
       AS incoming (household_id, duty_code, revision, persons, labourers, disabled, monitoring, dwelling, only_one, active,
                    livelihoods, employers, household_group, water_scheme, monitoring_since)
     ON CONFLICT (household_id) DO UPDATE SET
       duty_code = excluded.duty_code, profile_revision = excluded.profile_revision, persons = excluded.persons,
       labourers = excluded.labourers, severely_disabled = excluded.severely_disabled,
       monitoring = excluded.monitoring, dwelling = excluded.dwelling, only_dwelling = excluded.only_dwelling,
       active = excluded.active, livelihoods = excluded.livelihoods, employers = excluded.employers,
       household_group = excluded.household_group, water_scheme = excluded.water_scheme,
       monitoring_since = excluded.monitoring_since
     WHERE e.profile_revision < excluded.profile_revision
     RETURNING e.household_id, e.duty_code, old.duty_code AS lived_at
     ), moved AS (
       -- Early warning looks for their alerts elsewhere too.
       INSERT INTO moved_households (household_id, duty_code)
       SELECT household_id, duty_code FROM applied WHERE lived_at <> duty_code
       ON CONFLICT (household_id) DO UPDATE SET duty_code = excluded.duty_code
     )
     SELECT household_id, duty_code FROM applied`,
    [
      column((p) => Number(p.householdId)),
      column((p) => Number(p.dutyCode)),
      column((p) => Number(p.revision)),
      column((p) => p.persons),
      column((p) => p.labourers),
      column((p) => p.severelyDisabled),
      column((p) => p.monitoring),
      column((p) => p.dwelling),
      column((p) => p.onlyDwelling),
      column(isActive),
      column((p) => arrayLiteral(flatLivelihoods(p))),
      column((p) => employersLiteral(livelihoodsOf(p))),
      column((p) => p.group),
      column((p) => (isScheme(p.waterScheme) ? p.waterScheme : '')),
      column((p) => (isDay(p.monitoringSince) ? p.monitoringSince : null)),
    ],
  );
  const ids = new Set(applied.map((row) => row.household_id));
  await replaceLivelihoods(
    tx,
    tables,
    rows.filter((profile) => ids.has(Number(profile.householdId))),
  );
  return appliedOf(applied);
}

function livelihoodsOf(profile: HouseholdProfile): Livelihood[] {
  // Only active households can be exposed, so that planning need not join.
  if (!isActive(profile)) return [];
  return profile.livelihoods.filter((l) => l.kind !== LivelihoodKind.UNSPECIFIED && l.quantity > 0);
}

function flatLivelihoods(profile: HouseholdProfile): (number | bigint)[] {
  return livelihoodsOf(profile).flatMap((l) => [l.product, l.quantity, l.placeCode]);
}

/** Employers in the order of the livelihoods, as the text of an array. A code is capitals and digits; other texts are none. */
function employersLiteral(livelihoods: readonly Livelihood[]): string {
  const codes = livelihoods.map(employerOf);
  return codes.every((code) => code === null) ? '{}' : `{${codes.map((code) => code ?? '""').join(',')}}`;
}

function employerOf({ kind, employer }: Livelihood): string | null {
  return kind === LivelihoodKind.JOB && isCreditCode(employer) ? employer : null;
}

async function replaceLivelihoods(
  tx: Tx,
  tables: ExposureTables,
  profiles: readonly HouseholdProfile[],
): Promise<void> {
  if (profiles.length === 0) return;
  await tx.execute(`DELETE FROM ${tables.livelihoods} WHERE household_id = ANY($1::bigint[])`, [
    profiles.map((p) => Number(p.householdId)),
  ]);
  const lines = profiles.flatMap((profile) =>
    livelihoodsOf(profile).map((livelihood, line) => ({ profile, livelihood, line })),
  );
  if (lines.length === 0) return;
  await tx.execute(
    `INSERT INTO ${tables.livelihoods} (household_id, line, product, place_code, quantity, duty_code, employer)
     SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::smallint[], $4::bigint[], $5::int[], $6::bigint[], $7::text[])`,
    [
      lines.map((l) => Number(l.profile.householdId)),
      lines.map((l) => l.line),
      lines.map((l) => l.livelihood.product),
      lines.map((l) => Number(l.livelihood.placeCode)),
      lines.map((l) => l.livelihood.quantity),
      lines.map((l) => Number(l.profile.dutyCode)),
      lines.map((l) => employerOf(l.livelihood)),
    ],
  );
}

/**
 * Stores assessments with a higher revision. A household that the registry has not told of yet is kept, inactive, until
 * its profile comes.
 */
export async function applyAssessments(
  tx: Tx,
  tables: ExposureTables,
  assessments: readonly IncomeAssessment[],
): Promise<Applied> {
  const rows = latest(assessments);
  const applied = await tx.query<AppliedRow>(
    `INSERT INTO ${tables.households} AS e
       (household_id, duty_code, income_revision, per_capita_fen, persons, labourers, severely_disabled, monitoring,
        dwelling, only_dwelling, active, wage_fen, spending_fen)
     SELECT household_id, duty_code, revision, per_capita, persons, 0, 0, 0, 0, false, false, wage, spending
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[])
       AS incoming (household_id, duty_code, revision, per_capita, persons, wage, spending)
     ON CONFLICT (household_id) DO UPDATE SET
       income_revision = excluded.income_revision, per_capita_fen = excluded.per_capita_fen, wage_fen = excluded.wage_fen,
       spending_fen = excluded.spending_fen
     WHERE e.income_revision < excluded.income_revision
     RETURNING household_id, duty_code`,
    [
      rows.map((a) => Number(a.householdId)),
      rows.map((a) => Number(a.dutyCode)),
      rows.map((a) => Number(a.revision)),
      rows.map((a) => (a.closed ? null : Number(a.perCapitaFen))),
      rows.map((a) => Math.max(1, a.persons)),
      rows.map((a) => (a.closed ? null : Number(a.wageFen))),
      rows.map(spendingOf),
    ],
  );
  return appliedOf(applied);
}

/** Hard spending after refunds, fen: what the household paid itself less insurance money, never below zero. */
function spendingOf({ closed, outOfPocketFen, insurancePayoutFen }: IncomeAssessment): number | null {
  if (closed || outOfPocketFen === undefined) return null;
  return Math.max(0, Number(outOfPocketFen - (insurancePayoutFen ?? 0n)));
}
