/** Rows of `check_results`: what a visit found of each item that it answered. */
import type { Tx } from '@fangpin/persistence';
import type { Caller } from '@fangpin/service-kit';

/** What is said once of all that a visit answers. */
export interface Visit {
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly checkedOn: string;
  readonly at: Date;
  readonly reason: string;
  readonly checkers: readonly string[];
  readonly caller: Pick<Caller, 'subject' | 'role'>;
}

export interface AnsweredItem {
  readonly origin: number;
  readonly householdId: number;
  readonly dutyCode: number;
  /** After the result. */
  readonly revision: number;
  readonly severity: number;
  /** Code of check-item-states.ts: the result. */
  readonly state: number;
}

/** One row an item, all with the same checkers, day and words. */
export async function insertResults(tx: Tx, items: readonly AnsweredItem[], visit: Visit): Promise<void> {
  if (items.length === 0) return;
  await tx.execute(
    `INSERT INTO check_results (origin, household_id, duty_code, revision, severity, result, checked_on, recorded_at,
                                reason, checkers, actor, actor_role, asks_again_from)
     SELECT v.*, $7::date, $8::timestamptz, $9::text, $10::text[], $11::text, $12::text,
            (SELECT t.asks_again_from FROM triage_refs t WHERE t.origin = v.origin)
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[])
            AS v (origin, household_id, duty_code, revision, severity, state)`,
    [
      items.map(({ origin }) => origin),
      items.map(({ householdId }) => householdId),
      items.map(({ dutyCode }) => dutyCode),
      items.map(({ revision }) => revision),
      items.map(({ severity }) => severity),
      items.map(({ state }) => state),
      visit.checkedOn,
      visit.at,
      visit.reason,
      visit.checkers,
      visit.caller.subject,
      visit.caller.role,
    ],
  );
}
