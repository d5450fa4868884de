/** Reads findings within a scope: what became of each, and how many there are. */
import { findingKinds } from '@fangpin/contracts';
import { composeDerivedId, NotFound, regionOfDuty, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { CLOCK, page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { RAISED } from '../../fan-out/alert-rows.js';
import { answerWords } from '../../ledger/answer-words.js';
import type { FindingState } from '../decide-finding.rule.js';
import { reasonGiven, type FindingReason } from '../finding-reasons.js';
import type {
  FindingAlertResponse,
  FindingResponse,
  FindingSummary,
  SettledFindingResponse,
} from './finding.responses.js';

export interface FindingFilter {
  readonly kind?: string | undefined;
  readonly outcome?: FindingState | undefined;
  readonly department?: string | undefined;
  readonly batchId?: string | undefined;
}

interface FindingRow {
  finding_id: string;
  revision: number;
  household_id: number;
  duty_code: number;
  origin: number;
  kind: string;
  department: string;
  batch_id: string;
  occurred_on: string;
  outcome: FindingState;
  reason: FindingReason | null;
  policy_version: string;
  heard_at: Date;
  decided_at: Date;
  [column: string]: unknown;
}

const COLUMNS = `f.finding_id, f.revision, f.household_id, f.duty_code, f.origin, f.kind, f.department, f.batch_id,
  f.occurred_on::text AS occurred_on, f.outcome, f.reason, f.policy_version, f.heard_at, f.decided_at`;
const KIND_NAMES = new Map(findingKinds.map(({ key, name }) => [key, name]));

@Injectable()
export class ReadFindings {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A page in order of place and finding. */
  async list(filter: FindingFilter, { limit, after }: PageRequest, scope: Scope): Promise<Page<FindingResponse>> {
    const where = new Conditions(filter, scope);
    if (after !== undefined)
      where.add(`(f.duty_code, f.finding_id) > (${where.use(after[0])}::bigint, ${where.use(after[1])}::uuid)`);
    const rows = await this.database.transaction(scope, (tx) =>
      tx.query<FindingRow>(
        `SELECT ${COLUMNS} FROM findings f WHERE ${where.sql} ORDER BY f.duty_code, f.finding_id LIMIT ${limit + 1}`,
        where.values,
      ),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.duty_code, row.finding_id]);
    return { items: items.map(responseOf), nextCursor };
  }

  /** One finding with its alerts and what became of them. 404 where it is not in the scope, or of another department. */
  async get(id: string, department: string | undefined, scope: Scope): Promise<SettledFindingResponse> {
    return this.database.transaction(scope, async (tx) => {
      const [row] = await tx.query<FindingRow>(
        `SELECT ${COLUMNS} FROM findings f WHERE f.finding_id = $1 AND ($2::text IS NULL OR f.department = $2)`,
        [id, department ?? null],
      );
      if (row === undefined) throw new NotFound('finding', id);
      return { ...responseOf(row), alerts: await alertsOf(tx, id) };
    });
  }

  async summary(filter: FindingFilter, scope: Scope): Promise<FindingSummary> {
    const where = new Conditions(filter, scope);
    const rows = await this.database.transaction(scope, (tx) =>
      tx.query<{ outcome: FindingState; reason: FindingReason | null; n: number }>(
        `SELECT outcome, reason, count(*)::int AS n FROM findings f WHERE ${where.sql} GROUP BY 1, 2 ORDER BY 3 DESC, 2`,
        where.values,
      ),
    );
    const count = (...outcomes: readonly FindingState[]): number =>
      rows.reduce((sum, { outcome, n }) => (outcomes.includes(outcome) ? sum + n : sum), 0);
    return {
      findings: count('alerted', 'withheld', 'waiting', 'withdrawn'),
      exposed: count('alerted', 'withheld'),
      alerted: count('alerted'),
      withheld: count('withheld'),
      waiting: count('waiting'),
      withdrawn: count('withdrawn'),
      reasons: rows.flatMap(({ reason, n }) => (reason === null ? [] : [{ ...reasonGiven(reason), findings: n }])),
      asOf: toBeijingTime(this.clock.now()),
    };
  }
}

class Conditions {
  readonly values: unknown[] = [];
  readonly #conditions: string[] = [];

  constructor({ kind, outcome, department, batchId }: FindingFilter, { lo, hi }: Scope) {
    this.add(`f.duty_code >= ${this.use(lo)} AND f.duty_code < ${this.use(hi)}`);
    for (const [column, value] of Object.entries({ kind, outcome, department, batch_id: batchId }))
      if (value !== undefined) this.add(`f.${column} = ${this.use(value)}`);
  }

  use(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  add(condition: string): void {
    this.#conditions.push(condition);
  }

  get sql(): string {
    return this.#conditions.join(' AND ');
  }
}

interface AlertRow {
  origin: number;
  household_id: number;
  state: number;
  severity: number;
  published: boolean;
  answer: number | null;
  case_origin: number | null;
  case_state: string | null;
  [column: string]: unknown;
}

// An answer to a raised alert says where it went; one to a withdrawal says whether somebody had acted, and names no case.
const ALERTS = `
  SELECT last.origin, last.household_id, last.state, last.severity, s.state = 'published' AS published,
    answer.outcome AS answer, went.case_origin, c.state AS case_state
  FROM (
    SELECT DISTINCT ON (a.origin, a.household_id) a.origin, a.household_id, a.revision, a.state, a.severity, a.slice_no
    FROM alerts a WHERE a.origin IN (SELECT origin FROM origins WHERE finding_id = $1)
    ORDER BY a.origin, a.household_id, a.revision DESC) AS last
  JOIN slices s USING (slice_no)
  LEFT JOIN LATERAL (
    SELECT pair.outcome FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
    WHERE t.origin = last.origin AND pair.household_id = last.household_id
    ORDER BY t.alert_revision DESC, t.answer_no DESC LIMIT 1) AS answer ON true
  LEFT JOIN LATERAL (
    SELECT pair.case_origin FROM triage_answers t, unnest(t.household_ids, t.case_origins) AS pair (household_id, case_origin)
    WHERE t.origin = last.origin AND pair.household_id = last.household_id AND pair.case_origin > 0
    ORDER BY t.alert_revision DESC, t.answer_no DESC LIMIT 1) AS went ON true
  LEFT JOIN case_states c ON c.case_origin = went.case_origin AND c.household_id = last.household_id
  ORDER BY last.revision DESC, last.origin`;

async function alertsOf(tx: Tx, findingId: string): Promise<FindingAlertResponse[]> {
  const rows = await tx.query<AlertRow>(ALERTS, [findingId]);
  return rows.map((row) => ({
    id: composeDerivedId({ origin: row.origin, householdId: row.household_id }),
    status: row.state === RAISED ? 'raised' : 'withdrawn',
    severity: row.severity,
    published: row.published,
    answer: row.answer === null ? null : (answerWords[row.answer] ?? null),
    caseId:
      row.case_origin === null ? null : composeDerivedId({ origin: row.case_origin, householdId: row.household_id }),
    caseState: row.case_state,
  }));
}

function responseOf(row: FindingRow): FindingResponse {
  return {
    id: row.finding_id,
    revision: row.revision,
    householdId: row.household_id,
    region: regionOfDuty(row.duty_code, 'village'),
    kind: row.kind,
    kindName: KIND_NAMES.get(row.kind) ?? row.kind,
    department: row.department,
    batchId: row.batch_id === '' ? null : row.batch_id,
    occurredOn: row.occurred_on,
    outcome: row.outcome,
    reason: row.reason === null ? null : reasonGiven(row.reason),
    alertId: row.outcome === 'alerted' ? composeDerivedId({ origin: row.origin, householdId: row.household_id }) : null,
    policyVersion: row.policy_version,
    heardAt: toBeijingTime(row.heard_at),
    decidedAt: toBeijingTime(row.decided_at),
  };
}
