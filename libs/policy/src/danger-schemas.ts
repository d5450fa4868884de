/** JSON schemas of the values in danger-values.ts. */
import type { SchemaObject } from 'ajv';
import type { DangerSingleValues, DangerSubjectValues } from './danger-values.js';
import {
  each,
  estimate,
  fen,
  integer,
  level,
  LEVELS,
  LEVELS_OR_UNKNOWN,
  number,
  object,
  share,
} from './schema-parts.js';

const houseDamage = object({ repair: estimate(share), unsafe: share });

export const dangerSchemas: Readonly<Record<keyof DangerSingleValues | keyof DangerSubjectValues, SchemaObject>> = {
  'dwelling-grade': object({ factor: each(['unknown', 'A', 'B', 'C', 'D'], number(0, 20)) }),
  'dwelling-quake': houseDamage,
  'dwelling-hazard': each(LEVELS_OR_UNKNOWN, houseDamage),
  'dwelling-report': object({ collapsed: houseDamage, damaged: houseDamage }),
  'dwelling-cost': object({ rebuildFen: estimate(fen) }),
  'water-cut': object({ fenPerPersonDay: estimate(fen), daysWhereNotStated: integer(0, 366) }),
  'spending-bands': object({
    shareFrom: each(LEVELS, number(0, 100)),
    shareCountsBelowRatio: number(0, 100),
    remainderRatioBelow: each(LEVELS, number(-100, 100)),
    remainderCountsFromShare: number(0, 100),
  }),
  'no-income-bands': object({
    unsafeDwellingFrom: each(LEVELS, share),
    unsafeGrade: each(['C', 'D'], level),
    waterGoneFromDays: each(LEVELS, integer(1, 366)),
    earnerLost: level,
    outOfSchool: level,
    suspectedOutOfSchool: level,
  }),
  'finding-spending': object({
    watchedFromFen: fen,
    ordinaryFromFen: fen,
    againAfterGrowthShare: number(0, 100),
  }),
  'earner-loss': object({ weeksWithoutWork: estimate(number(0, 52)), wageFenPerYear: estimate(fen) }),
  'animal-disease': object({
    animals: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
    infectedShare: estimate(share),
    diesShare: estimate(share),
    culledShare: estimate(share),
    grownShare: estimate(share),
  }),
  'culling-compensation': object({
    fenPerHead: fen,
    fenPerHeadOf: { type: 'object', additionalProperties: fen },
    paidShare: estimate(share),
  }),
  'drop-out': object({ suspectedFromDays: integer(1, 366), droppedOutFromDays: integer(1, 366) }),
  'finding-need': object({ level: integer(0, 4) }),
  'impact-ceiling': object({
    lossFrom: each(LEVELS, number(0, 100)),
    billFrom: each(LEVELS, number(0, 100)),
    graveNeedFrom: integer(1, 5),
  }),
  'earner-share': object({ mostOfIncome: share }),
};

export const dangerSubjectKeys: readonly (keyof DangerSubjectValues)[] = [
  'dwelling-quake',
  'dwelling-hazard',
  'finding-spending',
  'earner-loss',
  'animal-disease',
  'culling-compensation',
  'finding-need',
];
