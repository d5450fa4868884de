/** Values for what departments send; their schemas are in intake-schemas.ts. */

/** What one department pushes, the subject being its key as in /v1/departments/{department} (rulebook §3.4). */
export interface DepartmentFindings {
  /** 医保, 教育 … */
  readonly name: string;
  /** Keys of the kinds of findings that are taken from it; none where what it pushes is not published. */
  readonly kinds: readonly string[];
}

/** How old a finding may be when it comes: what happened before is for the sweeps, and no policy may reach back to it. */
export interface FindingAge {
  readonly oldestDays: number;
}

/** Over how many days at most the amounts of a finding may be summed up, both ends counted: what a year's income and line are set beside (rulebook §3.5). */
export interface SpendingPeriod {
  readonly mostDays: number;
}

export interface IntakeSingleValues {
  'finding-age': FindingAge;
  'spending-period': SpendingPeriod;
}

export interface IntakeSubjectValues {
  'department-findings': DepartmentFindings;
}
