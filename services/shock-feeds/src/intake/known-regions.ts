import type { RegionCode } from '@fangpin/domain-kit';
import { findRegion } from '@fangpin/regions';

/** The division lists, for rules that ask whether they hold a code. */
export const knownRegions = { has: (code: RegionCode): boolean => findRegion(code) !== undefined };
