import type { RegionCode } from '@fangpin/domain-kit';
import type { Scope } from '@fangpin/persistence';

/** Who uses the system (surface.md). Any role may hold a region of any length. */
export const roles = [
  'village-monitor',
  'resident-team',
  'helper',
  'township-caseworker',
  'county-officer',
  'prefecture-analyst',
  'department-client',
  'hotline-operator',
  'auditor',
  'operator',
] as const;

export type Role = (typeof roles)[number];

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
