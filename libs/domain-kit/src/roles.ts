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
