import type { Tx } from '@fangpin/persistence';

/** Asks for the episodes of a household to be looked at, since a case of it took a step. Only adds a row, so that it waits for nobody. */
export async function noteCaseStep(tx: Tx, caseOrigin: number, householdId: number, dutyCode: number): Promise<void> {
  await tx.execute('INSERT INTO episode_case_steps (case_origin, household_id, duty_code) VALUES ($1, $2, $3)', [
    caseOrigin,
    householdId,
    dutyCode,
  ]);
}
