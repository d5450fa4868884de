/** Asks for a comparison: one row, so that nobody waits. What it compares is written down by the job (begin-reconciliation.ts). */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';

@Injectable()
export class StartReconciliation {
  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** At once, for an officer; answers the number of the one that runs already where one does. */
  execute(askedBy: string): Promise<number> {
    return this.transaction((tx) => ask(tx, askedBy));
  }

  /** The daily one, when it is due and no other instance has taken it. */
  executeWhenDue(): Promise<number | undefined> {
    return this.transaction(async (tx) => {
      const [due] = await tx.query(
        'SELECT 1 FROM reconciliation_clock WHERE due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED',
      );
      if (due === undefined) return undefined;
      await tx.execute('UPDATE reconciliation_clock SET due_at = clock_timestamp() + make_interval(hours => $1)', [
        this.settings.everyHours,
      ]);
      return ask(tx, null);
    });
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), work);
  }
}

async function ask(tx: Tx, askedBy: string | null): Promise<number> {
  const [begun] = await tx.query<{ no: number }>(
    `INSERT INTO reconciliations (asked_by, begins) VALUES ($1, true) ON CONFLICT DO NOTHING RETURNING reconciliation_no AS no`,
    [askedBy],
  );
  if (begun !== undefined) return begun.no;
  // The one that runs; or it was closed between the two statements.
  const [last] = await tx.query<{ no: number }>(
    'SELECT reconciliation_no AS no FROM reconciliations ORDER BY reconciliation_no DESC LIMIT 1',
  );
  return last?.no ?? 0;
}
