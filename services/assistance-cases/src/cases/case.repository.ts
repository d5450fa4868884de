/** Loads cases by their id; what the caller's scope does not show is not found. */
import { composeDerivedId, NotFound, parseDerivedId } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { LessThan } from 'typeorm';
import { FIRST_ENDED_CODE } from './case-states.js';
import { CaseEntity } from './case.entity.js';

export const caseIdOf = (row: { caseOrigin: number; householdId: number }): string =>
  composeDerivedId({ origin: row.caseOrigin, householdId: row.householdId });

/** Throws `CASE.NOT_FOUND`; refuses what is no id (400). */
export function getCase(tx: Tx, id: string): Promise<CaseEntity> {
  return load(tx, id, false);
}

/** As {@link getCase}, locked against other steps until the transaction ends. */
export function lockCase(tx: Tx, id: string): Promise<CaseEntity> {
  return load(tx, id, true);
}

/** The open case of a household as far as the scope shows it, locked; nothing where there is none. */
export function lockOpenCase(tx: Tx, householdId: number): Promise<CaseEntity | null> {
  return tx.manager.findOne(CaseEntity, {
    where: { householdId, state: LessThan(FIRST_ENDED_CODE) },
    lock: { mode: 'pessimistic_write' },
  });
}

async function load(tx: Tx, id: string, locked: boolean): Promise<CaseEntity> {
  const { origin, householdId } = parseDerivedId(id);
  const found = await tx.manager.findOne(CaseEntity, {
    where: { caseOrigin: origin, householdId },
    ...(locked ? { lock: { mode: 'pessimistic_write' as const } } : {}),
  });
  if (found === null) throw new NotFound('case', id);
  return found;
}
