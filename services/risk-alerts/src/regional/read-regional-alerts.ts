/** Reads early warnings within a scope: the last revision of each, and one with its explanation, history and members. */
import { NotFound, toBeijingTime, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope, type Tx } from '@fangpin/persistence';
import type { PolicySet, RegionalWarning } from '@fangpin/policy';
import { CLOCK, ENV, page, type BaseEnv, type Page, type PageRequest } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import type { WarningState } from './area-warning.rule.js';
import { regionOf, type AreaLevel } from './areas.js';
import { areasBelow, shareOf } from './areas-below.js';
import { areaName } from './area-words.js';
import { explainRegionalAlert, judgedBy, subjectOf } from './explain-regional-alert.js';
import { isAbove } from './judge-above.rule.js';
import { membersAbove } from './members-above.js';
import {
  alertOfRow,
  LAST_OF_EACH,
  parseWarningId,
  REGIONAL_COLUMNS,
  warningId,
  type RegionalAlert,
  type RegionalAlertRow,
} from './regional-alert.js';
import type { ExplainedRegionalAlert, RegionalAlertResponse } from './regional-alert.responses.js';
import { regionalMembers } from './regional-members.js';

const REVISIONS_SHOWN = 50;

@Injectable()
export class ReadRegionalAlerts {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** A page in order of place, rule and subject. A warning of an area above the caller's own is not shown. */
  async list(
    { state, level }: { readonly state?: WarningState | undefined; readonly level?: AreaLevel | undefined },
    { limit, after }: PageRequest,
    scope: Scope,
  ): Promise<Page<RegionalAlertResponse>> {
    const values: unknown[] = [scope.lo, scope.hi];
    const use = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ['true'];
    if (state !== undefined) conditions.push(`state = ${use(state)}`);
    if (level !== undefined) conditions.push(`level = ${use(level)}`);
    if (after !== undefined)
      conditions.push(
        `(duty_code, level, rule, subject) > (${use(after[0])}::bigint, ${use(after[1])}, ${use(after[2])}, ${use(after[3])})`,
      );
    const rows = await this.database.transaction(scope, (tx) =>
      tx.query<RegionalAlertRow>(
        `SELECT ${REGIONAL_COLUMNS} FROM ${LAST_OF_EACH} AS last WHERE ${conditions.join(' AND ')}
         ORDER BY duty_code, level, rule, subject LIMIT ${limit + 1}`,
        values,
      ),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.duty_code, row.level, row.rule, row.subject]);
    return { items: items.map(alertOfRow).map(responseOf), nextCursor };
  }

  /** One warning; the page is of its members. 404 where it does not exist in the scope. */
  async get(id: string, members: PageRequest, scope: Scope): Promise<ExplainedRegionalAlert> {
    const { alert, revisions } = await this.database.transaction(scope, (tx) => revisionsOf(tx, id));
    // Under the policy that the figures were judged by; the members are those of now, by the same values.
    const policy = await this.policies.get(alert.policyVersion);
    const by = judgedBy(alert, policy);
    const now = this.clock.now();
    const { carriedBy } = by.rule;
    const below =
      carriedBy === undefined ? null : await this.database.transaction(scope, (tx) => areasBelow(tx, alert, carriedBy));
    // The area of the warning lies within the scope: who lives there may have been alerted elsewhere.
    const shown = await this.database.transaction(cellScope(`${scope.name}:members`, this.env.cellRegion), (tx) =>
      isAbove(alert.area)
        ? membersAbove(tx, alert, countingIn(policy, alert), now, members)
        : regionalMembers(tx, alert, by.counting, now, members),
    );
    return {
      ...responseOf(alert),
      explanation: explainRegionalAlert(alert, by, below),
      below,
      history: revisions.map(({ revision, standing, figures, evaluatedAt }) => ({
        revision,
        state: standing.state,
        households: figures.households,
        ofHouseholds: figures.of,
        asOf: toBeijingTime(evaluatedAt),
      })),
      members: shown,
    };
  }
}

/** What counts in a county, by its own record. */
function countingIn(policy: PolicySet, { judgedOn, rule }: RegionalAlert): (county: RegionCode) => RegionalWarning {
  return (county) => policy.get('regional-warning', county, judgedOn, rule).value;
}

async function revisionsOf(tx: Tx, id: string): Promise<{ alert: RegionalAlert; revisions: RegionalAlert[] }> {
  const { area, rule, subject } = parseWarningId(id);
  const rows = await tx.query<RegionalAlertRow>(
    `SELECT ${REGIONAL_COLUMNS} FROM regional_alert_history
     WHERE duty_code = $1 AND level = $2 AND rule = $3 AND subject = $4 ORDER BY revision DESC LIMIT ${REVISIONS_SHOWN}`,
    [area.dutyCode, area.level, rule, subject],
  );
  const revisions = rows.map(alertOfRow);
  const [alert] = revisions;
  if (alert === undefined) throw new NotFound('regional alert', id);
  return { alert, revisions };
}

function responseOf(alert: RegionalAlert): RegionalAlertResponse {
  const { figures, standing } = alert;
  return {
    id: warningId(alert),
    region: regionOf(alert.area),
    name: areaName(alert),
    level: alert.area.level,
    rule: alert.rule,
    subject: subjectOf(alert),
    state: standing.state,
    endedWhy: standing.state !== 'ended' ? null : standing.recalled === true ? 'recalled' : 'passed',
    openedAt: toBeijingTime(new Date(standing.openedMs)),
    since: toBeijingTime(new Date(standing.sinceMs)),
    households: figures.households,
    ofHouseholds: figures.of,
    share: shareOf(figures.households, figures.of),
    struckParts: figures.struckParts,
    parts: figures.parts,
    revision: alert.revision,
    asOf: toBeijingTime(alert.evaluatedAt),
  };
}
