/** What became of the alerts, packed as they came: by shock, cause, revision and township, some hundred households a message. */
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, type TriageOutcome } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
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

export interface AnswerRow {
  readonly householdId: number;
  readonly outcome: TriageOutcome;
  readonly caseOrigin: number;
}

/** Names what an answer is read from again after a crash: (origin, township) pairs. */
export interface AnswerRef extends Record<string, unknown> {
  readonly groups: readonly (readonly [origin: number, township: string])[];
}

export function answerMessages(head: AnswerHead, rows: readonly AnswerRow[]): OutgoingMessage[] {
  const messages: OutgoingMessage[] = [];
  for (let from = 0; from < rows.length; from += MAX_HOUSEHOLDS_A_MESSAGE) {
    const part = rows.slice(from, from + MAX_HOUSEHOLDS_A_MESSAGE);
    const event = create(CaseEventSchema, {
      body: {
        case: 'triage',
        value: {
          shockId: head.shockId,
          origin: BigInt(head.origin),
          alertRevision: BigInt(head.alertRevision),
          township: head.township,
          householdIds: part.map(({ householdId }) => BigInt(householdId)),
          outcomes: part.map(({ outcome }) => outcome),
          caseOrigins: part.map(({ caseOrigin }) => BigInt(caseOrigin)),
        },
      },
    });
    messages.push(encodeEvent(topics.case, event, { key: head.township }));
  }
  return messages;
}

/** Answers for every alert of the run that changed something, and the reference that stands for them in the outbox. */
export function answersOf(run: TriageRun): { ref: AnswerRef; messages: OutgoingMessage[] } {
  const groups = new Map<string, { head: AlertHead; rows: AnswerRow[] }>();
  const byHead: (AnswerRow[] | undefined)[] = [];
  for (let alert = 0; alert < run.incoming.size; alert += 1) {
    const outcome = run.outcome[alert] as TriageOutcome | 0;
    if (outcome === 0) continue;
    const headIndex = run.incoming.head[alert] as number;
    let rows = byHead[headIndex];
    if (rows === undefined) {
      const head = run.incoming.headOf(alert);
      const key = `${head.origin}/${head.revision}/${head.township}`;
      const group = groups.get(key) ?? { head, rows: [] };
      groups.set(key, group);
      byHead[headIndex] = rows = group.rows;
    }
    rows.push({
      householdId: run.incoming.household[alert] as number,
      outcome,
      caseOrigin: run.caseOrigin[alert] as number,
    });
  }
  const all = [...groups.values()];
  const pairs = new Map(
    all.map(({ head }) => [`${head.origin}/${head.township}`, [head.origin, head.township] as const]),
  );
  return {
    ref: { groups: [...pairs.values()] },
    messages: all.flatMap(({ head, rows }) => answerMessages({ ...head, alertRevision: head.revision }, rows)),
  };
}
