/** What became of the alerts, packed as they came: by shock, cause, revision and township, some hundred households a message. */
import { create, toBinary } from '@bufbuild/protobuf';
import { CaseEventSchema, PackedColumns, topics, TriageBatchSchema, type TriageOutcome } from '@fangpin/contracts';
import { encodeBytes, type OutgoingMessage } from '@fangpin/messaging';
import { checkMessages } from '../check-items/said-checks.js';
import type { AlertHead } from './incoming-alerts.js';
import type { TriageRun } from './triage-run.js';

/** Keeps a message under some 10 KB, and the number of messages a send small (architecture §5). */
export const MAX_HOUSEHOLDS_A_MESSAGE = 500;

export interface AnswerHead {
  readonly shockId: string;
  readonly origin: number;
  readonly alertRevision: number;
  readonly township: string;
}

/** Answers column by column, the n-th entry of each being the n-th household's: a shock has some ten thousand at once. */
export class AnswerColumns {
  readonly householdIds: number[] = [];
  readonly outcomes: TriageOutcome[] = [];
  /** 0 where there is no case. */
  readonly caseOrigins: number[] = [];

  add(householdId: number, outcome: TriageOutcome, caseOrigin: number): void {
    this.householdIds.push(householdId);
    this.outcomes.push(outcome);
    this.caseOrigins.push(caseOrigin);
  }
}

/** Names what an answer is read from again after a crash: (origin, township) pairs. */
export interface AnswerRef extends Record<string, unknown> {
  readonly groups: readonly (readonly [origin: number, township: string])[];
}

const field = TriageBatchSchema.field;

/** `key` is the township of the head, unless all is to come in one partition. */
export function answerMessages(head: AnswerHead, rows: AnswerColumns, key = head.township): OutgoingMessage[] {
  const headBytes = toBinary(
    TriageBatchSchema,
    create(TriageBatchSchema, {
      shockId: head.shockId,
      origin: BigInt(head.origin),
      alertRevision: BigInt(head.alertRevision),
      township: head.township,
    }),
  );
  const columns = new PackedColumns();
  const messages: OutgoingMessage[] = [];
  for (let from = 0; from < rows.householdIds.length; from += MAX_HOUSEHOLDS_A_MESSAGE) {
    const to = from + MAX_HOUSEHOLDS_A_MESSAGE;
    const triage = columns
      .column(field.householdIds.number, rows.householdIds.slice(from, to))
      .column(field.outcomes.number, rows.outcomes.slice(from, to))
      .column(field.caseOrigins.number, rows.caseOrigins.slice(from, to))
      .behind(headBytes);
    const event = PackedColumns.inside(CaseEventSchema.field.triage.number, triage);
    messages.push(encodeBytes(topics.case, event, { key }));
  }
  return messages;
}

/** Answers for every alert of the run that changed something, what checks answer for them, and the reference that stands for them in the outbox. */
export function answersOf(run: TriageRun): { ref: AnswerRef; messages: OutgoingMessage[] } {
  const groups = new Map<string, { head: AlertHead; rows: AnswerColumns }>();
  const byHead: (AnswerColumns | undefined)[] = [];
  for (let alert = 0; alert < run.incoming.size; alert += 1) {
    const outcome = run.outcome[alert] as TriageOutcome | 0;
    if (outcome === 0) continue;
    const headIndex = run.incoming.head[alert] as number;
    let rows = byHead[headIndex];
    if (rows === undefined) {
      const head = run.incoming.headOf(alert);
      const key = `${head.origin}/${head.revision}/${head.township}`;
      const group = groups.get(key) ?? { head, rows: new AnswerColumns() };
      groups.set(key, group);
      byHead[headIndex] = rows = group.rows;
    }
    rows.add(run.incoming.household[alert] as number, outcome, run.caseOrigin[alert] as number);
  }
  const all = [...groups.values()];
  const pairs = new Map(
    all.map(({ head }) => [`${head.origin}/${head.township}`, [head.origin, head.township] as const]),
  );
  return {
    ref: { groups: [...pairs.values()] },
    // Who reads that an alert is answered by a check has read before that it was listed.
    messages: [
      ...all.flatMap(({ head, rows }) => answerMessages({ ...head, alertRevision: head.revision }, rows)),
      ...checkMessages(run.checked),
    ],
  };
}
