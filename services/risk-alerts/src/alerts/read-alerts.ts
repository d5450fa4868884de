/** Reads alerts within a scope: the last revision of each, and one with its explanation. */
import { JOINT_CAUSE, levelNames, reasonsFromBits, type Level } from '@fangpin/contracts';
import { composeDerivedId, NotFound, parseDerivedId, regionOfDuty } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { shockRevisionOf } from '../fan-out/alert-revision.js';
import { findFanOuts, type FanOut } from '../fan-out/fan-out.js';
import { explainFinding, type FindingBehindAlert } from '../findings/explain-finding.js';
import { findingBehind } from '../findings/finding-behind.js';
import { explainJoint } from '../joint/explain-joint.js';
import { jointBehind, type JointBehindAlert } from '../joint/joint-behind.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { AlertEntity } from './alert.entity.js';
import type { AlertResponse, ExplainedAlertResponse } from './alert.responses.js';
import { explain } from './explanation.js';

export interface AlertFilter {
  readonly shockId?: string | undefined;
  readonly findingId?: string | undefined;
  readonly householdId?: number | undefined;
  readonly status?: 'raised' | 'withdrawn' | undefined;
}

interface AlertListRow {
  origin: number;
  household_id: number;
  revision: number;
  duty_code: number;
  shock_id: string | null;
  finding_id: string | null;
  cause: string;
  loss_fen: number;
  projected_fen: number | null;
  persons: number;
  state: number;
  severity: number;
  reasons: number;
}

const LIST_COLUMNS = `a.origin, a.household_id, a.revision, a.duty_code, o.shock_id, o.finding_id, o.cause, a.loss_fen, a.projected_fen,
  a.persons, a.state, a.severity, a.reasons`;

@Injectable()
export class ReadAlerts {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
  ) {}

  /** A page in order of place and household. */
  async list(filter: AlertFilter, { limit, after }: PageRequest, scope: Scope): Promise<Page<AlertResponse>> {
    const values: unknown[] = [scope.lo, scope.hi];
    const use = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ['a.duty_code >= $1 AND a.duty_code < $2'];
    if (filter.shockId !== undefined)
      conditions.push(`a.origin IN (SELECT origin FROM origins WHERE shock_id = ${use(filter.shockId)})`);
    if (filter.findingId !== undefined)
      conditions.push(`a.origin IN (SELECT origin FROM origins WHERE finding_id = ${use(filter.findingId)})`);
    if (filter.householdId !== undefined) conditions.push(`a.household_id = ${use(filter.householdId)}`);
    if (filter.status !== undefined)
      conditions.push(`a.state = ${use(filter.status === 'raised' ? RAISED : WITHDRAWN)}`);
    if (after !== undefined)
      conditions.push(
        `(a.duty_code, a.household_id, a.origin) > (${use(after[0])}::bigint, ${use(after[1])}::bigint, ${use(after[2])}::bigint)`,
      );
    const rows = await this.database.transaction(scope, (tx) =>
      tx.query<AlertListRow & Record<string, unknown>>(
        `SELECT ${LIST_COLUMNS} FROM alerts a JOIN origins o USING (origin)
         WHERE ${conditions.join(' AND ')} AND NOT EXISTS (
           SELECT FROM alerts newer
           WHERE newer.origin = a.origin AND newer.household_id = a.household_id AND newer.revision > a.revision)
         ORDER BY a.duty_code, a.household_id, a.origin LIMIT ${limit + 1}`,
        values,
      ),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.duty_code, row.household_id, row.origin]);
    return { items: items.map(responseOf), nextCursor };
  }

  /** One alert, explained. 404 where it does not exist in the scope. */
  async get(id: string, scope: Scope): Promise<ExplainedAlertResponse> {
    const { origin, householdId } = parseDerivedId(id);
    const found = await this.database.transaction(scope, async (tx) => {
      const revisions = await tx.manager.getRepository(AlertEntity).find({
        where: { origin, householdId },
        order: { revision: 'DESC' },
        take: 20,
      });
      const last = revisions[0];
      if (last === undefined) throw new NotFound('alert', id);
      // A withdrawn revision keeps the figures of the one that it takes back.
      const raised = revisions.find((revision) => revision.state === RAISED) ?? last;
      const behind =
        (await findingBehind(tx, raised)) ?? (await jointBehind(tx, raised)) ?? (await fanOutBehind(tx, raised));
      if (behind === undefined) throw new NotFound('fan-out', id);
      return { last, raised, behind, caseState: await caseStateOf(tx, origin, householdId) };
    });
    const { last, raised, behind, caseState } = found;
    const policy = await this.policies.get(behind.policyVersion);
    return {
      ...responseOf({
        origin,
        household_id: householdId,
        revision: last.revision,
        duty_code: last.dutyCode,
        shock_id: 'shock' in behind ? behind.shockId : null,
        finding_id: 'facts' in behind ? behind.facts.findingId : null,
        cause: causeOf(behind),
        loss_fen: raised.lossFen,
        projected_fen: raised.projectedFen,
        persons: last.persons,
        state: last.state,
        severity: raised.severity,
        reasons: raised.reasons,
      }),
      caseState,
      explanation: asItStands(last, explanationOf(raised, behind, policy)),
    };
  }
}

