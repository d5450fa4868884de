/** Writes down what becomes of alerts that a case answers for, so that its history can tell it. Called while their rows are as they were before. */
import type { Tx } from '@fangpin/persistence';
import { FIRST_ENDED_CODE } from '../cases/case-states.js';
import { FIRST_CLOSED_CODE } from '../check-items/check-item-states.js';
import { isJoint } from './joint-origin.js';
import type { TriageRun } from './triage-run.js';

/** As histories name them; `alert-left`: it is listed or in another case, because this one has ended. */
export type AlertStepAction = 'alert-withdrawn' | 'alert-raised-again' | 'alert-left';

export interface AlertStep {
  readonly alert: number;
  readonly action: AlertStepAction;
}

interface Stay {
  /** As answers name the place. */
  readonly place: string;
  readonly since: string;
  readonly severity: string;
  readonly from: string;
}

// `c` is the case. An open item goes with the open case of its household; without one it is in nobody's history.
const STAYS: Readonly<Record<'opened' | 'attached' | 'item', Stay>> = {
  opened: {
    place: 'opened',
    since: 'c.opened_at',
    severity: 'c.alert_severity',
    from: 'JOIN cases c ON c.case_origin = v.origin AND c.household_id = v.household_id',
  },
  attached: {
    place: 'attached',
    since: 'a.attached_at',
    severity: 'a.severity',
    from: `JOIN case_alerts a ON a.origin = v.origin AND a.household_id = v.household_id
           JOIN cases c ON c.case_origin = a.case_origin AND c.household_id = a.household_id`,
  },
  item: {
    place: 'joined',
    since: 'i.listed_at',
    severity: 'i.severity',
    from: `JOIN check_items i ON i.origin = v.origin AND i.household_id = v.household_id AND i.state < ${FIRST_CLOSED_CODE}
           JOIN cases c ON c.household_id = i.household_id AND c.state < ${FIRST_ENDED_CODE}`,
  },
};

// What several causes are together ends once a case has ended that answered for it: no news to those who read of that end.
const noting = ({ place, since, severity, from }: Stay): string => `
  INSERT INTO case_alert_steps (case_origin, household_id, origin, alert_revision, duty_code, stepped_at, action, place, since, severity)
  SELECT c.case_origin, c.household_id, v.origin, v.alert_revision, v.duty_code, $7, v.action, '${place}', ${since},
         coalesce(v.severity, ${severity})
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::smallint[])
           AS v (origin, household_id, alert_revision, duty_code, action, severity)
         ${from}
   WHERE c.state < ${FIRST_ENDED_CODE} OR NOT ${isJoint('v.origin')}`;

export async function noteAlertSteps(
  tx: Tx,
  run: TriageRun,
  place: keyof typeof STAYS,
  steps: readonly AlertStep[],
): Promise<void> {
  if (steps.length === 0) return;
  const { incoming } = run;
  const heads = steps.map(({ alert }) => incoming.headOf(alert));
  await tx.execute(noting(STAYS[place]), [
    heads.map(({ origin }) => origin),
    run.householdsOf(steps.map(({ alert }) => alert)),
    heads.map(({ revision }) => revision),
    steps.map(({ alert }) => incoming.duty[alert]),
    steps.map(({ action }) => action),
    // A withdrawn revision says nothing about severity: what was known is told.
    steps.map(({ alert }, i) => (heads[i]?.withdrawn ? null : incoming.severity[alert])),
    run.now,
  ]);
}
