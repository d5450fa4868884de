/**
 * The standing alerts of one household as one picture: what they take together, what is left to live on, and how bad that is by
 * the very rule that judges each of them. Pure. Two losses that are blue each may be red together.
 */
import type { Cause } from '@fangpin/contracts';
import { removedDayOf, spendingOf } from '../fan-out/alert-rows.js';
import type { FoundPart } from '../findings/found-part.js';
import { factsJudged, storedFacts, type LossRange } from '../loss/household.js';
import { judge, type LossIs, type SeverityPolicy } from '../loss/severity.rule.js';
import { HOUSE_CODES, REMOVAL, SPENDING, WATER } from '../loss/things.js';
import { withEarners } from './earners.rule.js';
import { graveNeedOf, NEED_BITS } from './grave-need.rule.js';
import { countedBills, type FoundBill } from './paid-bills.rule.js';
import { heldByOthers, sharedThings, type SharedThing, type TakenApart, type ThingLoss } from './shared-things.rule.js';

/** What of a standing alert goes into the picture; fen of the whole household. */
export interface StandingAlert {
  readonly origin: number;
  /** Of the alert; only shown. */
  readonly revision?: number;
  /** A loss that raised no alert by itself; its severity is 0. */
  readonly heldBack?: true;
  readonly cause: Cause;
  readonly severity: number;
  readonly loss: LossRange;
  readonly perCapitaFen: number | null;
  readonly projectedFen: number | null;
  readonly persons: number;
  readonly reasons: number;
  /** What it touches, flat: product, quantity, place, … */
  readonly inputs: readonly number[];
  /** Its loss by field and pen, where it shares one with another alert; others count as a whole. */
  readonly things?: readonly ThingLoss[];
  /** What a department found, where a finding raised it. */
  readonly found?: FoundPart;
  /** A year's wages for each member at work, fen, as it was judged by. */
  readonly wageFenPerWorker?: number | null;
  /** Grows with the time at which it was stored. */
  readonly sliceNo: number;
}

export interface JointRisk {
  readonly persons: number;
  readonly perCapitaFen: number | null;
  /** Income that is lost, and bills, paid or to be paid, over twelve months. */
  readonly incomeLoss: LossRange;
  readonly bills: LossRange;
  /** Of the bills what has been paid already, fen. */
  readonly paidFen: number;
  /** Hard spending on record beside the bills, fen. */
  readonly spendingFen: number;
  /** Income per head that is left; null where income is not known. */
  readonly projected: LossRange | null;
  /** The worst of the alerts alone … */
  readonly worstSeverity: number;
  /** … and of all of them together, at least as bad. */
  readonly jointSeverity: number;
  /** Bits of `alertReasons`. */
  readonly reasons: number;
  /** What was taken for the income per head where it is not known, fen. */
  readonly assumedFen?: number;
  /** Alerts whose loss or bill another one holds already: two storms over one field, one hospital bill from two offices. */
  readonly notAdded: readonly number[];
  /** Alerts that add something. A need without a sum adds nothing to a sum, though nobody else holds it. */
  readonly adding: readonly number[];
  /** Alerts of a grave need that nobody else holds, with a sum or without: beside it what others take counts in full. */
  readonly grave: readonly number[];
  /** What has befallen it weighs little beside how it stood before, which would have counted for more. */
  readonly heldDown?: true;
  /** Fields, pens and wages of which more than one alert takes something. */
  readonly shared: readonly SharedThing[];
}

const NOTHING: LossRange = { low: 0, middle: 0, high: 0 };
const BILLS: ReadonlySet<Cause> = new Set<Cause>(['dwelling', 'water', 'illness', 'schooling']);
/** Causes whose bills may stand on the record of spending already. */
const ON_RECORD: ReadonlySet<Cause> = new Set<Cause>(['illness', 'schooling']);

