/**
 * Opens cases for a set of alerts, or attaches them where the household has an open case. The rows go in by COPY, hoping
 * that nobody clashes; where one does, the COPY is taken back, those with an open case are set aside and the rest goes in
 * again (architecture §12). A few go in by one statement that leaves out those with an open case.
 */
import type { Tx } from '@fangpin/persistence';
import { attachAlerts } from './attach-alerts.js';
import { changeAlerts } from './change-alerts.js';
import { copyCases } from './copy-cases.js';
import { OPENED } from './outcome.js';
import { findOpenCases } from './find-open-cases.js';
import { FEW_CASES, insertFewCases } from './insert-few-cases.js';
import { reopenCases } from './reopen-cases.js';
import type { KnownAlert } from './triage-decision.js';
import type { TriageRun } from './triage-run.js';

const UNIQUE_VIOLATION = '23505';
/** Each round sets aside at least one clash or meets a case closed in between; more rounds than this mean a fault. */
const MAX_ROUNDS = 8;

export async function openOrAttach(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  // Withdrawn before, while others kept its case open: it stands there once more.
  const ownIsOpen = ({ opened }: KnownAlert): boolean => opened !== undefined && opened.ended === undefined;
  const there = run.known.size === 0 ? [] : alerts.filter((alert) => ownIsOpen(run.known.get(alert) ?? {}));
  await changeAlerts(
    tx,
    run,
    there.map((alert) => ({ alert, place: 'opened', outcome: OPENED })),
  );
  let toOpen = there.length === 0 ? alerts : alerts.filter((alert) => !there.includes(alert));
  const toAttach: number[] = [];
  const known = new Map<number, number>();
  for (let round = 0; toOpen.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new Error('cases still clash after several rounds');
    const { first, again } = onePerHousehold(run, toOpen);
    toAttach.push(...again);
    const { stored, clashing } = await store(tx, run, first);
    for (const alert of stored) run.settle(alert, OPENED, run.incoming.headOf(alert).origin);
    if (clashing.length === 0) {
      toOpen = await attachAlerts(tx, run, toAttach.splice(0), known);
    } else {
      const open = await findOpenCases(tx, run.householdsOf(clashing));
      for (const [household, caseOrigin] of open) known.set(household, caseOrigin);
      toOpen = clashing.filter((alert) => !open.has(run.incoming.household[alert] as number));
      toAttach.push(...clashing.filter((alert) => open.has(run.incoming.household[alert] as number)));
      if (toOpen.length === 0) toOpen = await attachAlerts(tx, run, toAttach.splice(0), known);
    }
  }
}

/** Two shocks may meet at one household within one call: the first opens, the others attach. */
function onePerHousehold(
  run: TriageRun,
  alerts: readonly number[],
): { first: readonly number[]; again: readonly number[] } {
  if (run.incoming.byOrigin.size === 1) return { first: alerts, again: [] };
  const seen = new Set<number>();
  const first: number[] = [];
  const again: number[] = [];
  for (const alert of alerts) {
    const household = run.incoming.household[alert] as number;
    (seen.has(household) ? again : first).push(alert);
    seen.add(household);
  }
  return { first, again };
}

interface Opening {
  readonly stored: readonly number[];
  /** Not stored; one of their households at least has an open case. */
  readonly clashing: readonly number[];
}

async function store(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<Opening> {
  const hasEnded = (alert: number): boolean => run.known.get(alert)?.opened !== undefined;
  const ended = run.known.size === 0 ? [] : alerts.filter(hasEnded);
  if (ended.length === 0 && alerts.length <= FEW_CASES) {
    const stored = await insertFewCases(tx, run, alerts);
    return { stored, clashing: alerts.filter((alert) => !stored.includes(alert)) };
  }
  const fresh = ended.length === 0 ? alerts : alerts.filter((alert) => !hasEnded(alert));
  await tx.execute('SAVEPOINT opening');
  try {
    if (fresh.length > 0) await copyCases(tx, run, fresh);
    if (ended.length > 0) await reopenCases(tx, run, ended);
    await tx.execute('RELEASE SAVEPOINT opening');
    return { stored: alerts, clashing: [] };
  } catch (error) {
    if (!isOpenCaseClash(error)) throw error;
    await tx.execute('ROLLBACK TO SAVEPOINT opening');
    return { stored: [], clashing: alerts };
  }
}

function isOpenCaseClash(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && constraint === 'cases_one_open_case';
}
