/** Check items that ended because their household had left, listed again now that it is back; the gravest of the case band opens a case instead. */
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { checkItemStates } from '../check-items/check-item-states.js';
import { checkMessages } from '../check-items/said-checks.js';
import { LAST_STANDING } from '../triage/outcome.js';
import type { RegisterRun } from './follow-register.js';
import { LEFT_ITEM_CODES } from './left-states.js';
import { openForReturned } from './open-for-returned.js';
import { townshipOf, type ReturnedItem } from './returned-item.js';

const ITEMS = `
  SELECT i.origin, i.household_id, i.duty_code, i.alert_revision, i.severity, i.persons, t.shock_id,
         EXISTS (SELECT FROM cases c WHERE c.household_id = i.household_id AND c.state < 100) AS has_case
    FROM check_items i JOIN triage_refs t ON t.origin = i.origin
   WHERE i.household_id = ANY($1::bigint[]) AND i.state = ANY($2::smallint[]) AND i.outcome <= ${LAST_STANDING}
   ORDER BY i.household_id, i.origin FOR UPDATE OF i`;

const LIST_AGAIN = `
  UPDATE check_items i SET state = v.state, due_at = v.due_at, listed_at = $5, remembered_origin = NULL, revision = greatest(i.revision, $6) + 1
    FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::timestamptz[]) AS v (origin, household_id, state, due_at)
   WHERE i.origin = v.origin AND i.household_id = v.household_id
  RETURNING i.origin, i.household_id, i.revision`;

/** Answers what is to be said: the cases that open, and that nothing answers the alerts any more. */
export async function listItemsAgain(
  tx: Tx,
  run: RegisterRun,
  households: readonly number[],
): Promise<OutgoingMessage[]> {
  const items = await tx.query<ReturnedItem>(ITEMS, [households, LEFT_ITEM_CODES]);
  if (items.length === 0) return [];
  const opening = new Set(gravestOfCaseBand(items, run));
  const opened = await openForReturned(tx, run, [...opening]);
  const rows = await tx.query<{ origin: number; household_id: number; revision: number }>(LIST_AGAIN, [
    items.map(({ origin }) => origin),
    items.map((item) => item.household_id),
    items.map((item) => checkItemStates[opening.has(item) ? 'risk' : 'listed'].code),
    items.map((item) => new Date(run.dueDates.dueMs('check-item', townshipOf(item), run.now.getTime()))),
    run.now,
    run.epochBase,
  ]);
  const byKey = new Map(items.map((item) => [`${item.origin}/${item.household_id}`, item]));
  const said = rows.flatMap(({ origin, household_id: householdId, revision }) => {
    const item = byKey.get(`${origin}/${householdId}`);
    if (item === undefined) return [];
    const { duty_code: dutyCode, alert_revision: alertRevision } = item;
    return [
      {
        origin,
        householdId,
        dutyCode,
        revision,
        alertRevision,
        result: 'none',
        checkedOn: '',
        answeredUpTo: 0,
      } as const,
    ];
  });
  return [...opened, ...checkMessages(said)];
}

/** One of each household without an open case: the others go with it. */
function gravestOfCaseBand(items: readonly ReturnedItem[], { policy, today }: RegisterRun): ReturnedItem[] {
  const band = items.filter(
    (item) => !item.has_case && item.severity >= policy.rulesAt(townshipOf(item), today).caseFrom,
  );
  const ofHouseholds = Map.groupBy(band, (item) => item.household_id);
  return [...ofHouseholds.values()].map((ofOne) =>
    ofOne.reduce((worst, item) => (item.severity > worst.severity ? item : worst)),
  );
}
