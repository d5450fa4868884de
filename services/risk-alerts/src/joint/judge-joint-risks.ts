/**
 * Looks at what the causes of households are together, in the transaction that has changed their episodes: a joint alert and the
 * alerts that it adds up are never stored apart. Losses that were held back one by one are parts as alerts are (docs/adr/0060). Set by set, and
 * for most households without a question: one part is no joint risk, and beside a red one nothing is worse.
 */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { regionOfDuty, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { epochOf } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import type { BookedHousehold } from '../episodes/episode-book.js';
import { livesOn } from '../episodes/episode-lives.js';
import type { LifeOf } from '../episodes/household-risks.js';
import type { StandingAlert } from '../episodes/joint-risk.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import type { SeverityPolicy } from '../loss/severity.rule.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { heldBackLosses } from './held-back.js';
import { moveJoint } from './joint-alert.rule.js';
import { fatesOf, keptOf, nextLookMs, partsOf, standingOf, withOpenCase, type Looked } from './joint-parts.js';
import { jointRowAfter } from './joint-row-after.rule.js';
import type { JointChange } from './joint-episode.rule.js';
import { lastJoints, storeJoints, type JointRow, type LastJoint } from './joint-rows.js';
import { causesOf, jointVerdict, mayBeJoint } from './joint-verdict.rule.js';
import { TakeApart } from './take-apart.js';
import { storeJointEpisodes } from './store-joint-episodes.js';
import { StoreJointAlerts, type JointRevision } from './store-joint-alerts.js';

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
    const ids = all.map(({ householdId }) => householdId);
    const last = await lastJoints(tx, ids);
    const losses = await heldBackLosses(tx, ids);
    const looked = all
      .map((household): Looked => {
        const heldBack = losses.get(household.householdId) ?? [];
        const standing = standingOf(household, heldBack, lifeOf(household.dutyCode), now.getTime());
        return { household, last: last.get(household.householdId), heldBack, standing };
      })
      .filter((one) => one.last?.stands === true || mayBeJoint(one.standing));
    if (looked.length === 0) return;
    const parts = await this.takeApart.execute(tx, await partsOf(tx, looked));
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
    const atWork = await withOpenCase(tx, looked);
    const policyOf = this.severityPolicies(judgedOn);
    const revisions: JointRevision[] = [];
    const changes: (JointChange & { readonly row: JointRow })[] = [];
    for (const one of looked) {
      const { householdId, dutyCode } = one.household;
      const parts = partsOf.get(householdId) ?? [];
      const policy = parts.length === 0 ? undefined : policyOf(dutyCode);
      if (policy === 'none') continue;
      const judged = policy === undefined ? undefined : jointVerdict(parts, policy);
      const before = one.last?.stands === true ? one.last : undefined;
      const causes = causesOf(one.standing);
      const life = lifeOf(dutyCode)(JOINT_CAUSE);
      const fateOf = fatesOf(one, lifeOf(dutyCode), now.getTime(), atWork.has(householdId));
      const move = moveJoint(
        before,
        { severity: judged?.verdict.severity ?? 0, causes, adding: judged?.risk.adding ?? [] },
        fateOf,
        now.getTime(),
        life,
      );
      const row = jointRowAfter(one, keptOf(one, fateOf), move, judged, epoch);
      if (row === undefined) continue;
      if (row.revision !== before?.revision) {
        const raised = judged === undefined ? undefined : { ...judged, parts };
        revisions.push({ ...row, raised, before: before?.revision });
      }
      const due = row.state === 'raised' ? nextLookMs(row.lowerSinceMs, one.standing, lifeOf(dutyCode)) : null;
      if (isNews({ ...row, dueMs: due }, one.last)) changes.push({ one, row: { ...row, dueMs: due } });
    }
    if (revisions.length > 0) await this.alerts.execute(tx, revisions, judgedOn, now);
    await storeJoints(
      tx,
      changes.map(({ row }) => row),
      now.getTime(),
    );
    await storeJointEpisodes(tx, changes, (dutyCode) => lifeOf(dutyCode)(JOINT_CAUSE), now);
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

function isNews(row: JointRow, last: LastJoint | undefined): boolean {
  const shown = ({ ordinal, stands, dutyCode, revision, lowerSinceMs, dueMs: due, ...rest }: LastJoint): string =>
    JSON.stringify([ordinal, stands, dutyCode, revision, lowerSinceMs, due, rest.members, rest.memberRevisions]);
  return last === undefined || shown(row) !== shown(last);
}
