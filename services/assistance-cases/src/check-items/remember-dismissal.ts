/**
 * A dismissed case is a check without risk: two people have looked at the household and told it the reason (rulebook §4.1 step 2,
 * §4.5). It answers for all that the case stood for, and is remembered for the cause of each.
 */
import { topics } from '@fangpin/contracts';
import { nextRevision } from '@fangpin/domain-kit';
import type { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { epochOf } from '@fangpin/service-kit';
import { LessThan } from 'typeorm';
import type { CaseEntity } from '../cases/case.entity.js';
import { isStanding } from '../triage/outcome.js';
import { TriagePolicy } from '../triage/triage-policy.js';
import { CheckItemEntity } from './check-item.entity.js';
import { checkItemStates, FIRST_CLOSED_CODE } from './check-item-states.js';
import { checkMessages } from './said-checks.js';
import { checksOfAlerts } from './standing-checks.js';
import { insertResults, type AnsweredItem, type Visit } from './check-results.js';

const NO_RISK = checkItemStates['no-risk'].code;

/**
 * The caller holds the lock on the case, which is dismissed by now. What the joined items found is said; what the case itself stood
 * for ends with it.
 */
export async function rememberDismissal(
  tx: Tx,
  outbox: Outbox,
  policy: PolicySet,
  dismissed: CaseEntity,
  visit: Visit,
): Promise<void> {
  const items = await closeJoinedItems(tx, dismissed.householdId);
  const alerts = await alertsOf(tx, dismissed);
  await insertResults(tx, [...items, ...alerts], visit);
  const said = await checksOfAlerts(
    tx,
    items.map(({ origin }) => origin),
    items.map(({ householdId }) => householdId),
    new TriagePolicy(policy),
  );
  await outbox.add(tx, topics.case, checkMessages(said));
}

/** Open items go with the open case of their household, and end with it. */
async function closeJoinedItems(tx: Tx, householdId: number): Promise<CheckItemEntity[]> {
  const items = await tx.manager.find(CheckItemEntity, {
    where: { householdId, state: LessThan(FIRST_CLOSED_CODE) },
    order: { origin: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const epoch = await epochOf(tx);
  for (const item of items) {
    item.state = NO_RISK;
    item.checkedSeverity = item.severity;
    item.revision = nextRevision(epoch, item.revision);
  }
  return items.length === 0 ? items : tx.manager.save(CheckItemEntity, items);
}

interface AlertRow {
  origin: number;
  severity: number;
  outcome: number;
  checked_revision: number | null;
  [column: string]: unknown;
}

// An alert may have been an item with results of its own before: the new one comes after those.
const ALERTS = `
  SELECT s.*, (SELECT max(r.revision) FROM check_results r WHERE r.origin = s.origin AND r.household_id = $2)
           AS checked_revision
    FROM (SELECT case_origin AS origin, alert_severity AS severity, alert_outcome AS outcome
            FROM cases WHERE case_origin = $1 AND household_id = $2
          UNION ALL
          SELECT origin, severity, outcome FROM case_alerts WHERE case_origin = $1 AND household_id = $2) AS s`;

async function alertsOf(tx: Tx, { caseOrigin, householdId, dutyCode, revision }: CaseEntity): Promise<AnsweredItem[]> {
  const rows = await tx.query<AlertRow>(ALERTS, [caseOrigin, householdId]);
  return rows
    .filter(({ outcome }) => isStanding(outcome))
    .map(({ origin, severity, checked_revision: checked }) => ({
      origin,
      householdId,
      dutyCode,
      revision: Math.max(revision, (checked ?? 0) + 1),
      severity,
      state: NO_RISK,
    }));
}
