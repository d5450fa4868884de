/** How many cases each caseworker (乡镇专干) of a township would have: numbers of the request, else an assumed policy value. */
import { InvalidFields, levelOf, findRegionCode, type FieldProblem } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { townshipCode } from '../fan-out/township.js';
import type { CaseworkersRequest } from './simulation.request.js';

export interface Caseworkers {
  readonly persons: number;
  /** No number was given and no document states one. */
  readonly assumed: boolean;
}

export type Caseload = (township: number) => Caseworkers;

/** Refuses a region that is no township, is not known, or is named twice. */
export function caseload(given: readonly CaseworkersRequest[], policy: PolicySet, day: string): Caseload {
  const problems: FieldProblem[] = [];
  const known = new Map<number, number>();
  given.forEach(({ region, persons }, i) => {
    const code = findRegionCode(region);
    const complain = (rule: string): void => {
      problems.push({ field: `caseworkers[${i}].region`, value: region, rule });
    };
    if (code === undefined || levelOf(code) !== 'township')
      return complain('must be the code of a township (9 digits)');
    if (regionName(code) === undefined) return complain('must be a known township');
    if (known.has(Number(code))) return complain('is named twice');
    known.set(Number(code), persons);
  });
  if (problems.length > 0) throw new InvalidFields(problems);
  return (township) => {
    const persons = known.get(township);
    if (persons !== undefined) return { persons, assumed: false };
    const { value, assumed } = policy.get('caseworkers', townshipCode(township), day);
    return { persons: value.perTownship, assumed };
  };
}

/** Two decimals are enough for a load. */
export function perCaseworker(cases: number, persons: number): number {
  return persons === 0 ? 0 : Math.round((cases / persons) * 100) / 100;
}
