/** Profiles of many households at once, with their counts made by the database. */
import type { DutyCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { dwellingGrades, householdGroups, householdStates, monitoringStates } from './codes.js';
import type { ProfileSource } from './household-profile.js';

interface ProfileRow {
  readonly household_id: number;
  readonly revision: number;
  readonly duty_code: number;
  readonly state: number;
  readonly household_group: number;
  readonly monitoring: number;
  readonly monitoring_since: string | null;
  readonly dwelling: number;
  readonly only_dwelling: boolean;
  readonly water_scheme: string;
  readonly updated_at: Date;
  readonly persons: number;
  readonly labourers: number;
  readonly severely_disabled: number;
  readonly migrant_workers: number;
  readonly pupils: number;
  readonly livelihoods:
    readonly (readonly [product: number, placeCode: number, quantity: number, employer: string | null])[] | null;
}

// Counts as compositionOf in household-profile.ts; a spec holds the two together.
const PROFILES = `
  SELECT h.household_id, h.revision, h.duty_code, h.state, h.household_group, h.monitoring, h.monitoring_since,
         h.dwelling, h.only_dwelling, h.water_scheme, h.updated_at, m.*, l.livelihoods
    FROM households h
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS persons, count(*) FILTER (WHERE labour IN (1, 2, 3))::int AS labourers,
             count(*) FILTER (WHERE disability_grade IN (1, 2))::int AS severely_disabled,
             count(*) FILTER (WHERE work_months > 0)::int AS migrant_workers,
             count(*) FILTER (WHERE schooling <> 0)::int AS pupils
        FROM household_members WHERE household_id = h.household_id) m
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(product, place_code, quantity, employer) ORDER BY livelihood_no) AS livelihoods
        FROM livelihoods WHERE household_id = h.household_id) l
   WHERE `;

export interface KnownProfile {
  readonly profile: ProfileSource;
  /** When the household was changed last. */
  readonly at: Date;
}

/** Profiles from one id to another, both included, at most so many, in order of id. */
export function profilesBetween(tx: Tx, from: number, to: number, most: number): Promise<KnownProfile[]> {
  return profiles(tx, `h.household_id BETWEEN $1 AND $2 ORDER BY h.household_id LIMIT $3`, [from, to, most]);
}

/** Profiles of those of some households that there are, in order of id. */
export function profilesOfHouseholds(tx: Tx, ids: readonly number[]): Promise<KnownProfile[]> {
  return profiles(tx, 'h.household_id = ANY($1::bigint[]) ORDER BY h.household_id', [ids]);
}

async function profiles(tx: Tx, which: string, values: readonly unknown[]): Promise<KnownProfile[]> {
  const rows = await tx.query<ProfileRow>(PROFILES + which, values);
  return rows.map((row) => ({ profile: fromRow(row), at: row.updated_at }));
}

function fromRow(row: ProfileRow): ProfileSource {
  return {
    id: row.household_id,
    revision: row.revision,
    dutyCode: row.duty_code,
    state: householdStates.toWord(row.state),
    group: householdGroups.toWord(row.household_group),
    monitoring: monitoringStates.toWord(row.monitoring),
    ...(row.monitoring_since === null ? {} : { monitoringSince: row.monitoring_since }),
    dwelling: dwellingGrades.toWord(row.dwelling),
    onlyDwelling: row.only_dwelling,
    waterScheme: row.water_scheme,
    persons: row.persons,
    labourers: row.labourers,
    severelyDisabled: row.severely_disabled,
    migrantWorkers: row.migrant_workers,
    pupils: row.pupils,
    livelihoods: (row.livelihoods ?? []).map(([product, placeCode, quantity, employer]) => ({
      product,
      placeCode: placeCode as DutyCode,
      quantity,
      ...(employer === null ? {} : { employer }),
    })),
  };
}