/** Undefined where no alert stands. Household facts are those of the alert stored last. */
export function jointRisk(standing: readonly StandingAlert[], policy: SeverityPolicy): JointRisk | undefined {
  const latest = standing.toSorted((a, b) => b.sliceNo - a.sliceNo || b.origin - a.origin)[0];
  if (latest === undefined) return undefined;
  const { persons, perCapitaFen } = latest;
  const { alerts, apart, counted, paid, notAdded, adding } = countedOnce(standing);
  const shared = sharedThings(apart);
  const incomeLoss = less(
    counted.filter((alert) => lossIsOf(alert) === 'income'),
    shared,
  );
  const billed = alerts.filter(isFound).filter(({ origin }) => paid.has(origin));
  const paidBills = sumPaid(billed);
  // Kept from before findings were kept with their alerts.
  const ofOld = counted.filter(({ cause, found }) => found === undefined && ON_RECORD.has(cause));
  const paidFen = paidBills + sumOf(ofOld).middle;
  const bills = plus(sumOf(counted.filter((alert) => lossIsOf(alert) === 'spending')), paidBills);
  const onRecord = sumOf(ofOld).middle + sumPaid(billed.filter(({ found }) => found.cumulative));
  const spendingFen = Math.max(0, (spendingOf(latest.inputs) ?? 0) - onRecord);
  const worstSeverity = Math.max(...alerts.map(({ severity }) => severity));
  const removedDay = removedDayOf(latest.inputs);
  const facts = storedFacts(latest.reasons, removedDay);
  const household = { persons, perCapitaFen, facts, removedDay, livelihoods: [] };
  const needs = alerts.flatMap((alert) => {
    const need = graveNeedOf(alert, lossIsOf(alert), policy);
    return need === undefined ? [] : { origin: alert.origin, need };
  });
  const gravest = needs.toSorted((a, b) => b.need.level - a.need.level || a.origin - b.origin)[0]?.need;
  const verdict =
    incomeLoss.high > 0
      ? judge({ ...household, spendingFen }, incomeLoss, policy, 'income', gravest, bills.middle)
      : bills.high > 0
        ? judge({ ...household, spendingFen }, bills, policy, 'spending', gravest)
        : undefined;
  const left = (lossFen: number, income: number): number => Math.round(income - lossFen / persons);
  return {
    persons,
    perCapitaFen,
    incomeLoss,
    bills,
    paidFen,
    spendingFen,
    projected:
      perCapitaFen === null
        ? null
        : {
            low: left(incomeLoss.high, perCapitaFen),
            middle: left(incomeLoss.middle, perCapitaFen),
            high: left(incomeLoss.low, perCapitaFen),
          },
    worstSeverity,
    jointSeverity: Math.max(worstSeverity, verdict?.severity ?? 0),
    reasons: alerts.reduce(
      (bits, { reasons }) => bits | (reasons & NEED_BITS),
      verdict?.reasons ?? factsJudged(household, policy.recentSince),
    ),
    ...(verdict?.assumedFen === undefined ? {} : { assumedFen: verdict.assumedFen }),
    // An alert that is worse alone says itself why it is no worse.
    ...(verdict?.heldDown && verdict.severity >= worstSeverity ? { heldDown: verdict.heldDown } : {}),
    notAdded,
    adding,
    grave: needs.map(({ origin }) => origin).filter((origin) => !notAdded.includes(origin)),
    shared,
  };
}

/** How many of them make it worse together: by what they add to the sum, or by a grave need. */
export function countedTogether({ adding, grave }: Pick<JointRisk, 'adding' | 'grave'>): number {
  return new Set([...adding, ...grave]).size;
}

/** Origins of the alerts that add something to what all of them take together. */
export function addingOf(standing: readonly StandingAlert[]): readonly number[] {
  return countedOnce(standing).adding;
}

/** What of the alerts counts, so that nothing is lost or paid twice. */
function countedOnce(standing: readonly StandingAlert[]) {
  const alerts = withEarners(standing);
  const apart = alerts.filter(isTakenApart);
  const whole = withoutOverlaps(alerts.filter((alert) => !isTakenApart(alert) && !isBillAlone(alert)));
  const counted = [...whole, ...apart];
  const paid = countedBills(alerts.filter(isFound));
  const held = new Set(heldByOthers(apart, paid));
  const adds = (alert: StandingAlert): boolean =>
    paid.has(alert.origin) || (counted.includes(alert) && !held.has(alert.origin));
  const notAdded = alerts.filter((alert) => !adds(alert)).map(({ origin }) => origin);
  const adding = alerts.filter((alert) => adds(alert) && (alert.loss.high > 0 || paid.has(alert.origin)));
  return { alerts, apart, counted, paid, notAdded, adding: adding.map(({ origin }) => origin) };
}

