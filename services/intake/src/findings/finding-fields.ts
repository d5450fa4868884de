/** Members of a sent finding; a batch has columns of these names. */
export const findingFields = [
  'idNumber',
  'householdId',
  'kind',
  'occurredOn',
  'since',
  'spentFen',
  'refundedFen',
  'ofEarner',
  'days',
  'houseGrade',
] as const;

export type FindingField = (typeof findingFields)[number];
