import { roles, type RegionCode, type Role } from '@fangpin/domain-kit';
import type { Scope } from '@fangpin/persistence';

export { roles, type Role } from '@fangpin/domain-kit';

/** Who reads what is known of households by name or number: everybody with an area, but not the systems that only push, nor the hotline. */
export const householdReaders: readonly Role[] = roles.filter(
  (role) => role !== 'department-client' && role !== 'hotline-operator',
);

/** Who calls, as the token says. */
export interface Caller {
  /** The token's `sub`: an account's id, never a person's name. */
  readonly subject: string;
  readonly role: Role;
  /** The area that the account answers for; what it sees ends at its border. */
  readonly region: RegionCode;
  /** Only of a department client: `water`, `civil-affairs` … */
  readonly department?: string;
  /** The area as the range of duty codes that a transaction runs under. */
  readonly scope: Scope;
}
