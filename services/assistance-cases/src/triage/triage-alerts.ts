/**
 * The use case: takes in what was fetched, by set, in the consumer's transaction (architecture §4.7). The usual road of a
 * new shock is one look at triage_refs, one COPY and one row of outbox, whatever the number of households.
 */
import { AlertState, topics } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import type { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { epochOf } from '@fangpin/service-kit';
import { stepMessage } from '../cases/commands/record-step.js';
import { householdsAway } from '../register/households-away.js';
import type { AlertColumns } from './alert-columns.js';
import {
  changeAlerts,
  closeItemsAsRisk,
  rememberWithdrawals,
  sayUnanswered,
  standingOutcome,
  type AlertChange,
} from './change-alerts.js';
import { DueDates } from './due-dates.js';
import { IncomingAlerts } from './incoming-alerts.js';
import { loadKnownAlerts } from './known-alerts.js';
import { leaveEndedCases } from './leave-ended-cases.js';
import { listCheckItems } from './list-check-items.js';
import { openOrAttach } from './open-cases.js';
import { DROPPED, FLAGGED } from './outcome.js';
import { answeredFindings } from './remembered-findings.js';
import { settleCases } from './settle-cases.js';
import { TRIAGE_ANSWERS } from './triage-answer-source.js';
import { answersOf } from './triage-answers.js';
import { asksForVisit, decide, whileAway } from './triage-decision.js';
import { TriagePolicy } from './triage-policy.js';
import { noteExtents, registerOrigins } from './triage-refs.js';
import { TriageRun } from './triage-run.js';

interface TriagePlan {
  readonly open: number[];
  readonly list: number[];
  readonly answer: number[];
  readonly change: AlertChange[];
  readonly remember: number[];
  /** Those that somebody is to look at as they stand now. */
  readonly asked: number[];
}

export class TriageAlerts {
  private readonly dueDates: DueDates;
  private readonly rules: TriagePolicy;

  constructor(
    private readonly policy: PolicySet,
    private readonly outbox: Pick<Outbox, 'add' | 'addReference'>,
    private readonly clock: Clock,
  ) {
    this.dueDates = new DueDates(policy);
    this.rules = new TriagePolicy(policy);
  }

  /** Takes in alerts, their newer revisions and their withdrawals, and answers each that changed something. */
  async execute(batches: readonly AlertColumns[], tx: Tx): Promise<void> {
    for (const round of roundsOf(batches)) await this.takeIn(new IncomingAlerts(round), tx);
  }

  private async takeIn(incoming: IncomingAlerts, tx: Tx): Promise<void> {
    if (incoming.size === 0) return;
    const knownOrigins = await registerOrigins(tx, incoming);
    const away = await householdsAway(tx, incoming.household);
    const run = new TriageRun({
      incoming,
      away,
      known: knownOrigins.size === 0 ? new Map() : await loadKnownAlerts(tx, incoming, knownOrigins),
      now: this.clock.now(),
      epoch: await epochOf(tx),
      policyVersion: this.policy.version,
      dueDates: this.dueDates,
      policy: this.rules,
    });
    const plan = planOf(run);
    await noteExtents(tx, incoming, knownOrigins, plan.asked);
    await changeAlerts(tx, run, plan.change);
    await rememberWithdrawals(tx, run, plan.remember);
    const answered = await answeredFindings(tx, run, plan.open);
    await leaveEndedCases(tx, run, [...plan.list, ...plan.answer, ...plan.open]);
    await listCheckItems(tx, run, answered.size === 0 ? plan.list : [...plan.list, ...answered], plan.answer);
    await openOrAttach(tx, run, answered.size === 0 ? plan.open : plan.open.filter((alert) => !answered.has(alert)));
    if (run.known.size > 0)
      await closeItemsAsRisk(
        tx,
        run,
        plan.open.filter((alert) => run.known.get(alert)?.item !== undefined),
      );
    if (run.known.size > 0) await sayUnanswered(tx, run, [...plan.list, ...plan.open]);
    await settleCases(tx, run);
    await this.answer(tx, run);
  }

  private async answer(tx: Tx, run: TriageRun): Promise<void> {
    // Not read from the tables again, as answers are: steps are said for themselves.
    if (run.steps.length > 0)
      await this.outbox.add(
        tx,
        topics.case,
        run.steps.map(({ stepped, action, to }) => stepMessage(stepped, { action, to, at: run.now })),
      );
    const { ref, messages } = answersOf(run);
    if (messages.length === 0) return;
    await this.outbox.addReference(tx, { source: TRIAGE_ANSWERS, ref, topic: topics.case, messages });
  }
}

/**
 * An alert and its withdrawal that are fetched together are taken in one after the other: the ledger of the shock counts
 * what became of every alert before it counts what a recall gave back.
 */
function roundsOf(batches: readonly AlertColumns[]): (readonly AlertColumns[])[] {
  const raised = batches.filter(({ state }) => state === AlertState.RAISED);
  return raised.length === 0 || raised.length === batches.length ? [batches] : [raised, batches];
}

function planOf(run: TriageRun): TriagePlan {
  const plan: TriagePlan = { open: [], list: [], answer: [], change: [], remember: [], asked: [] };
  const { incoming, known } = run;
  for (let alert = 0; alert < incoming.size; alert += 1) {
    const { revision, withdrawn, speaksUntil, extent } = incoming.headOf(alert);
    const severity = incoming.severity[alert] as number;
    const said = { revision, withdrawn, severity, speaksUntil, extent };
    const before = known.get(alert);
    const decided = decide(before, said, run.rulesOf(alert), run.today);
    const move = run.leavingOf(alert) === undefined ? decided : whileAway(before, decided);
    if (run.leavingOf(alert) === undefined && asksForVisit(before, move)) plan.asked.push(alert);
    if (move.kind === 'open') plan.open.push(alert);
    else if (move.kind === 'list') plan.list.push(alert);
    else if (move.kind === 'answer') plan.answer.push(alert);
    else if (move.kind === 'remember') plan.remember.push(alert);
    else if (move.kind === 'keep') plan.change.push({ alert, place: move.place, outcome: standingOutcome[move.place] });
    else if (move.kind === 'withdraw')
      plan.change.push({ alert, place: move.place, outcome: move.acted ? FLAGGED : DROPPED });
  }
  return plan;
}
