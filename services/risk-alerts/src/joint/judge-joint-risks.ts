/**
 * Looks at what the causes of households are together, in the transaction that has changed their episodes: a joint alert and the
 * alerts that it adds up are never stored apart. Set by set, and for most households without a question: one alert is no joint risk,
 * and beside a red one nothing is worse.
 */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { nextRevision, regionOfDuty, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { epochOf } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import type { BookedHousehold } from '../episodes/episode-book.js';
import { livesOn } from '../episodes/episode-lives.js';
import { passesMs, whyGone } from '../episodes/followed-alert.rule.js';
import type { BookedAlert, LifeOf } from '../episodes/household-risks.js';
import type { StandingAlert } from '../episodes/joint-risk.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import type { SeverityPolicy } from '../loss/severity.rule.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { dueMs, moveJoint, type JointMove, type MemberFate } from './joint-alert.rule.js';
import { jointOrigin, lastJoints, standingParts, storeJoints, type JointRow, type LastJoint } from './joint-rows.js';
import { causesOf, jointVerdict, mayBeJoint, type JointVerdict } from './joint-verdict.rule.js';
import { TakeApart } from './take-apart.js';
import { StoreJointAlerts, type JointRevision } from './store-joint-alerts.js';

interface Looked {
  readonly household: BookedHousehold;
  readonly last: LastJoint | undefined;
  /** Standing alerts, in order of origin. */
  readonly standing: readonly BookedAlert[];
}

@Injectable()
export class JudgeJointRisks {
  constructor(
    private readonly policies: PolicyVersions,
    private readonly alerts: StoreJointAlerts,
    private readonly takeApart: TakeApart,
  ) {}

  /** `households`: of the book as it has been stored, under its lock. */
  async execute(tx: Tx, households: Iterable<BookedHousehold>, now: Date): Promise<void> {
    const all = [...households];
    if (all.length === 0) return;
    const lifeOf = livesOn(this.policies.current, shanghaiDay(now));
    const last = await lastJoints(
      tx,
      all.map(({ householdId }) => householdId),
    );
    const looked = all
      .map((household) => ({
        household,
        last: last.get(household.householdId),
        standing: standingOf(household, lifeOf(household.dutyCode), now.getTime()),
      }))
      .filter((one) => one.last?.stands === true || mayBeJoint(one.standing));
    if (looked.length === 0) return;
    const keys = new Map(
      looked
        .filter(({ standing }) => mayBeJoint(standing))
        .map(({ household, standing }) => [household.householdId, standing]),
    );
    const parts = await this.takeApart.execute(tx, await standingParts(tx, keys));
    await this.settle(tx, looked, parts, lifeOf, now);
  }

  private async settle(
    tx: Tx,
    looked: readonly Looked[],
    partsOf: ReadonlyMap<number, readonly StandingAlert[]>,
    lifeOf: (dutyCode: number) => LifeOf,
    now: Date,
  ): Promise<void> {
    const epoch = await epochOf(tx);
    const judgedOn = shanghaiDay(now);
    const policyOf = this.severityPolicies(judgedOn);
    const revisions: JointRevision[] = [];
    const rows: JointRow[] = [];
    for (const one of looked) {
      const { householdId, dutyCode } = one.household;
      const parts = partsOf.get(householdId) ?? [];
      const policy = parts.length === 0 ? undefined : policyOf(dutyCode);
      if (policy === 'none') continue;
      const judged = policy === undefined ? undefined : jointVerdict(parts, policy);
      const before = one.last?.stands === true ? one.last : undefined;
      const causes = causesOf(one.standing);
      const life = lifeOf(dutyCode)(JOINT_CAUSE);
      const fateOf = fatesOf(one.household, lifeOf(dutyCode), now.getTime());
      const move = moveJoint(
        before,
        { severity: judged?.verdict.severity ?? 0, causes, adding: judged?.risk.adding ?? [] },
        fateOf,
        now.getTime(),
        life,
      );
      const row = rowAfter(one, keptOf(one, fateOf), move, judged, epoch);
      if (row === undefined) continue;
      if (row.revision !== before?.revision) {
        const raised = judged === undefined ? undefined : { ...judged, parts };
        revisions.push({ ...row, raised, before: before?.revision });
      }
      const due = row.lowerSinceMs === null || row.state !== 'raised' ? null : dueMs(row.lowerSinceMs, life);
      if (isNews({ ...row, dueMs: due }, one.last)) rows.push({ ...row, dueMs: due });
    }
    if (revisions.length > 0) await this.alerts.execute(tx, revisions, judgedOn, now);
    await storeJoints(tx, rows, now.getTime());
  }

  /** By duty code, each township's read once. Where a policy has no answer for the place, or no line, nothing is judged: it stays as it is. */
  private severityPolicies(judgedOn: string): (dutyCode: number) => SeverityPolicy | 'none' {
    const known = new Map<string, SeverityPolicy | 'none'>();
    return (dutyCode) => {
      const township = regionOfDuty(dutyCode, 'township');
      const held =
        known.get(township) ?? underPolicy(() => withLine(judgedOn, this.policies.current, township)) ?? 'none';
      known.set(township, held);
      return held;
    };
  }
}

/** What several causes are together is a matter of money: without a line it is nothing. */
function withLine(judgedOn: string, policy: PolicySet, township: RegionCode): SeverityPolicy {
  const severity = severityPolicyOf({ judgedOn }, policy, township);
  severity.lineFen();
  return severity;
}

/**
 * Alerts that stand: what they hold counts, nothing has answered them, and they are of the time that losses are added up over. One that
 * an open case alone keeps is a risk still, and its loss is in the income by now.
 */
function standingOf({ risks }: BookedHousehold, lifeOf: LifeOf, nowMs: number): BookedAlert[] {
  return risks
    .alerts()
    .filter(({ raised, held, goneSinceMs }) => raised && held > 0 && goneSinceMs === null)
    .filter((alert) => passesMs(alert, lifeOf(alert.cause)) > nowMs)
    .sort((a, b) => a.origin - b.origin);
}

function fatesOf({ risks }: BookedHousehold, lifeOf: LifeOf, nowMs: number): (origin: number) => MemberFate {
  const alerts = new Map(risks.alerts().map((alert) => [alert.origin, alert]));
  return (origin) => {
    const alert = alerts.get(origin);
    if (alert === undefined) return 'gone';
    if (alert.raised && alert.held > 0 && alert.goneSinceMs === null) {
      if (passesMs(alert, lifeOf(alert.cause)) > nowMs) return 'stands';
      return alert.caseOpen ? 'kept' : 'gone';
    }
    const why = whyGone(alert);
    return why === 'answered' || why === 'passed' ? 'gone' : 'recalled';
  };
}

function isNews(row: JointRow, last: LastJoint | undefined): boolean {
  const shown = ({ ordinal, stands, dutyCode, revision, lowerSinceMs, dueMs: due, ...rest }: LastJoint): string =>
    JSON.stringify([ordinal, stands, dutyCode, revision, lowerSinceMs, due, rest.members, rest.memberRevisions]);
  return last === undefined || shown(row) !== shown(last);
}

interface MemberRevision {
  readonly origin: number;
  readonly revision: number;
}

/** Alerts that it added up and its open case keeps: they stay among its members, by which the case is known to answer them. */
function keptOf({ last }: Looked, fateOf: (origin: number) => MemberFate): MemberRevision[] {
  if (last?.stands !== true) return [];
  const members = last.members.map((origin, i) => ({ origin, revision: last.memberRevisions[i] ?? 0 }));
  return members.filter(({ origin }) => fateOf(origin) === 'kept');
}

/** Undefined where there was none and there is none. */
function rowAfter(
  { household, last, standing }: Looked,
  kept: readonly MemberRevision[],
  move: JointMove,
  judged: JointVerdict | undefined,
  epoch: number,
): Omit<JointRow, 'dueMs'> | undefined {
  const { householdId, dutyCode } = household;
  const members = [...standing, ...kept].sort((a, b) => a.origin - b.origin);
  const now = {
    severity: judged?.verdict.severity ?? 0,
    causes: causesOf(standing),
    members: members.map(({ origin }) => origin),
    memberRevisions: members.map(({ revision }) => revision),
    toldAdding: judged?.risk.adding.length ?? null,
  };
  if (move.kind === 'raise') {
    const ordinal = (last?.ordinal ?? 0) + 1;
    const origin = jointOrigin(householdId, ordinal);
    const key = { householdId, ordinal, origin, dutyCode, stands: true, state: 'raised' } as const;
    return { ...key, ...now, revision: nextRevision(epoch, undefined), lowerSinceMs: null };
  }
  if (last === undefined || !last.stands) return undefined;
  const { memberRevisions } = now;
  switch (move.kind) {
    case 'none':
      return undefined;
    case 'keep': {
      const { lowerSinceMs } = move;
      return { ...last, dutyCode, state: 'raised', members: now.members, memberRevisions, lowerSinceMs };
    }
    case 'revise':
      return {
        ...last,
        ...now,
        dutyCode,
        state: 'raised',
        revision: nextRevision(epoch, last.revision),
        lowerSinceMs: null,
      };
    case 'withdraw':
      return { ...last, dutyCode, stands: false, state: 'withdrawn', revision: nextRevision(epoch, last.revision) };
    case 'end':
      return { ...last, dutyCode, stands: false, state: 'over' };
  }
}
