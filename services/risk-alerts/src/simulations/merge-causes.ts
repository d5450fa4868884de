/**
 * A shock that is several causes to its households (a flood takes crops and houses) is judged cause by cause, and counted by
 * household, as its ledger is: alerted under any cause, as grave as the gravest, with the losses of all. Kept as plain numbers,
 * for a whole county waits here between two causes.
 */
import type { WithheldReason } from '../loss/household.js';
import type { Judged, Outcome, TriageStep } from './figures.js';
import type { HouseholdType } from './household-type.js';
import type { OnJudged } from './judge-exposed.js';

export type OnHousehold = (dutyCode: number, type: HouseholdType, outcomes: readonly (Outcome | undefined)[]) => void;

/**
 * Judges the causes of one shock, one after the other, and hands each household over once, with what all of them are to it.
 * Answers what `judge` answers of each; `policies` is how many outcomes a household has.
 */
export async function byHousehold<Cause, Judged>(
  causes: readonly Cause[],
  policies: number,
  judge: (cause: Cause, onJudged: OnJudged) => Promise<Judged>,
  onHousehold: OnHousehold,
): Promise<Judged[]> {
  const merged = causes.length > 1 ? new MergedCauses(policies) : undefined;
  const onJudged: OnJudged = ({ householdId, dutyCode }, type, outcomes) => {
    if (merged === undefined) onHousehold(dutyCode, type, outcomes);
    else merged.add(householdId, dutyCode, type, outcomes);
  };
  const judged: Judged[] = [];
  for (const cause of causes) {
    judged.push(await judge(cause, onJudged));
    merged?.endCause();
  }
  merged?.each(onHousehold);
  return judged;
}

const STEPS: readonly TriageStep[] = ['nothing', 'check-item', 'case'];
const SEVERITIES = 8;

const NO_LOSS = 0;
const UNJUDGED = 1;
const FIRST_JUDGED = 2;

/** What is kept of one policy's outcome: as `codes`, negative where it is judged in part, and losses. */
class Outcomes {
  readonly #codes: number[] = [];
  readonly #low: number[] = [];
  readonly #middle: number[] = [];
  readonly #high: number[] = [];
  readonly #reasons: WithheldReason[] = [];

  push(outcome: Outcome | undefined): void {
    const loss = outcome === undefined || outcome === 'unjudged' ? undefined : outcome.verdict.loss;
    this.#codes.push(this.#codeOf(outcome));
    this.#low.push(loss?.low ?? 0);
    this.#middle.push(loss?.middle ?? 0);
    this.#high.push(loss?.high ?? 0);
  }

  at(i: number): Outcome | undefined {
    const kept = this.#codes[i] ?? NO_LOSS;
    if (kept === NO_LOSS) return undefined;
    if (kept === UNJUDGED) return 'unjudged';
    const code = Math.abs(kept) - FIRST_JUDGED;
    const rest = Math.floor(code / SEVERITIES);
    const withheld = this.#reasons[Math.floor(rest / STEPS.length) - 1];
    return {
      ...(kept < 0 ? { inPart: true } : {}),
      triage: STEPS[rest % STEPS.length] ?? 'nothing',
      verdict: {
        loss: { low: this.#low[i] ?? 0, middle: this.#middle[i] ?? 0, high: this.#high[i] ?? 0 },
        projectedFen: null,
        severity: code % SEVERITIES,
        reasons: 0,
        ...(withheld === undefined ? {} : { withheld }),
      },
    };
  }

  #codeOf(outcome: Outcome | undefined): number {
    if (outcome === undefined) return NO_LOSS;
    if (outcome === 'unjudged') return UNJUDGED;
    const { verdict, triage, inPart } = outcome;
    let reason = 0;
    if (verdict.withheld !== undefined) {
      if (!this.#reasons.includes(verdict.withheld)) this.#reasons.push(verdict.withheld);
      reason = this.#reasons.indexOf(verdict.withheld) + 1;
    }
    const code = FIRST_JUDGED + verdict.severity + SEVERITIES * (STEPS.indexOf(triage) + STEPS.length * reason);
    return inPart === true ? -code : code;
  }
}

class Households {
  readonly ids: number[] = [];
  readonly dutyCodes: number[] = [];
  readonly types: HouseholdType[] = [];
  readonly outcomes: readonly Outcomes[];

