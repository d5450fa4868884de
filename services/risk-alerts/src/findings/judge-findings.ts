/**
 * Judges findings that this transaction holds and stores what follows, set by set: their alert revisions, what became of each
 * finding, and one outbox row for some hundred of them. They are published as soon as the transaction commits.
 */
import type { AlertLane } from '@fangpin/contracts';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, epochOf } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { alertRevision, nextLook } from '../fan-out/alert-revision.js';
import { RAISED } from '../fan-out/alert-rows.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { holdBack, letFindingsGo, type HeldBack } from '../joint/hold-back.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { decideFinding, type FindingDecision, type LastFindingAlert } from './decide-finding.rule.js';
import { lastFindingAlerts } from './finding-alerts.js';
import { settleFindings, type HeldFinding, type SettledFinding } from './finding-rows.js';
import { foundHouseholds, type KnownHousehold } from './found-households.js';
import { StoreFindingAlerts, type FindingChange } from './store-finding-alerts.js';

const DAY_MS = 86_400_000;

/** What is decided of a finding, and what that changes. */
export interface DecidedFinding extends SettledFinding {
  readonly finding: HeldFinding;
  readonly change: FindingChange | undefined;
  /** The alert of it that stands. */
  readonly standing: LastFindingAlert | undefined;
  /** What counts of it together with other troubles, though it alerts nobody. */
  readonly heldBack: HeldBack | undefined;
}

