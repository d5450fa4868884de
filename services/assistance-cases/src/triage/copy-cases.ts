/** The rows of new cases, by COPY. What the cases of one message share is laid out once and copied from row to row. */
import { packRevision, shanghaiDay } from '@fangpin/domain-kit';
import { copyInto, rowTemplate, type RowTemplate, type Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { OPENED } from './outcome.js';
import type { TriageRun } from './triage-run.js';

const COLUMNS = [
  'case_origin',
  'household_id',
  'duty_code',
  'revision',
  'alert_revision',
  'opened_at',
  'due_at',
  'persons',
  'severity',
  'alert_severity',
  'alert_outcome',
  'state',
  'regime',
  'acted',
];
const COPY_TARGET = `cases (${COLUMNS.join(', ')})`;
/** Positions of what differs from case to case. */
const COLUMN = { household_id: 1, duty_code: 2, persons: 7, severity: 8, alert_severity: 9 } as const;

export async function copyCases(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  await copyInto(tx.client, COPY_TARGET, async (writer, flush) => {
    const { incoming } = run;
    const rowOf = caseRows(run);
    let written = 0;
    for (const alert of alerts) {
      const severity = incoming.severity[alert] as number;
      writer
        .like(rowOf(alert))
        .setInt8(COLUMN.household_id, incoming.household[alert] as number)
        .setInt8(COLUMN.duty_code, incoming.duty[alert] as number)
        .setInt2(COLUMN.persons, incoming.persons[alert] as number)
        .setInt2(COLUMN.severity, severity)
        .setInt2(COLUMN.alert_severity, severity);
      if ((written += 1) % 512 === 0) await flush();
    }
  });
}

/** The row of a case as far as all cases of a message share it. */
function caseRows(run: TriageRun): (alert: number) => RowTemplate {
  const { incoming, epoch, now } = run;
  const revision = packRevision({ epoch, version: 1 });
  const regime = regimeOf(shanghaiDay(now));
  let last: { readonly head: number; readonly row: RowTemplate } | undefined;
  return (alert) => {
    const head = incoming.head[alert] as number;
    if (last?.head === head) return last.row;
    const { origin, revision: alertRevision } = incoming.headOf(alert);
    const row = rowTemplate((writer) =>
      writer
        .row(COLUMNS.length)
        .int8(origin)
        .int8(0)
        .int8(0)
        .int8(revision)
        .int8(alertRevision)
        .timestamptz(now.getTime())
        .timestamptz(run.dueMs('first-visit', alert))
        .int2(0)
        .int2(0)
        .int2(0)
        .int2(OPENED)
        .int2(caseStates.clue.code)
        .int2(regime)
        .bool(false),
    );
    last = { head, row };
    return row;
  };
}
