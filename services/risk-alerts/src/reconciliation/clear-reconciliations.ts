/** Rows of old comparisons go, some hundred thousand a year and county; what they found and their figures stay. */
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveWork } from '../simulations/simulation-gate.js';
import { sumRows } from './figures-sql.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';

@Injectable()
export class ClearReconciliations {
  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /**
   * Clears one that was closed long enough ago; answers whether there was one that no other instance clears. None is while slices of
   * live shocks are to be run.
   */
  async execute(): Promise<boolean> {
    if (await liveWork(this.database)) return false;
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const [old] = await tx.query<{ no: number }>(
        `SELECT reconciliation_no AS no FROM reconciliations
         WHERE summed_at IS NULL AND closed_at < clock_timestamp() - make_interval(days => $1)
         ORDER BY reconciliation_no LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
        [this.settings.keepDays],
      );
      if (old === undefined) return false;
      await sumRows(tx, old.no);
      await tx.execute('UPDATE reconciliations SET summed_at = clock_timestamp() WHERE reconciliation_no = $1', [
        old.no,
      ]);
      return true;
    });
  }
}
