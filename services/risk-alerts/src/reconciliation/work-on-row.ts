/** One row of a comparison on which the work fails holds up no other: it sits out its time, and becomes an alarm in the end. */
import { inSavepoint } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { RecordFindings, type Finding } from './record-findings.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';

/** Condition on rows of the tables below. */
export const NOT_SITTING_OUT = '(retry_at IS NULL OR retry_at <= clock_timestamp())';

export interface RowWorkedOn {
  readonly table: 'reconciliation_tallies' | 'reconciliation_exposure' | 'reconciliation_judgements';
  /** Beside the number of the comparison and the duty code: what the key of the table has. */
  readonly key: { readonly column: 'origin' | 'subject'; readonly value: number | string };
  readonly failures: number;
  readonly of: Pick<Finding, 'reconciliation' | 'subject' | 'origin' | 'shockId' | 'dutyCode'>;
}

@Injectable()
export class WorkOnRow {
  constructor(
    private readonly findings: RecordFindings,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Does the work on a row that the transaction holds. Where it fails it alone is undone; after as many failures as there are rounds the
   * row is an alarm. Throws where the database itself is away, or `signal` is aborted.
   */
  async execute(tx: Tx, row: RowWorkedOn, work: (tx: Tx) => Promise<void>, signal?: AbortSignal): Promise<void> {
    try {
      await inSavepoint(tx, work);
    } catch (error) {
      signal?.throwIfAborted();
      await this.sitOut(tx, row, error);
    }
  }

  private async sitOut(tx: Tx, { table, key, failures, of }: RowWorkedOn, error: unknown): Promise<void> {
    const { reconciliation, dutyCode } = of;
    const last = failures + 1 >= this.settings.rounds;
    await tx.execute(
      `UPDATE ${table} SET failures = failures + 1, retry_at = clock_timestamp() + make_interval(secs => $4),
         state = CASE WHEN $5 THEN 'alarm' ELSE state END
       WHERE reconciliation_no = $1 AND duty_code = $2 AND ${key.column} = $3`,
      [reconciliation, dutyCode, key.value, this.settings.restSeconds, last],
    );
    this.log.warn({ err: error, ...of, failures: failures + 1 }, 'a township could not be compared');
    if (last) await this.findings.add(tx, { ...of, kind: 'not-compared', state: 'alarm', households: 0, whose: [] });
  }
}
