/**
 * Looks again at alerts of findings that stand when the members or the income of their household have changed: what is graver is said at once, all else once the
 * household has rested for the hours of policy `changed-household` (docs/adr/0076-an-alert-of-a-finding-follows-its-household.md). Always on the bulk lane: an
 * income sheet of a county keeps no alert of a shock waiting.
 */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { underPolicy, type ChangedHousehold } from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { whenSaid } from './changed-household.rule.js';
import type { HeldRow, OpenFinding } from './finding-rows.js';
import { speaksStill } from './held-back.rule.js';
import { JudgeEach } from './judge-each.js';
import { JudgeFindings, type DecidedFinding } from './judge-findings.js';
import {
  answersOf,
  findingsThatDiffer,
  letRest,
  restedFindings,
  restNoLonger,
  standingOf,
  type Rest,
} from './standing-findings.js';

/** Findings looked at in one transaction. */
const AT_ONCE = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class LookAtStanding {
  constructor(
    private readonly database: Database,
    private readonly each: JudgeEach,
    private readonly judge: JudgeFindings,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Says what is graver by now in these households, and lets the rest of what has changed rest. Again it changes nothing. */
  async householdsChanged(householdIds: readonly number[]): Promise<void> {
    await this.transaction(async (tx) => this.look(tx, await standingOf(tx, householdIds), false));
  }

  /** Says what has changed of some households that have rested; answers whether there may be others. */
  afterRest(): Promise<boolean> {
    return this.transaction(async (tx) => {
      const rows = await restedFindings(tx, AT_ONCE, this.clock.now());
      await this.look(tx, rows, true);
      await restNoLonger(tx, rows);
      return rows.length === AT_ONCE;
    });
  }

  /**
   * Says what no change has asked for: the household changed while its finding was being judged, or before this version was installed. Some of them, after
   * the finding that is named; answers after which one to go on, undefined at the end.
   */
  missed(after: string = BEFORE_ALL): Promise<string | undefined> {
    return this.transaction(async (tx) => {
      const rows = await findingsThatDiffer(tx, AT_ONCE, after);
      await this.look(tx, rows, true);
      return rows.length === AT_ONCE ? rows.at(-1)?.findingId : undefined;
    });
  }

  private async look(tx: Tx, rows: readonly HeldRow[], rested: boolean): Promise<void> {
    const today = shanghaiDay(this.clock.now());
    const isToBe = (finding: OpenFinding): boolean =>
      finding.outcome === 'alerted' && speaksStill(finding, this.policies.current, today);
    await this.each.execute(tx, rows, isToBe, (part, findings) => this.judgeStanding(part, findings, rested));
  }

  private async judgeStanding(tx: Tx, findings: readonly OpenFinding[], rested: boolean): Promise<void> {
    const decided = await this.judge.decide(tx, findings, ({ dutyCode }) => this.policyAt(dutyCode)?.fromShare);
    const standing = decided.flatMap((one) =>
      one.standing === undefined ? [] : [[one.finding.facts.findingId, one.standing] as const],
    );
    const answers = await answersOf(tx, new Map(standing));
    const when = Map.groupBy(decided, ({ finding, decision, standing }) => {
      const answer = answers.get(finding.facts.findingId);
      return standing === undefined || answer === 'passed' ? 'never' : whenSaid(decision, standing, answer ?? null);
    });
    const [atOnce, afterRest] = [when.get('at-once') ?? [], when.get('after-rest') ?? []];
    const said = rested ? [...atOnce, ...afterRest] : atOnce;
    if (said.length > 0) await this.judge.store(tx, said, { backwards: false, lane: 'bulk' });
    if (!rested)
      await letRest(
        tx,
        afterRest.flatMap((one) => this.restOf(one)),
        this.clock.now(),
      );
  }

  /** Under a policy version that is older than the rule, nothing is said but what is graver. */
  private restOf({ finding, dutyCode }: DecidedFinding): Rest[] {
    const policy = this.policyAt(dutyCode);
    return policy === undefined ? [] : [{ finding, ...policy }];
  }

  private policyAt(dutyCode: number): ChangedHousehold | undefined {
    const [township, today] = [townshipCode(townshipOf(dutyCode)), shanghaiDay(this.clock.now())];
    return underPolicy(() => this.policies.current.get('changed-household', township, today).value);
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:standing-findings', this.env.cellRegion), work);
  }
}
