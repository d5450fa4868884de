/** ID numbers of made-up people: of right form and check digit, under a division that does not exist, so that nobody holds one. */
import { idCheckCharacter, type RegionCode } from '@fangpin/domain-kit';
import type { MemberLine } from '../../../services/household-registry/src/bulk/household-line.ts';
import type { Member } from '../../../services/household-registry/src/households/household.ts';
import { hashText, type Random } from './prng.ts';

/** GB/T 2260 gives no province the digits 99. */
const NOWHERE = '99';
const DIVISIONS = 10_000;
/** Numbers in order of one division and day, for either sex: the last digit is odd for men. */
const IN_ORDER = 500;
/** Room for the members of one household. */
const MEMBERS_APART = 10;

/** Members with their numbers; `household` counts from 0 within the region. */
export function withIdNumbers(
  members: readonly Member[],
  region: RegionCode,
  household: number,
  random: Random,
): MemberLine[] {
  return members.map((member, at) => {
    const person = household * MEMBERS_APART + at;
    const division = (Math.floor(person / IN_ORDER) + hashText(region)) % DIVISIONS;
    const order = (person % IN_ORDER) * 2 + (member.sex === 'male' ? 1 : 0);
    const seventeen = [
      NOWHERE + digits(division, 4),
      digits(member.birthYear, 4) + digits(random.between(1, 12), 2) + digits(random.between(1, 28), 2),
      digits(order, 3),
    ].join('');
    return { ...member, idNumber: seventeen + idCheckCharacter(seventeen) };
  });
}

function digits(value: number, places: number): string {
  return String(value).padStart(places, '0');
}
