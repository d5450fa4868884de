/** The income of a made-up household: two spans of months, four kinds and the costs, whose mean follows published figures. */
import type { Member } from '../../../services/household-registry/src/households/household.ts';
import { COST_SHARE, INCOME_GROWTH, incomeByRank, MEAN_INCOME_2020_YUAN, sourceShares } from './calibration.ts';
import { REFERENCE_YEAR } from './members.ts';
import type { Random } from './prng.ts';

export type IncomeKind = 'wage' | 'business' | 'property' | 'transfer' | 'cost';

/** What income-monitoring's bulk load takes: an amount spread evenly over whole months, both ends included. */
export interface IncomeEntry {
  readonly kind: IncomeKind;
  readonly from: string;
  readonly to: string;
  readonly amountFen: number;
  readonly source: string;
  /** The same whenever the seed is run, so that a run in a later month adds nothing to what is there. */
  readonly sourceKey: string;
}

export interface Span {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly months: number;
  /** Mean income per head in a year of this span, in yuan. */
  readonly meanYuan: number;
}

const SPAN_MONTHS = 24;
const SOURCE = 'seed';

/** What an ordinary household has of each; set so that the kinds come to the published shares (a spec keeps them there). */
const ORDINARY = { wageMonths: 6.6, farmWorth: 18_500, need: 2.15 } as const;

/** 2020 and 2021, and the two years that end with the month told. */
export function spansUntil(asOf: string): readonly Span[] {
  const last = monthIndex(asOf);
  const first = monthIndex('2020-01');
  if (last < first + 2 * SPAN_MONTHS - 1) throw new RangeError('the last month must be 2023-12 or later');
  return [spanOf('2020', first), spanOf('recent', last - SPAN_MONTHS + 1)];
}

function spanOf(name: string, first: number): Span {
  const yearsSince2020 = (first + SPAN_MONTHS / 2 - monthIndex('2020-07')) / 12;
  return {
    name,
    from: monthText(first),
    to: monthText(first + SPAN_MONTHS - 1),
    months: SPAN_MONTHS,
    meanYuan: MEAN_INCOME_2020_YUAN * INCOME_GROWTH ** yearsSince2020,
  };
}

/** Income per head ÷ mean of a household at this rank (0 poorest, 1 richest). */
export function ratioAt(rank: number): number {
  for (let i = 1; i < incomeByRank.length; i += 1) {
    const [toRank, toRatio] = incomeByRank[i] as readonly [number, number];
    const [fromRank, fromRatio] = incomeByRank[i - 1] as readonly [number, number];
    if (rank <= toRank) return fromRatio + ((toRatio - fromRatio) * (rank - fromRank)) / (toRank - fromRank);
  }
  throw new RangeError('a rank lies from 0 to 1');
}

/** Entries of all spans. `ratio` is the household's income per head ÷ mean; `worth` what its fields and animals bring. */
export function makeIncome(
  sourceKey: string,
  members: readonly Member[],
  worth: number,
  ratio: number,
  spans: readonly Span[],
  random: Random,
): IncomeEntry[] {
  const shares = sharesOf(members, worth, random);
  return spans.flatMap(({ name, from, to, months, meanYuan }) => {
    const netFen = ratio * meanYuan * 100 * members.length * (months / 12);
    const gross = (netFen * shares.business) / (1 - COST_SHARE);
    const amounts: readonly (readonly [IncomeKind, number])[] = [
      ['wage', netFen * shares.wage],
      ['business', gross],
      ['property', netFen * shares.property],
      ['transfer', netFen * shares.transfer],
      ['cost', gross * COST_SHARE],
    ];
    return amounts
      .map(([kind, amount]): IncomeEntry => {
        const amountFen = Math.round(amount);
        return { kind, from, to, amountFen, source: SOURCE, sourceKey: `${sourceKey}/${name}/${kind}` };
      })
      .filter((entry) => entry.amountFen > 0);
  });
}

/** How a household's income divides: by who works away, what the land and pens bring, and who is old, ill or at school. */
function sharesOf(
  members: readonly Member[],
  worth: number,
  random: Random,
): Readonly<Record<keyof typeof sourceShares, number>> {
  const wageMonths = members.reduce((sum, member) => sum + member.workMonths, 0);
  const need = members.reduce((sum, { birthYear, disabilityGrade, schooling }) => {
    const age = REFERENCE_YEAR - birthYear;
    return sum + (age >= 60 ? 1 : 0) + (disabilityGrade > 0 ? 1 : 0) + (schooling !== 'none' ? 0.3 : 0);
  }, 0.6);
  const weights = {
    wage: sourceShares.wage * (wageMonths / ORDINARY.wageMonths),
    business: sourceShares.business * (worth / ORDINARY.farmWorth),
    property: sourceShares.property * (random.chance(0.4) ? 2.5 : 0),
    transfer: sourceShares.transfer * (need / ORDINARY.need),
  };
  const sum = weights.wage + weights.business + weights.property + weights.transfer;
  return {
    wage: weights.wage / sum,
    business: weights.business / sum,
    property: weights.property / sum,
    transfer: weights.transfer / sum,
  };
}

function monthIndex(text: string): number {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) throw new RangeError(`${text} is no month; write YYYY-MM`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

function monthText(index: number): string {
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}