  constructor(private readonly policies: number) {
    this.outcomes = Array.from({ length: policies }, () => new Outcomes());
  }

  push(id: number, dutyCode: number, type: HouseholdType, outcomes: readonly (Outcome | undefined)[]): void {
    this.ids.push(id);
    this.dutyCodes.push(dutyCode);
    this.types.push(type);
    for (let i = 0; i < this.policies; i += 1) this.outcomes[i]?.push(outcomes[i]);
  }

  outcomesAt(i: number): (Outcome | undefined)[] {
    return this.outcomes.map((kept) => kept.at(i));
  }

  moveTo(other: Households, i: number): void {
    const [id, dutyCode, type] = [this.ids[i], this.dutyCodes[i], this.types[i]];
    if (id !== undefined && dutyCode !== undefined && type !== undefined)
      other.push(id, dutyCode, type, this.outcomesAt(i));
  }
}

export class MergedCauses {
  #before: Households;
  #next: Households;
  #at = 0;

  constructor(private readonly policies: number) {
    this.#before = new Households(policies);
    this.#next = new Households(policies);
  }

  /** One household of the cause at hand; they come in growing order. */
  add(id: number, dutyCode: number, type: HouseholdType, outcomes: readonly (Outcome | undefined)[]): void {
    this.#take(id);
    if (this.#before.ids[this.#at] !== id) return this.#next.push(id, dutyCode, type, outcomes);
    const known = this.#before.outcomesAt(this.#at);
    this.#at += 1;
    this.#next.push(
      id,
      dutyCode,
      type,
      known.map((outcome, i) => both(outcome, outcomes[i])),
    );
  }

  /** All households of the cause at hand have come. */
  endCause(): void {
    this.#take(Infinity);
    this.#before = this.#next;
    this.#next = new Households(this.policies);
    this.#at = 0;
  }

  each(onHousehold: OnHousehold): void {
    this.#before.ids.forEach((_, i) => {
      const [dutyCode, type] = [this.#before.dutyCodes[i], this.#before.types[i]];
      if (dutyCode !== undefined && type !== undefined) onHousehold(dutyCode, type, this.#before.outcomesAt(i));
    });
  }

  #take(below: number): void {
    for (; (this.#before.ids[this.#at] ?? Infinity) < below; this.#at += 1) this.#before.moveTo(this.#next, this.#at);
  }
}

/** What two causes together are to a household. */
export function both(a: Outcome | undefined, b: Outcome | undefined): Outcome | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a === 'unjudged') return b === 'unjudged' ? b : { ...b, inPart: true };
  if (b === 'unjudged') return { ...a, inPart: true };
  const loss = {
    low: a.verdict.loss.low + b.verdict.loss.low,
    middle: a.verdict.loss.middle + b.verdict.loss.middle,
    high: a.verdict.loss.high + b.verdict.loss.high,
  };
  // Of two alerts the graver, before one that is withheld; a case before an item on the list.
  const [worse, other] = weight(b) > weight(a) ? [b, a] : [a, b];
  const triage = STEPS.indexOf(other.triage) > STEPS.indexOf(worse.triage) ? other.triage : worse.triage;
  const inPart = a.inPart === true || b.inPart === true;
  return { ...(inPart ? { inPart } : {}), triage, verdict: { ...worse.verdict, loss } };
}

function weight({ verdict, triage }: Judged): number {
  return verdict.severity + (triage === 'nothing' ? 0 : SEVERITIES);
}
