/** JSON schemas of the values in intake-values.ts. */
import type { SchemaObject } from 'ajv';
import type { IntakeSingleValues, IntakeSubjectValues } from './intake-values.js';
import { integer, object } from './schema-parts.js';

export const intakeSchemas: Readonly<Record<keyof IntakeSingleValues | keyof IntakeSubjectValues, SchemaObject>> = {
  'finding-age': object({ oldestDays: integer(1, 3_660) }),
  // Beyond a leap year it would be no yearly sum.
  'spending-period': object({ mostDays: integer(1, 366) }),
  'department-findings': object({
    name: { type: 'string', minLength: 2 },
    kinds: { type: 'array', items: { type: 'string', pattern: '^[a-z][a-z-]*$' }, uniqueItems: true },
  }),
};

export const intakeSubjectKeys: readonly (keyof IntakeSubjectValues)[] = ['department-findings'];
