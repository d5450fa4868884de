/**
 * Bills that departments have found: which of them count. Pure. Several offices tell of one hospital bill, sums of a period grow into those of
 * a longer one, and what an accident cost comes again in the sum of the health insurance. Of one purse of one person, bills that may be the
 * same yuan do not add up: those count that together are most, none of them over the days of another, and all within the
 * twelve months that the income beside them covers. One more bill never makes less.
 */
import { monthsAfter } from '@fangpin/domain-kit';
import type { FoundPart } from '../findings/found-part.js';

export interface FoundBill {
  readonly origin: number;
  readonly found: FoundPart;
}

type Purse = 'care' | 'school' | 'crime';

/** What hospitals take is one purse, whatever brought somebody there; what a crime took need not have gone to a hospital. */
const PURSES: Readonly<Record<string, Purse>> = {
  'medical-spending': 'care',
  accident: 'care',
  disability: 'care',
  'death-of-earner': 'care',
  tuition: 'school',
  crime: 'crime',
};
/** What is spent stands beside the income of as many. */
const MONTHS = 12;
/** An event may be paid for on any day after it. */
const LATER = '9999-12-31';

/** Origins of the bills that count; bills of nothing do not. In whatever order they are given. */
export function countedBills(bills: readonly FoundBill[]): ReadonlySet<number> {
  const paid = bills
    .filter(({ found }) => found.paidFen > 0 && found.kind in PURSES)
    .sort((a, b) => compare(endOf(a), endOf(b)) || compare(a.found.since, b.found.since) || a.origin - b.origin);
  const counted = [...Map.groupBy(paid, ({ found }) => PURSES[found.kind]).values()].flatMap(ofPurse);
  return new Set(counted.map(({ origin }) => origin));
}

/** A bill of which nobody says whose it is may be any person's: what is known by person counts, or that, whichever is more. */
function ofPurse(bills: readonly FoundBill[]): readonly FoundBill[] {
  const persons = Map.groupBy(bills, ({ found }) => found.person);
  const unknown = mostWithinMonths(persons.get(0) ?? []);
  const known = [...persons].filter(([person]) => person !== 0).flatMap(([, own]) => mostWithinMonths(own));
  return sumOf(unknown) > sumOf(known) ? unknown : known;
}

function mostWithinMonths(bills: readonly FoundBill[]): readonly FoundBill[] {
  return bills
    .map((first) => {
      const until = monthsAfter(first.found.since, MONTHS);
      const within = ({ found }: FoundBill): boolean => found.since >= first.found.since && found.until < until;
      // One of more than twelve months counts alone.
      return within(first) ? mostApart(bills.filter(within)) : [first];
    })
    .reduce<readonly FoundBill[]>((most, those) => (sumOf(those) > sumOf(most) ? those : most), []);
}

/** Of bills in order of their end those that are most together, no two of them over the same days. */
function mostApart(bills: readonly FoundBill[]): readonly FoundBill[] {
  const upTo: (readonly FoundBill[])[] = [[]];
  for (const [i, bill] of bills.entries()) {
    const before = bills.findLastIndex((other, j) => j < i && endOf(other) < bill.found.since) + 1;
    const [without, taken] = [upTo[i] ?? [], [...(upTo[before] ?? []), bill]];
    upTo.push(sumOf(taken) > sumOf(without) ? taken : without);
  }
  return upTo[bills.length] ?? [];
}

const endOf = ({ found }: FoundBill): string => (found.cumulative ? found.until : LATER);
const sumOf = (bills: readonly FoundBill[]): number => bills.reduce((sum, { found }) => sum + found.paidFen, 0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
