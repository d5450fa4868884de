/** What one call of triage carries through its steps: the alerts, what is known of them, and what becomes of each. */
import type { TriageOutcome } from '@fangpin/contracts';
import { packRevision, shanghaiDay } from '@fangpin/domain-kit';
import type { CaseState } from '../cases/case-states.js';
import type { SteppedCase } from '../cases/commands/record-step.js';
import type { SaidCheck } from '../check-items/said-checks.js';
import type { Leaving } from '../register/left-states.js';
import type { DueDates } from './due-dates.js';
import type { AlertHead, IncomingAlerts } from './incoming-alerts.js';
import type { KnownAlert, TriageRules } from './triage-decision.js';
import type { TriagePolicy } from './triage-policy.js';

export interface TriageRunSettings {
  readonly incoming: IncomingAlerts;
  readonly known: ReadonlyMap<number, KnownAlert>;
  readonly away: ReadonlyMap<number, Leaving>;
  readonly now: Date;
  readonly epoch: number;
  readonly policyVersion: string;
  readonly dueDates: DueDates;
  readonly policy: TriagePolicy;
}

export class TriageRun {
  readonly incoming: IncomingAlerts;
  readonly known: ReadonlyMap<number, KnownAlert>;
  /** Households that have left by the register; nearly always none. */
  readonly away: ReadonlyMap<number, Leaving>;
  readonly now: Date;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly today: string;
  readonly epoch: number;
  readonly policyVersion: string;
  /** The highest number below every revision of this epoch. */
  readonly epochBase: number;
  /** By alert; 0 where a revision changed nothing and gets no answer. */
  readonly outcome: (TriageOutcome | 0)[];
  /** Origin part of the case's id by alert, 0 where there is none. */
  readonly caseOrigin: number[];
  /** Cases whose alerts have changed: severity, recall and mark are to be reckoned again. */
  readonly touched: { origins: number[]; households: number[] } = { origins: [], households: [] };
  /** Cases that had ended and are taken up again, or end once more: others have heard of them. */
  readonly steps: { readonly action: string; readonly to: CaseState; readonly stepped: SteppedCase }[] = [];
  /** Alerts that a check without risk answers for, where that is new. */
  readonly checked: SaidCheck[] = [];
  private readonly dueDates: DueDates;
  readonly policy: TriagePolicy;
  private readonly rulesByHead: TriageRules[] = [];
  private readonly dueByHead: Record<'first-visit' | 'check-item', number[]> = { 'first-visit': [], 'check-item': [] };

  constructor(settings: TriageRunSettings) {
    this.incoming = settings.incoming;
    this.known = settings.known;
    this.away = settings.away;
    this.now = settings.now;
    this.today = shanghaiDay(settings.now);
    this.epoch = settings.epoch;
    this.policyVersion = settings.policyVersion;
    this.dueDates = settings.dueDates;
    this.policy = settings.policy;
    this.epochBase = packRevision({ epoch: settings.epoch, version: 1 }) - 1;
    this.outcome = new Array<TriageOutcome | 0>(settings.incoming.size).fill(0);
    this.caseOrigin = new Array<number>(settings.incoming.size).fill(0);
  }

  settle(alert: number, outcome: TriageOutcome, caseOrigin = 0): void {
    this.outcome[alert] = outcome;
    this.caseOrigin[alert] = caseOrigin;
  }

  /** How the household of an alert has left; undefined where it is there. */
  leavingOf(alert: number): Leaving | undefined {
    return this.away.size === 0 ? undefined : this.away.get(this.incoming.household[alert] as number);
  }

  touchCase(caseOrigin: number, alert: number): void {
    this.touched.origins.push(caseOrigin);
    this.touched.households.push(this.incoming.household[alert] as number);
  }

  householdsOf(alerts: readonly number[]): number[] {
    return alerts.map((alert) => this.incoming.household[alert] as number);
  }

  /** Alerts as columns of a statement: origin, household, revision, severity, persons, duty code. */
  columnsOf(alerts: readonly number[]): readonly unknown[] {
    const { incoming } = this;
    return [
      alerts.map((alert) => incoming.headOf(alert).origin),
      this.householdsOf(alerts),
      alerts.map((alert) => incoming.headOf(alert).revision),
      alerts.map((alert) => incoming.severity[alert]),
      alerts.map((alert) => incoming.persons[alert]),
      alerts.map((alert) => incoming.duty[alert]),
    ];
  }

  /** When the alert's visit or check is due, in milliseconds; the same for all alerts of a message. */
  dueMs(clock: 'first-visit' | 'check-item', alert: number): number {
    const head = this.incoming.head[alert] as number;
    const { township, raisedMs } = this.incoming.heads[head] as AlertHead;
    return (this.dueByHead[clock][head] ??= this.dueDates.dueMs(clock, township, raisedMs));
  }

  /** The rules of triage at the alert's place, as of the day at which it was judged. */
  rulesOf(alert: number): TriageRules {
    const head = this.incoming.head[alert] as number;
    const { township, judgedOn } = this.incoming.heads[head] as AlertHead;
    return (this.rulesByHead[head] ??= this.policy.rulesAt(township, judgedOn));
  }
}
