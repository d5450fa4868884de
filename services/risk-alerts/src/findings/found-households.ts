/** Households of findings, as the live exposure knows them. */
import { HouseholdGroup, MonitoringStatus } from '@fangpin/contracts';
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import { liveExposure } from '../exposure/exposure-sets.js';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { wageFenPerWorker } from '../exposure/wages.js';
import { householdFacts, removedDay } from '../loss/household.js';
import type { FoundHousehold } from './finding-loss.rule.js';

export interface KnownHousehold extends FoundHousehold, ExposedHousehold {}

interface ExposureRow {
  household_id: number;
  duty_code: number;
  persons: number;
  per_capita_fen: number | null;
  labourers: number;
  severely_disabled: number;
  monitoring: number;
  dwelling: number;
  only_dwelling: boolean;
  spending_fen: number | null;
  monitoring_since_day: number | null;
  household_group: number;
  wage_fen: number | null;
  livelihoods: number[];
  active: boolean;
  [column: string]: unknown;
}

/** By household; `left` has moved out or dissolved, and who is absent has never been told of by the register. */
export async function foundHouseholds(
  tx: Tx,
  householdIds: readonly number[],
): Promise<ReadonlyMap<number, KnownHousehold | 'left'>> {
  const { households } = await liveExposure(tx, 'read');
  const select = `SELECT household_id, duty_code, persons, per_capita_fen, labourers, severely_disabled, monitoring, dwelling,
      only_dwelling, spending_fen, monitoring_since - DATE '1970-01-01' AS monitoring_since_day, household_group, wage_fen, livelihoods, active
    FROM ${households} WHERE profile_revision > 0 AND household_id`;
  // One comes alone, nearly always: by its key, which a kept plan uses whatever the table was when it was made.
  const rows =
    householdIds.length === 1
      ? await tx.query<ExposureRow>(prepared(`${select} = $1`), householdIds)
      : await tx.query<ExposureRow>(`${select} = ANY($1::bigint[])`, [arrayLiteral(householdIds)]);
  return new Map(rows.map((row) => [row.household_id, row.active ? known(row) : 'left']));
}

function known(row: ExposureRow): KnownHousehold {
  const facts = {
    labourers: row.labourers,
    severelyDisabled: row.severely_disabled,
    monitoring: row.monitoring,
    dwelling: row.dwelling,
    onlyDwelling: row.only_dwelling,
  };
  return {
    householdId: row.household_id,
    dutyCode: row.duty_code,
    persons: row.persons,
    perCapitaFen: row.per_capita_fen,
    facts: householdFacts(facts),
    livelihoods: [],
    wageFenPerWorker: wageFenPerWorker(row.wage_fen, row.livelihoods),
    spendingFen: row.spending_fen,
    removedDay: removedDay(facts, row.monitoring_since_day),
    // 脱贫户 and 监测对象; low-income households (低收入户) are not told apart by the register yet.
    watched: row.monitoring === MonitoringStatus.MONITORED || row.household_group === HouseholdGroup.LIFTED_OUT,
    onlyDwelling: row.only_dwelling,
  };
}
