/** Counts by township, under one policy or two side by side. */
import { townshipOf } from '../fan-out/township.js';
import { countDifference, noDifference, sumOfDifferences, type Difference } from './difference.js';
import { count, noFigures, sumOfFigures, type Figures, type Outcome } from './figures.js';
import type { HouseholdType } from './household-type.js';

export interface TownshipTally {
  readonly township: number;
  readonly before: Figures;
  readonly after: Figures;
  readonly differs: Difference;
}

/** `before` is the policy as it is, `after` the changed one; the same figures where nothing is changed. */
export class Tallies {
  readonly #byTownship = new Map<number, TownshipTally>();

  add(dutyCode: number, type: HouseholdType, before: Outcome | undefined, after: Outcome | undefined): void {
    const township = townshipOf(dutyCode);
    let tally = this.#byTownship.get(township);
    if (tally === undefined) {
      tally = { township, before: noFigures(), after: noFigures(), differs: noDifference() };
      this.#byTownship.set(township, tally);
    }
    if (before !== undefined) count(tally.before, before, type);
    if (after !== undefined) count(tally.after, after, type);
    countDifference(tally.differs, before, after);
  }

  /** In order of township. */
  townships(): TownshipTally[] {
    return [...this.#byTownship.values()].sort((a, b) => a.township - b.township);
  }

  total(): Omit<TownshipTally, 'township'> {
    const all = this.townships();
    return {
      before: sumOfFigures(all.map(({ before }) => before)),
      after: sumOfFigures(all.map(({ after }) => after)),
      differs: sumOfDifferences(all.map(({ differs }) => differs)),
    };
  }
}
