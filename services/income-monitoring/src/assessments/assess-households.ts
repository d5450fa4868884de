import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { windowOfDay } from '../ledger/window.rule.js';
import { assessStatement } from './assess-statement.js';
import { ASSESSMENT_BATCHES } from './assessment-batch.source.js';
import { assessmentEvent, type AssessmentRow } from './assessment-row.js';

/** Households of one statement, and of one row in the outbox. */
const SLICE = 5_000;

/**
 * Gives households the figure of today's window and publishes what is new, with one outbox row a slice. The caller holds the
 * households' row locks (or the ledger alone), else two revisions could be made of one.
 */
@Injectable()
export class AssessHouseholds {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Answers the number of households whose figure is new. Households without facts are passed over. */
  async execute(tx: Tx, householdIds: readonly number[]): Promise<number> {
    let changed = 0;
    for (let start = 0; start < householdIds.length; start += SLICE)
      changed += await this.#assessSlice(tx, householdIds.slice(start, start + SLICE));
    return changed;
  }

  async #assessSlice(tx: Tx, householdIds: readonly number[]): Promise<number> {
    const now = this.clock.now();
    const { from, to } = windowOfDay(shanghaiDay(now));
    const [next] = await tx.query<{ batch: number }>("SELECT nextval('assessment_batches') AS batch");
    const batch = (next as { batch: number }).batch;
    const rows = await tx.query<AssessmentRow>(assessStatement, [householdIds, from, to, batch, now]);
    if (rows.length > 0) {
      const messages = rows.map(assessmentEvent);
      await this.outbox.addReference(tx, {
        source: ASSESSMENT_BATCHES,
        ref: { batch },
        topic: topics.assessment,
        messages,
      });
    }
    return rows.length;
  }
}
