/**
 * What counts of a household beside its livelihoods: its house, its water, its hard spending, the day of its risk removal. They stand among the livelihoods of an
 * alert's inputs under codes of their own, from 400 (products of the contracts end below), so that rows and explanations
 * of every cause have one shape. Codes are fixed once given.
 */
import type { HouseGrade } from '@fangpin/policy';

/** 400 + grade for a house beside another one, 410 + grade for the only one. */
const HOUSE = 400;
const ONLY_HOUSE = 410;
/** One for each person who drinks. */
export const WATER = 420;
/** Fen that the household paid itself, beside what a shock touches. */
export const SPENDING = 430;
/** The day (days since 1970) on which the household's risk was removed. */
export const REMOVAL = 440;
/** The wages of a main earner, who stands where a field has its place. In no row: only where alerts are added up. */
export const EARNER = 450;

/** In the order of DwellingGrade in proto/fangpin/registry/v1. */
export const HOUSE_GRADES: readonly HouseGrade[] = ['unknown', 'A', 'B', 'C', 'D'];

export interface House {
  /** Value of DwellingGrade. */
  readonly grade: number;
  readonly only: boolean;
}

/** The code of a house. A grade that is none of A to D counts as not known. */
export function houseCode({ grade, only }: House): number {
  return (only ? ONLY_HOUSE : HOUSE) + (grade in HOUSE_GRADES ? grade : 0);
}

/** The house of a code, or nothing where the code is of something else. */
export function houseOf(code: number): House | undefined {
  if (code >= ONLY_HOUSE && code < ONLY_HOUSE + HOUSE_GRADES.length) return { grade: code - ONLY_HOUSE, only: true };
  if (code >= HOUSE && code < HOUSE + HOUSE_GRADES.length) return { grade: code - HOUSE, only: false };
  return undefined;
}

export const HOUSE_CODES: readonly number[] = HOUSE_GRADES.flatMap((_, grade) => [
  houseCode({ grade, only: false }),
  houseCode({ grade, only: true }),
]);
