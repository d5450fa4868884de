import { Inject, Injectable } from '@nestjs/common';
import { dutyRange, NotFound, type Clock, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { HouseholdEntity } from '../households/household.entity.js';
import { coveredMonths, findFigure, sumInWindow, type LedgerEntry } from '../ledger/figure.rule.js';
import { IncomeEntryEntity } from '../ledger/income-entry.entity.js';
import type { Month } from '../ledger/month.js';
import { windowOfMonth, type Window } from '../ledger/window.rule.js';
import type { AssessmentRow } from './assessment-row.js';
import { assessmentView, figureView, setApartView } from './assessment-view.js';
import type { IncomeAssessmentDetailDto } from './dto/income-assessment.dto.js';

/** Reads figures under the transaction's scope. */
@Injectable()
export class ReadAssessments {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** The figure in force, with what stands beside it. Refuses (404) a household without one, or outside the scope. */
  async latest(tx: Tx, householdId: number): Promise<IncomeAssessmentDetailDto> {
    const [row] = await tx.query<AssessmentRow>(
      'SELECT * FROM assessments WHERE household_id = $1 ORDER BY revision DESC LIMIT 1',
      [householdId],
    );
    if (row === undefined) throw new NotFound('income assessment', String(householdId));
    const window = { from: row.window_from as Month, to: row.window_to as Month };
    const entries = await entriesIn(tx, householdId, window);
    return {
      ...assessmentView(row),
      setApart: setApartView(sumInWindow(entries, window)),
      monthsCovered: coveredMonths(entries, window),
    };
  }

  /**
   * The figure as an assessment made in a month would have it, recomputed from the ledger as it is today (corrections
   * included) and for the persons of today: sizes of the past are the registry's to tell.
   */
  async asOf(tx: Tx, householdId: number, month: Month): Promise<IncomeAssessmentDetailDto> {
    const household = await tx.manager.getRepository(HouseholdEntity).findOneBy({ householdId });
    const window = windowOfMonth(month);
    const entries = household === null ? [] : await entriesIn(tx, householdId, window);
    const figure = findFigure(entries, household?.persons ?? 0, window);
    if (household === null || figure === undefined) throw new NotFound('income assessment', String(householdId));
    const { dutyCode, state } = household;
    return {
      ...figureView({ householdId, dutyCode, closed: state !== 'active' }, figure, this.clock.now()),
      setApart: setApartView(figure.sums),
      monthsCovered: figure.monthsCovered,
    };
  }

  /** Figures in force of an area, by place and household. */
  list(
    tx: Tx,
    region: RegionCode,
    { limit, after }: { limit: number; after?: readonly [number, number] },
  ): Promise<AssessmentRow[]> {
    const { lo, hi } = dutyRange(region);
    return tx.query<AssessmentRow>(
      `SELECT a.* FROM households h CROSS JOIN LATERAL (
         SELECT * FROM assessments WHERE household_id = h.household_id ORDER BY revision DESC LIMIT 1) a
       WHERE h.duty_code >= $1 AND h.duty_code < $2 AND (h.duty_code, h.household_id) > ($3, $4)
       ORDER BY h.duty_code, h.household_id LIMIT $5`,
      [lo, hi, after?.[0] ?? -1, after?.[1] ?? -1, limit],
    );
  }
}

async function entriesIn(tx: Tx, householdId: number, window: Window): Promise<LedgerEntry[]> {
  const rows = await tx.manager.getRepository(IncomeEntryEntity).findBy({
    householdId,
    from: LessThanOrEqual(window.to),
    to: MoreThanOrEqual(window.from),
  });
  return rows.map(({ kind, from, to, amountFen }) => ({ kind, from: from as Month, to: to as Month, amountFen }));
}
