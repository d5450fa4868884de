/**
 * Departments push again what goes on: sums of a year grow month by month, an unsafe house stands in every list (rulebook §3.4,
 * §3.5). Where such a household was looked at without risk and stands no worse, the repeat opens no case; it is listed as answered.
 */
import { findingKinds } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { rememberedChecks } from './remembered-checks.js';
import type { TriageRun } from './triage-run.js';

/** As alerts of findings name them in `shock_kind`: what tells of a state that lasts. Another accident, crime, death or disability is new. */
const lastingKinds: ReadonlySet<string> = new Set(
  findingKinds.filter(({ about }) => about !== 'event').map(({ key }) => key),
);

/** Of the alerts that are to open cases, those that a remembered check answers for. Asks nothing where there is no finding. */
export async function answeredFindings(tx: Tx, run: TriageRun, opening: readonly number[]): Promise<Set<number>> {
  const { heads, head } = run.incoming;
  if (!heads.some(({ shockKind }) => lastingKinds.has(shockKind))) return new Set();
  const findings = opening.filter(
    (alert) => !run.known.has(alert) && lastingKinds.has(heads[head[alert] as number]?.shockKind ?? ''),
  );
  return findings.length === 0 ? new Set() : new Set((await rememberedChecks(tx, run, findings)).keys());
}
