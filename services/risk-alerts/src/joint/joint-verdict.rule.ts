/** What the standing alerts of a household raise together, by the rule of the picture. Pure. */
import type { Cause } from '@fangpin/contracts';
import { countedTogether, jointRisk, type JointRisk, type StandingAlert } from '../episodes/joint-risk.rule.js';
import type { Verdict } from '../loss/household.js';
import type { SeverityPolicy } from '../loss/severity.rule.js';

export interface JointVerdict {
  readonly risk: JointRisk;
  /** As it stands in the row of the alert: losses and bills together, fen of the whole household. */
  readonly verdict: Verdict;
}

/** Fewer that each add something, or are a grave need, are no joint risk: two patients are, two storms over one field are not. */
const FEWEST_ALERTS = 2;
const RED = 4;

/** Whether alerts can be a joint risk at all, by what is known without reading what they take: nothing is worse than red. */
export function mayBeJoint(standing: readonly { readonly severity: number }[]): boolean {
  return standing.length >= FEWEST_ALERTS && standing.every(({ severity }) => severity < RED);
}

/** Undefined where fewer than two alerts add something or are a grave need, they are no worse together than alone, or it is below the alert band. */
export function jointVerdict(parts: readonly StandingAlert[], policy: SeverityPolicy): JointVerdict | undefined {
  if (!mayBeJoint(parts)) return undefined;
  const risk = jointRisk(parts, policy);
  if (risk === undefined || countedTogether(risk) < FEWEST_ALERTS) return undefined;
  const { incomeLoss, bills, projected, jointSeverity: severity, worstSeverity, reasons } = risk;
  if (severity <= worstSeverity || severity < policy.triage.alertFrom) return undefined;
  const loss = {
    low: incomeLoss.low + bills.low,
    middle: incomeLoss.middle + bills.middle,
    high: incomeLoss.high + bills.high,
  };
  return { risk, verdict: { loss, projectedFen: projected?.middle ?? null, severity, reasons } };
}

/** Each once, in order of the alphabet. */
export function causesOf(alerts: readonly { readonly cause: Cause }[]): Cause[] {
  return [...new Set(alerts.map(({ cause }) => cause))].sort();
}
