import { findRegionCode, roles } from '@fangpin/domain-kit';
import { UsageError } from './command.ts';
import type { TokenClaims } from './local-keys.ts';

const DEFAULT_HOURS = 12;
const LONGEST_HOURS = 24 * 365;

export interface TokenArguments {
  role?: string | undefined;
  region?: string | undefined;
  department?: string | undefined;
  subject?: string | undefined;
  hours?: string | undefined;
}

/**
 * Checks what `npm run token` was given. Refuses an unknown role, a region that is no code of 2, 4, 6, 9, 12 or 15
 * digits, a department client without its department, and a life of no hours or more than a year.
 */
export function readTokenArguments({ role, region, department, subject, hours }: TokenArguments): TokenClaims {
  if (role === undefined) throw new UsageError(`--role is missing; one of ${roles.join(', ')}`);
  if (!roles.some((known) => known === role)) {
    throw new UsageError(`unknown role "${role}"; one of ${roles.join(', ')}`);
  }
  if (region === undefined) throw new UsageError('--region is missing; 00 is the whole country');
  const code = findRegionCode(region);
  if (code === undefined) {
    throw new UsageError(`"${region}" is no region code: 2, 4, 6, 9, 12 or 15 digits, 00 for the whole country`);
  }
  if (role === 'department-client' && department === undefined) {
    throw new UsageError('a department-client needs its --department, for example civil-affairs');
  }
  if (department !== undefined && !/^[a-z]+(-[a-z]+)*$/.test(department)) {
    throw new UsageError(`"${department}" is no department: lower-case words joined by hyphens`);
  }
  const life = hours === undefined ? DEFAULT_HOURS : Number(hours);
  if (!(life > 0 && life <= LONGEST_HOURS)) {
    throw new UsageError(`--hours must be above 0 and at most ${LONGEST_HOURS}`);
  }
  if (subject !== undefined && subject.trim() === '') throw new UsageError('--subject must not be empty');
  return { role, region: code, department, subject: subject ?? `local-${role}`, hours: life };
}