/** What lowered the projected income was income; a bill leaves it as it was. Where income is not known, the finding tells, or the cause. */
export function lossIsOf({
  cause,
  perCapitaFen,
  projectedFen,
  found,
}: Pick<StandingAlert, 'cause' | 'perCapitaFen' | 'projectedFen' | 'found'>): LossIs {
  if (found !== undefined) return found.ofIncome ? 'income' : 'spending';
  if (perCapitaFen !== null && projectedFen !== null) return projectedFen < perCapitaFen ? 'income' : 'spending';
  return BILLS.has(cause) ? 'spending' : 'income';
}

/** Of an alert of which it is known what it takes of each thing; only losses of income are. */
function isTakenApart(alert: StandingAlert): alert is StandingAlert & TakenApart {
  return alert.things !== undefined && lossIsOf(alert) === 'income';
}

const isFound = (alert: StandingAlert): alert is StandingAlert & FoundBill => alert.found !== undefined;

/** A finding whose whole loss is the bill that was paid: {@link countedBills} says whether it counts. */
const isBillAlone = ({ found }: StandingAlert): boolean => found !== undefined && !found.ofIncome && found.paidFen > 0;

/** The sum of the losses less what they say too much of things that they share; never below the largest of them. */
function less(alerts: readonly StandingAlert[], shared: readonly SharedThing[]): LossRange {
  const sum = sumOf(alerts);
  const of = (step: keyof LossRange): number => {
    const tooMuch = shared.reduce((all, thing) => all + thing.tooMuch[step], 0);
    return Math.max(Math.round(sum[step] - tooMuch), ...alerts.map(({ loss }) => loss[step]));
  };
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

/**
 * Of alerts of one cause that touch the same thing (a field, a pen, the house) the largest loss counts: a field cannot be lost
 * twice. Others are added.
 */
function withoutOverlaps(alerts: readonly StandingAlert[]): StandingAlert[] {
  const counted: StandingAlert[] = [];
  const taken = new Set<string>();
  const largestFirst = alerts.toSorted((a, b) => b.loss.middle - a.loss.middle || a.origin - b.origin);
  for (const alert of largestFirst) {
    const things = thingsOf(alert);
    if (things.some((thing) => taken.has(thing))) continue;
    for (const thing of things) taken.add(thing);
    counted.push(alert);
  }
  return counted;
}

const HOUSES = new Set(HOUSE_CODES);

/** What a finding is about beside a person: the house or the water of the household. */
const OF_HOME: ReadonlySet<string> = new Set(['water', 'unsafe-house']);

function thingsOf({ cause, inputs, found }: StandingAlert): string[] {
  if (found !== undefined) return OF_HOME.has(found.kind) ? [cause] : [];
  const things: string[] = [];
  for (let i = 0; i + 2 < inputs.length; i += 3) {
    const [product = 0, , place] = inputs.slice(i, i + 3);
    if (product === SPENDING || product === REMOVAL) continue;
    // The house and the water of a household are one each, whatever is said of them.
    things.push(HOUSES.has(product) || product === WATER ? cause : `${cause}/${product}/${place}`);
  }
  return things;
}

const sumPaid = (bills: readonly FoundBill[]): number => bills.reduce((sum, { found }) => sum + found.paidFen, 0);

/** With what is known to the fen. */
const plus = ({ low, middle, high }: LossRange, fen: number): LossRange => ({
  low: low + fen,
  middle: middle + fen,
  high: high + fen,
});

function sumOf(alerts: readonly StandingAlert[]): LossRange {
  return alerts.reduce(
    (sum, { loss }) => ({
      low: sum.low + loss.low,
      middle: sum.middle + loss.middle,
      high: sum.high + loss.high,
    }),
    NOTHING,
  );
}
