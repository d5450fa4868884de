/**
 * Why a finding alerted a household: what the department found, what is known of the household, step by step what was made of
 * it, under which policy records. Computed again by the very rule that raised the alert.
 */
import { reasonsFromBits } from '@fangpin/contracts';
import { perHead, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import type { AlertEntity } from '../alerts/alert.entity.js';
import type { ExplanationStep } from '../alerts/explanation-step.js';
import { householdOf, sameAsStored, type Explanation } from '../alerts/explanation.js';
import { notedPolicy } from '../alerts/noted-policy.js';
import { assumedLeft, impactOf, projectionStep, verdictSteps } from '../alerts/verdict-steps.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { FACT_BITS, removedOn, type Verdict } from '../loss/household.js';
import { HOUSE_GRADES } from '../loss/things.js';
import { paidFen, type FindingFacts } from './finding-facts.js';
import { isOfIncome, judgeFinding, spendingBeside, type FoundHousehold } from './finding-loss.rule.js';
import { findingText } from './finding-text.js';

/** What an explanation needs beside the alert's row. */
export interface FindingBehindAlert {
  readonly facts: FindingFacts;
  readonly watched: boolean;
  readonly onlyDwelling: boolean;
}

export interface FindingExplanationInputs {
  readonly finding: {
    readonly cause: string;
    readonly kind: string;
    readonly name: string;
    readonly department: string;
    readonly judgedOn: string;
    /** Cumulative since `spentSince`, fen; what the household paid itself is what is left after refunds. */
    readonly spentFen: number;
    readonly refundedFen: number;
    readonly paidFen: number;
    readonly spentSince: string | null;
    readonly ofEarner: boolean;
    readonly days: number;
    readonly houseGrade: string | null;
  };
  readonly township: { readonly region: RegionCode; readonly name: string };
  readonly persons: number;
  readonly perCapitaFen: number | null;
  readonly spendingFen: number | null;
  readonly facts: readonly string[];
  /** Day on which the household's risk was removed (风险消除); null where it was not, or nobody has said when. */
  readonly removedOn: string | null;
  /** Monitored or lifted out: lower thresholds hold. */
  readonly watched: boolean;
  readonly onlyDwelling: boolean;
  readonly wageFenPerWorker: number | null;
}

export type FindingExplanation = Explanation<FindingExplanationInputs>;

/** Explains a raised revision; `policy` is the version that it names. */
export function explainFinding(
  alert: AlertEntity,
  { facts, watched, onlyDwelling }: FindingBehindAlert,
  policy: PolicySet,
): FindingExplanation {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const noted = notedPolicy(policy);
  const household: FoundHousehold = { ...householdOf(alert), watched, onlyDwelling };
  const judged = judgeFinding(facts, household, noted.policy, township);
  const verdict = 'verdict' in judged ? judged.verdict : undefined;
  const unlifted = underPolicy(() => judgeFinding(facts, { ...household, facts: 0 }, noted.policy, township));
  const byItself = unlifted !== undefined && 'verdict' in unlifted ? unlifted.verdict.severity : 0;
  const lifted = Math.max(0, (verdict?.severity ?? 0) - byItself);
  const line = underPolicy(() => noted.policy.line(township, facts.occurredOn));
  return {
    inputs: { ...inputsOf(facts, household, township), facts: reasonsFromBits(alert.reasons & FACT_BITS) },
    steps: verdict === undefined ? [] : stepsOf(facts, household, verdict, line?.fen ?? null, lifted),
    policy: { version: policy.version, judgedOn: facts.occurredOn, records: noted.records },
    text: verdict === undefined ? '' : findingText(facts, household, verdict, line, lifted),
    recomputed: verdict !== undefined && sameAsStored(verdict, alert),
  };
}

function inputsOf(
  facts: FindingFacts,
  household: FoundHousehold,
  township: RegionCode,
): Omit<FindingExplanationInputs, 'facts'> {
  const { kind, spentSince, spentFen, refundedFen, ofEarner, days, houseGrade } = facts;
  return {
    finding: {
      cause: kind.cause,
      kind: kind.key,
      name: kind.name,
      department: facts.department,
      judgedOn: facts.occurredOn,
      spentFen,
      refundedFen,
      paidFen: paidFen(facts),
      spentSince: spentSince === '' ? null : spentSince,
      ofEarner,
      days,
      houseGrade: houseGrade === 0 ? null : (HOUSE_GRADES[houseGrade] ?? null),
    },
    township: { region: township, name: regionName(township) ?? township },
    persons: household.persons,
    perCapitaFen: household.perCapitaFen,
    spendingFen: household.spendingFen ?? null,
    removedOn: removedOn(household),
    watched: household.watched,
    onlyDwelling: household.onlyDwelling,
    wageFenPerWorker: household.wageFenPerWorker ?? null,
  };
}

/** How the loss was come by; an earner's is of wages, and what it cost stands beside it. */
function howReckoned(facts: FindingFacts, { loss }: Verdict): string {
  if (isOfIncome(facts))
    return '花掉的扣除报销和补助，少挣的按工资和误工时间估算，登记里没有工资的，不超过全家的收入（低于监测线的按监测线）';
  if (loss.high === 0) return '没有可以估算的花费，只看不看收入也要处理的困难';
  return facts.kind.key === 'water' ? '按人数、停水天数和每人每天买水拉水的费用估算支出' : '花掉的扣除报销和补助';
}

/** Income is only projected where a loss is of income; what is spent stands beside it, as the rule has it. */
function stepsOf(
  facts: FindingFacts,
  household: FoundHousehold,
  verdict: Verdict,
  lineFen: number | null,
  lifted: number,
): ExplanationStep[] {
  const { persons } = household;
  const { loss, projectedFen } = verdict;
  const lossPerHead = perHead(loss.middle, persons);
  const ofIncome = isOfIncome(facts);
  const { onRecordFen, billFen } = spendingBeside(facts, household);
  const onRecordPerHeadFen = perHead(onRecordFen, persons);
  const billPerHeadFen = ofIncome ? perHead(billFen, persons) : lossPerHead;
  const befallenPerHead = lossPerHead + (ofIncome ? billPerHeadFen : 0);
  const steps: ExplanationStep[] = [
    {
      step: 'loss',
      text: `部门推送的${facts.kind.name}：${howReckoned(facts, verdict)}`,
      values: { lowFen: loss.low, middleFen: loss.middle, highFen: loss.high, days: facts.days },
    },
  ];
  if (ofIncome) steps.push(projectionStep(verdict, household));
  if (onRecordPerHeadFen + billPerHeadFen > 0)
    steps.push({
      step: 'spending',
      text: '支出不从收入里扣，单独与预计人均纯收入比较，看花掉几成、还剩多少',
      values: {
        projectedFen,
        onRecordPerHeadFen,
        billPerHeadFen,
        remainderFen: projectedFen === null ? null : projectedFen - onRecordPerHeadFen - billPerHeadFen,
        ...assumedLeft(verdict, (ofIncome ? lossPerHead : 0) + onRecordPerHeadFen + billPerHeadFen),
      },
    });
  return [...steps, ...verdictSteps(verdict, lineFen, { lifted, ...impactOf(verdict, befallenPerHead, lineFen) })];
}
