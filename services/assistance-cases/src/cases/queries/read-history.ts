/** All that happened to a case, oldest first: its opening, what became of its alerts, and every step of people and of the machine. */
import { composeDerivedId, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { alertName, findingIdOf } from '../../http/show.js';
import { CaseStepEntity } from '../case-step.entity.js';
import { caseStateOf } from '../case-states.js';
import type { CaseEntity } from '../case.entity.js';
import { getCase } from '../case.repository.js';
import type { CaseStepResponse } from '../dto/case.response.js';
import { regimeName } from '../regime.js';
import { alertHappenings, type AlertAction, type AlertHappening } from './alert-happenings.js';
import { openIntervals } from './open-intervals.js';
import type { Title } from './standing-titles.js';
import { stepLabel } from './step-labels.js';

/** A visit that found a risk: the step says that it attached what it answered. */
const FROM_CHECKS: readonly string[] = ['open-from-check', 'attach-from-check'];

/** At one moment: what came, what became of it, and what the case made of that. */
const RANKS: Readonly<Record<AlertAction, number>> = {
  'alert-attached': 0,
  'alert-joined': 0,
  'alert-withdrawn': 1,
  'alert-raised-again': 1,
  'alert-left': 1,
};
const RANK_OF_STEPS = 2;

interface Line {
  readonly at: Date;
  readonly rank: number;
  /** Within a rank: of steps their order, of alerts the origin. */
  readonly order: number;
  readonly shown: CaseStepResponse;
}

/** Throws `CASE.NOT_FOUND` where the scope shows none. */
export async function readHistory(tx: Tx, id: string): Promise<CaseStepResponse[]> {
  const found = await getCase(tx, id);
  const { caseOrigin, householdId } = found;
  const steps = await tx.manager.find(CaseStepEntity, {
    where: { caseOrigin, householdId },
    order: { revision: 'ASC' },
  });
  const checkedAt = new Set(steps.filter(({ action }) => FROM_CHECKS.includes(action)).map(timeOf));
  const alerts = (await alertHappenings(tx, found, openIntervals(found.openedAt, steps))).filter(
    ({ action, at }) => action !== 'alert-attached' || !checkedAt.has(at.getTime()),
  );
  const later = [
    ...alerts.map((happening) => alertLine(happening, found)),
    ...steps.map((step, order) => ({ at: step.steppedAt, rank: RANK_OF_STEPS, order, shown: showStep(step) })),
  ].sort((one, other) => one.at.getTime() - other.at.getTime() || one.rank - other.rank || one.order - other.order);
  return [await openingOf(tx, found, steps[0]), ...later.map(({ shown }) => shown)];
}

const timeOf = ({ steppedAt }: CaseStepEntity): number => steppedAt.getTime();

const byMachine = { actor: null, actorRole: null, reason: null, checkers: null, toldOn: null };
const ofNoAlert = { alertId: null, shockId: null, findingId: null, cause: null };

const ofAlert = (ref: Title, origin: number, householdId: number) => ({
  alertId: composeDerivedId({ origin, householdId }),
  shockId: ref.shock_id,
  findingId: findingIdOf(ref),
  cause: ref.cause,
});

async function openingOf(tx: Tx, found: CaseEntity, first: CaseStepEntity | undefined): Promise<CaseStepResponse> {
  const [ref] = await tx.query<Title & { policy_version: string; [column: string]: unknown }>(
    'SELECT shock_id, shock_kind, cause, policy_version FROM triage_refs WHERE origin = $1',
    [found.caseOrigin],
  );
  return {
    ...byMachine,
    ...(ref === undefined ? ofNoAlert : ofAlert(ref, found.caseOrigin, found.householdId)),
    revision: first === undefined ? found.revision : first.revision - 1,
    at: toBeijingTime(found.openedAt),
    action: 'opened',
    label: stepLabel('opened', ref && alertName(ref)),
    from: null,
    to: 'clue',
    // Kept on the case row alone, which has moved on by then.
    severity: first === undefined ? found.severity : null,
    regime: regimeName(found.regime),
    policyVersion: ref?.policy_version ?? null,
  };
}

/** What becomes of an alert moves neither state nor revision by itself: where it does, a step says so. */
function alertLine(happening: AlertHappening, { householdId, regime }: CaseEntity): Line {
  const { at, action, origin, severity } = happening;
  return {
    at,
    rank: RANKS[action],
    order: origin,
    shown: {
      ...byMachine,
      ...ofAlert(happening, origin, householdId),
      revision: null,
      at: toBeijingTime(at),
      action,
      label: stepLabel(action, alertName(happening)),
      from: null,
      to: null,
      severity,
      regime: regimeName(regime),
      policyVersion: null,
    },
  };
}

function showStep(step: CaseStepEntity): CaseStepResponse {
  return {
    ...ofNoAlert,
    revision: step.revision,
    at: toBeijingTime(step.steppedAt),
    action: step.action,
    label: stepLabel(step.action),
    from: caseStateOf(step.fromState),
    to: caseStateOf(step.toState),
    severity: step.severity,
    regime: regimeName(step.regime),
    policyVersion: step.policyVersion,
    actor: step.actor,
    actorRole: step.actorRole,
    reason: step.reason,
    checkers: step.checkers,
    toldOn: step.toldOn,
  };
}