@Injectable()
export class JudgeFindings {
  constructor(
    private readonly policies: PolicyVersions,
    private readonly alerts: StoreFindingAlerts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Stores what follows, and answers what it decided. `backwards`: a policy is applied to findings that another has judged. */
  async execute(tx: Tx, findings: readonly HeldFinding[], backwards = false): Promise<readonly DecidedFinding[]> {
    if (findings.length === 0) return [];
    const decided = await this.decide(tx, findings);
    // Nobody waits for what a policy is applied to backwards.
    await this.store(tx, decided, { backwards, lane: backwards ? 'bulk' : undefined });
    return decided;
  }

  /** Stores what was decided by the policy in force in this transaction. Alerts go on the lane that their finding came by where none is given. */
  async store(
    tx: Tx,
    decided: readonly DecidedFinding[],
    how: { readonly backwards: boolean; readonly lane?: AlertLane | undefined },
  ): Promise<void> {
    const policy = this.policies.current;
    const changes = decided.flatMap(({ change }) => change ?? []);
    if (changes.length > 0) await this.alerts.execute(tx, changes, policy, how);
    await settleFindings(tx, decided, policy.version, this.clock.now());
    await holdBackFindings(tx, decided, this.clock.now());
  }

  /**
   * What the policy in force makes of each; stores nothing. `correctFrom`: of a household, the share by which an income or a loss differs from what was
   * said so that it is put right; without it an alert that is no graver and no milder stays as it is.
   */
  async decide(
    tx: Tx,
    findings: readonly HeldFinding[],
    correctFrom: (household: KnownHousehold) => number | undefined = () => undefined,
  ): Promise<readonly DecidedFinding[]> {
    const policy = this.policies.current;
    const now = this.clock.now();
    const epoch = await epochOf(tx);
    const households = await foundHouseholds(
      tx,
      findings.map(({ householdId }) => householdId),
    );
    const last = await lastFindingAlerts(
      tx,
      findings.filter(({ known }) => known).map(({ facts }) => facts.findingId),
      this.policies,
    );
    return findings.map((finding) => {
      const household = households.get(finding.householdId);
      const alerts = last.get(finding.facts.findingId) ?? [];
      const from = household === undefined || household === 'left' ? undefined : correctFrom(household);
      const decision = decideFinding(finding, household, alerts, policy, from);
      const dutyCode = household === undefined || household === 'left' ? finding.dutyCode : household.dutyCode;
      const incomeAwaitedUntil = awaitedUntil(finding, household, decision, policy, now);
      const own = ownOf(finding, alerts);
      const change = changeOf(finding, decision, own, epoch);
      const heldBack = heldBackOf(finding, decision, own, epoch);
      const standing = own?.state === RAISED ? own : undefined;
      return { finding, decision, dutyCode, incomeAwaitedUntil, change, standing, heldBack };
    });
  }
}

/**
 * A household whose profile came before its income is judged again when the income comes: within the days of `late-income`, and as long as
 * the alert stands where there is one (`episode-life`), which goes on saying till then that the income is not known.
 */
function awaitedUntil(
  { facts }: HeldFinding,
  household: KnownHousehold | 'left' | undefined,
  { outcome }: FindingDecision,
  policy: PolicySet,
  now: Date,
): Date | null {
  if (household === undefined || household === 'left' || household.perCapitaFen !== null) return null;
  if (outcome !== 'alerted' && outcome !== 'withheld') return null;
  const [township, today] = [townshipCode(townshipOf(household.dutyCode)), shanghaiDay(now)];
  const { days } = policy.get('late-income', township, today).value;
  const stands =
    outcome === 'alerted' ? policy.get('episode-life', township, today, facts.kind.cause).value.standsDays : 0;
  return new Date(now.getTime() + Math.max(days, stands) * DAY_MS);
}

/** The last alert of the household and cause that the finding is about now. */
function ownOf(
  { origin, householdId }: HeldFinding,
  alerts: readonly LastFindingAlert[],
): LastFindingAlert | undefined {
  return alerts.find((alert) => alert.origin === origin && alert.householdId === householdId);
}

function changeOf(
  finding: HeldFinding,
  { raise, withdraw }: FindingDecision,
  own: LastFindingAlert | undefined,
  epoch: number,
): FindingChange | undefined {
  if (raise === undefined && withdraw.length === 0) return undefined;
  const { revision } = finding.facts;
  return {
    finding,
    raised: raise === undefined ? undefined : { finding, ...raise, revision: after(revision, own, epoch) },
    withdrawn: withdraw.map((alert) => ({ alert, revision: after(revision, alert, epoch) })),
  };
}

function heldBackOf(
  finding: HeldFinding,
  { heldBack }: FindingDecision,
  own: LastFindingAlert | undefined,
  epoch: number,
): HeldBack | undefined {
  if (heldBack === undefined) return undefined;
  const { facts, origin, bytes } = finding;
  // That of the withdrawal where an alert stood; else it is the same however often it is judged.
  const first = alertRevision(facts.revision, epoch);
  const revision = own?.state === RAISED ? after(facts.revision, own, epoch) : Math.max(first, own?.revision ?? 0);
  return { ...heldBack, origin, cause: facts.kind.cause, revision, finding: { id: facts.findingId, bytes } };
}

/**
 * Nothing to do for a finding that is alerted at once: it is waited for. Of a known one all goes that it has held back, however long ago, but of
 * whom it is about now: there it counts on while it waits, and where it is alerted the alert counts in its place, as soon as it is followed.
 */
async function holdBackFindings(tx: Tx, decided: readonly DecidedFinding[], now: Date): Promise<void> {
  const ids = decided.filter(({ finding }) => finding.known).map(({ finding }) => finding.facts.findingId);
  const still = decided.filter(
    ({ heldBack, decision: { outcome } }) => heldBack !== undefined || outcome === 'alerted' || outcome === 'waiting',
  );
  if (ids.length > 0)
    await letFindingsGo(
      tx,
      ids,
      still.map(({ finding }) => finding),
    );
  const held = decided.flatMap(({ heldBack }) => heldBack ?? []);
  await holdBack(tx, held, now);
}

/** The alert's revision under a finding's; a later look where there is one of that revision already. */
function after(findingRevision: number, last: LastFindingAlert | undefined, epoch: number): number {
  const first = alertRevision(findingRevision, epoch);
  return last === undefined || last.revision < first ? first : nextLook(findingRevision, epoch, last.revision);
}
