/** The position in lists that go by what is due first: (due moment, household, origin). */
import { InvalidValue } from '@fangpin/domain-kit';
import type { CursorKey } from '@fangpin/service-kit';

export interface DueRow {
  readonly due_at: Date;
  readonly household_id: number;
  readonly origin: number;
}

export const dueKey = (row: DueRow): CursorKey => [row.due_at.getTime(), row.household_id, row.origin];

/** Refuses the cursor of another list. */
export function readDueKey(key: CursorKey, cursor: string | undefined): [due: Date, household: number, origin: number] {
  const [due, household, origin] = key;
  if (typeof due !== 'number' || typeof household !== 'number' || typeof origin !== 'number')
    throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return [new Date(due), household, origin];
}