type Behind = FindingBehindAlert | JointBehindAlert | FanOut;

function causeOf(behind: Behind): string {
  if ('facts' in behind) return behind.facts.kind.cause;
  return 'parts' in behind ? JOINT_CAUSE : behind.cause;
}

function explanationOf(raised: AlertEntity, behind: Behind, policy: PolicySet): ExplainedAlertResponse['explanation'] {
  if ('facts' in behind) return explainFinding(raised, behind, policy);
  return 'parts' in behind ? explainJoint(raised, behind, policy) : explain(raised, behind, policy);
}

const WITHDRAWN_TEXT = '这条提示已经撤回，不用再为它上门核实；上面是撤回以前的判断。';

/** The paragraph of a withdrawn alert tells what was judged, and at its end, where it asks for a visit, that it no longer does. */
function asItStands<T extends { readonly text: string }>({ state }: AlertEntity, explanation: T): T {
  return state === WITHDRAWN ? { ...explanation, text: `${explanation.text}${WITHDRAWN_TEXT}` } : explanation;
}

async function fanOutBehind(tx: Tx, { origin, revision }: AlertEntity): Promise<FanOut | undefined> {
  const [fanOut] = await findFanOuts(tx, 'f.origin = $1 AND f.shock_revision = $2', [
    origin,
    shockRevisionOf(revision),
  ]);
  return fanOut;
}

async function caseStateOf(tx: Tx, origin: number, householdId: number): Promise<string | null> {
  const [row] = await tx.query<{ state: string }>(
    `SELECT c.state FROM triage_answers t, unnest(t.household_ids, t.case_origins) AS pair (household_id, case_origin)
       JOIN case_states c ON c.case_origin = pair.case_origin AND c.household_id = pair.household_id
     WHERE t.origin = $1 AND t.household_ids @> ARRAY[$2::bigint] AND pair.household_id = $2
     ORDER BY t.alert_revision DESC LIMIT 1`,
    [origin, householdId],
  );
  return row?.state ?? null;
}

function responseOf(row: AlertListRow): AlertResponse {
  return {
    id: composeDerivedId({ origin: row.origin, householdId: row.household_id }),
    shockId: row.shock_id,
    findingId: row.finding_id,
    cause: row.cause,
    householdId: row.household_id,
    region: regionOfDuty(row.duty_code, 'village'),
    status: row.state === RAISED ? 'raised' : 'withdrawn',
    severity: row.severity,
    severityName: levelNames[row.severity as Level] ?? '无',
    reasons: reasonsFromBits(row.reasons),
    persons: row.persons,
    lossFen: row.loss_fen,
    projectedPerCapitaFen: row.projected_fen,
    revision: row.revision,
  };
}
