import { findIdNumber, ID_NUMBER_RULE, type FieldProblem } from '@fangpin/domain-kit';
import { identityHash, type IdentityKey } from '@fangpin/service-kit';

/**
 * A member's ID number as its keyed hash, in hexadecimal digits; undefined where none is given. A number that is none becomes a
 * problem that names the field and never the value.
 */
export function readIdentity(
  idNumber: unknown,
  field: string,
  key: IdentityKey,
  problems: FieldProblem[],
): string | undefined {
  if (idNumber === undefined) return undefined;
  const number = typeof idNumber === 'string' ? findIdNumber(idNumber) : undefined;
  if (number !== undefined) return identityHash(key, number).toString('hex');
  problems.push({ field, value: null, rule: ID_NUMBER_RULE });
  return undefined;
}

/** Two members of one household are two people. */
export function identityProblems(members: readonly { readonly idHash?: string }[], at = 'members'): FieldProblem[] {
  const seen = new Set<string>();
  return members.flatMap(({ idHash }, i) => {
    if (idHash === undefined || !seen.has(idHash)) {
      if (idHash !== undefined) seen.add(idHash);
      return [];
    }
    return [{ field: `${at}[${i}].idNumber`, value: null, rule: 'is that of another member of the household' }];
  });
}
