/** What assistance-cases made of alerts: from message to row as numbers, all that was fetched in one statement. */
import { fromBinary } from '@bufbuild/protobuf';
import { CaseEventSchema, innerMessage, readPackedColumns, TriageBatchSchema } from '@fangpin/contracts';
import { int2ArrayParameter, int8ArrayParameter, prepared, type Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';

export interface TriageAnswer {
  readonly origin: number;
  readonly alertRevision: number;
  /** Duty code of the township. */
  readonly dutyCode: number;
  readonly householdIds: readonly number[];
  readonly outcomes: readonly number[];
  readonly caseOrigins: readonly number[];
}

const field = TriageBatchSchema.field;
const COLUMNS = [field.householdIds.number, field.outcomes.number, field.caseOrigins.number];
const PARAMETERS = 6;
/** A statement takes 65,535 parameters; some hundred rows gain all that there is to gain. */
const ROWS_A_STATEMENT = 200;
const FEW_ROWS = 4;
const ANSWERED_FAN_OUTS = prepared(
  `SELECT 1 FROM fan_outs WHERE origin = ANY($1::bigint[]) AND state = 'running' LIMIT 1`,
);

/** Undefined for other events of the topic; throws where the bytes are none. */
export function readTriageAnswer(value: Uint8Array): TriageAnswer | undefined {
  const triage = innerMessage(value, CaseEventSchema.field.triage.number);
  if (triage === undefined) return undefined;
  const { head, columns } = readPackedColumns(triage, COLUMNS);
  const [householdIds = [], outcomes = [], caseOrigins = []] = columns;
  const { origin, alertRevision, township } = fromBinary(TriageBatchSchema, head);
  return {
    origin: Number(origin),
    alertRevision: Number(alertRevision),
    dutyCode: Number(township) * TOWNSHIP_SPAN,
    householdIds,
    outcomes,
    caseOrigins,
  };
}

/** One row a message; a repeated one counts for nothing, because the ledger counts distinct households. */
export async function storeAnswers(tx: Tx, answers: readonly TriageAnswer[]): Promise<void> {
  for (let from = 0; from < answers.length; from += ROWS_A_STATEMENT)
    await storeSome(tx, answers.slice(from, from + ROWS_A_STATEMENT));
}

/** Whether a fan-out on its way waits for one of them. */
export async function answersFanOut(tx: Tx, answers: readonly TriageAnswer[]): Promise<boolean> {
  if (answers.length === 0) return false;
  const rows = await tx.query(ANSWERED_FAN_OUTS, [
    int8ArrayParameter([...new Set(answers.map(({ origin }) => origin))]),
  ]);
  return rows.length > 0;
}

async function storeSome(tx: Tx, answers: readonly TriageAnswer[]): Promise<void> {
  const rows = answers.map((_, row) => {
    const $ = (n: number): string => `$${row * PARAMETERS + n}`;
    return `(${$(1)}::bigint, ${$(2)}::bigint, ${$(3)}::bigint, ${$(4)}::bigint[], ${$(5)}::smallint[], ${$(6)}::bigint[])`;
  });
  const text = `INSERT INTO triage_answers (origin, alert_revision, duty_code, household_ids, outcomes, case_origins)
     VALUES ${rows.join(', ')}`;
  await tx.execute(
    // Those of single findings come by ones and twos: few texts, asked for all the time.
    rows.length <= FEW_ROWS ? prepared(text) : text,
    answers.flatMap((answer) => [
      answer.origin,
      answer.alertRevision,
      answer.dutyCode,
      int8ArrayParameter(answer.householdIds),
      int2ArrayParameter(answer.outcomes),
      int8ArrayParameter(answer.caseOrigins),
    ]),
  );
}
