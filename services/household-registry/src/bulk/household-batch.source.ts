import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import type { DutyCode, RegionCode } from '@fangpin/domain-kit';
import { dwellingGrades, householdGroups, householdStates, monitoringStates } from '../households/codes.js';
import { profileMessage, type ProfileSource } from '../households/household-profile.js';

/** Name of the outbox rows that stand for a bulk batch; kept in the table, so it never changes. */
export const HOUSEHOLD_BATCH = 'household-batch';

const PAGE = 2_000;

interface ProfileRow {
  readonly household_id: number;
  readonly revision: number;
  readonly duty_code: number;
  readonly state: number;
  readonly household_group: number;
  readonly monitoring: number;
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
  SELECT h.household_id, h.revision, h.duty_code, h.state, h.household_group, h.monitoring, h.dwelling, h.only_dwelling,
         h.water_scheme, h.updated_at, m.*, l.livelihoods
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
   WHERE h.household_id BETWEEN $1 AND $2
   ORDER BY h.household_id LIMIT ${PAGE}`;

/**
 * Renders the profiles of a batch again when its publisher died between commit and acknowledgement. It reads what the
 * households are now, not what they were then: a later revision replaces an earlier one anyway.
 */
export class HouseholdBatchSource implements OutboxSource {
  readonly name = HOUSEHOLD_BATCH;

  constructor(private readonly cell: RegionCode) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const { from, to } = ref as { from: number; to: number };
    for (let next: number | undefined = from; next !== undefined && next <= to;) {
      const first: number = next;
      const rows = await database.transaction(cellScope('outbox:household-batch', this.cell), (tx: Tx) =>
        tx.query<ProfileRow>(PROFILES, [first, to]),
      );
      for (const row of rows) yield profileMessage(fromRow(row), row.updated_at);
      const last = rows.at(-1);
      next = rows.length < PAGE || last === undefined ? undefined : last.household_id + 1;
    }
  }
}

function fromRow(row: ProfileRow): ProfileSource {
  return {
    id: row.household_id,
    revision: row.revision,
    dutyCode: row.duty_code,
    state: householdStates.toWord(row.state),
    group: householdGroups.toWord(row.household_group),
    monitoring: monitoringStates.toWord(row.monitoring),
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
