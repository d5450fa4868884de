/**
 * Why several causes together raised an alert: the alerts that were added up, what is known of the household, step by step what was
 * made of it, under which policy records. Computed again by the very rule that raised it.
 */
import { reasonsFromBits } from '@fangpin/contracts';
import { composeDerivedId, perHead, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import type { AlertEntity } from '../alerts/alert.entity.js';
import type { ExplanationStep } from '../alerts/explanation-step.js';
import { sameAsStored, type Explanation } from '../alerts/explanation.js';
import { notedPolicy } from '../alerts/noted-policy.js';
import { assumedLeft, impactOf, verdictSteps } from '../alerts/verdict-steps.js';
import { causeWord } from '../episodes/cause-words.js';
import { lossIsOf, type StandingAlert } from '../episodes/joint-risk.rule.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { FACT_BITS } from '../loss/household.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import type { JointBehindAlert } from './joint-behind.js';
import { severalText } from './joint-text.js';
import { explainedShared, ofSeveralCauses, tooMuchFen, type ExplainedSharedThing } from './shared-text.js';
import { jointVerdict, type JointVerdict } from './joint-verdict.rule.js';

/** An alert, or a loss held back, that was added up, as it stood then; fen of the whole household over twelve months. */
export interface JointPart {
  /** Null for a loss that raised no alert by itself. */
  readonly alertId: string | null;
  readonly revision: number | null;
  readonly cause: string;
  readonly causeName: string;
  readonly severity: number;
  readonly lossIs: 'income' | 'spending';
  readonly lowFen: number;
  readonly middleFen: number;
  readonly highFen: number;
  /** What the household has paid itself, beside the loss where that is of income. */
  readonly paidFen: number;
  /** False where another one holds the loss or the bill already. */
  readonly added: boolean;
  /** It was held back singly: material, and no danger by itself. */
  readonly heldBack: boolean;
}

export interface JointExplanationInputs {
  readonly causes: readonly JointPart[];
  /** Fields, pens and wages that several of the causes take something of. */
  readonly shared: readonly ExplainedSharedThing[];
  readonly township: { readonly region: RegionCode; readonly name: string };
  readonly persons: number;
  readonly perCapitaFen: number | null;
  /** Hard spending on record beside the bills. */
  readonly spendingFen: number;
  readonly facts: readonly string[];
}

export type JointExplanation = Explanation<JointExplanationInputs>;

/** Explains a raised revision; `policy` is the version that it names. */
export function explainJoint(
  alert: AlertEntity,
  { parts, judgedOn }: JointBehindAlert,
  policy: PolicySet,
): JointExplanation {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const noted = notedPolicy(policy);
  const judged = jointVerdict(parts, severityPolicyOf({ judgedOn }, noted.policy, township));
  const line = noted.policy.line(township, judgedOn);
  return {
    inputs: {
      causes: parts.map((part) => partOf(part, alert.householdId, judged)),
      shared: ofSeveralCauses(judged?.risk.shared ?? []).map(explainedShared),
      township: { region: township, name: regionName(township) ?? township },
      persons: alert.persons,
      perCapitaFen: alert.perCapitaFen,
      spendingFen: judged?.risk.spendingFen ?? 0,
      facts: reasonsFromBits(alert.reasons & FACT_BITS),
    },
    steps: judged === undefined ? [] : stepsOf(judged, line.fen),
    policy: { version: policy.version, judgedOn, records: noted.records },
    text: judged === undefined ? '' : severalText(parts, judged.risk, line),
    recomputed:
      judged !== undefined &&
      sameAsStored(judged.verdict, alert) &&
      judged.risk.persons === alert.persons &&
      judged.risk.perCapitaFen === alert.perCapitaFen,
  };
}

function partOf(part: StandingAlert, householdId: number, judged: JointVerdict | undefined): JointPart {
  const { origin, cause, severity, loss } = part;
  const heldBack = part.heldBack === true;
  return {
    alertId: heldBack ? null : composeDerivedId({ origin, householdId }),
    revision: part.revision ?? null,
    cause,
    causeName: causeWord(cause),
    severity,
    lossIs: lossIsOf(part),
    lowFen: loss.low,
    middleFen: loss.middle,
    highFen: loss.high,
    paidFen: part.found?.paidFen ?? 0,
    added: judged === undefined || !judged.risk.notAdded.includes(origin),
    heldBack,
  };
}

function stepsOf({ risk, verdict }: JointVerdict, lineFen: number): ExplanationStep[] {
  const { persons, perCapitaFen, incomeLoss, bills, spendingFen, projected, worstSeverity, assumedFen, heldDown } =
    risk;
  const projectedFen = projected?.middle ?? null;
  const spent = perHead(spendingFen + bills.middle, persons);
  const steps: ExplanationStep[] = [
    {
      step: 'loss',
      text: '各项原因造成的收入损失相加，花掉的和要花的钱相加；同一块地、同一栏牲畜，同一种原因只算损失大的一次，一种原因减掉的别的原因不再减，合起来不超过它一年的产值；同一个劳动力的工资、同一所房子、同一个人的同一笔花费只算一次',
      values: {
        incomeLowFen: incomeLoss.low,
        incomeMiddleFen: incomeLoss.middle,
        incomeHighFen: incomeLoss.high,
        billsMiddleFen: bills.middle,
        paidFen: risk.paidFen,
        countedOnceFen: tooMuchFen(risk.shared),
      },
    },
    {
      step: 'projection',
      text: '现有人均纯收入减去人均损失，得到预计人均纯收入',
      values: {
        perCapitaFen,
        lossPerHeadFen: perHead(incomeLoss.middle, persons),
        projectedFen,
        projectedLowFen: projected?.low ?? null,
        projectedHighFen: projected?.high ?? null,
        ...assumedLeft(risk, perHead(incomeLoss.middle, persons)),
      },
    },
  ];
  if (spent > 0)
    steps.push({
      step: 'spending',
      text: '支出不从收入里扣，单独与预计人均纯收入比较，看花掉几成、还剩多少',
      values: {
        projectedFen,
        onRecordPerHeadFen: perHead(spendingFen, persons),
        billPerHeadFen: perHead(bills.middle, persons),
        remainderFen: projectedFen === null ? null : projectedFen - spent,
        ...assumedLeft(risk, perHead(incomeLoss.middle, persons) + spent),
      },
    });
  const judged = {
    ...{ projectedFen, severity: verdict.severity, reasons: verdict.reasons },
    ...(assumedFen === undefined ? {} : { assumedFen }),
    ...(heldDown === undefined ? {} : { heldDown }),
  };
  const impact = impactOf(risk, perHead(incomeLoss.middle + bills.middle, persons), lineFen);
  return [...steps, ...verdictSteps(judged, lineFen, { worstAlone: worstSeverity, ...impact })];
}
