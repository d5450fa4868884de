/**
 * What a schema cannot say of a value: ladders climb from blue to red, and thresholds that belong together stand in their
 * order. A slip here would give wrong severities without a word.
 */
import { LEVELS } from './schema-parts.js';
import type { PolicyKey } from './values.js';

/** Of a member so named a higher level takes a lower value (`incomeRatioBelow`); of all others none lower than the level before. */
const FALLING = /Below$/;
const LANES: readonly unknown[] = ['recorded', 'notice', 'alert'];

/** Members of which the second must not be below the first. */
const PAIRS: Readonly<Partial<Record<PolicyKey, readonly (readonly [string, string])[]>>> = {
  triage: [['alertFrom', 'caseFrom']],
  'drop-out': [['suspectedFromDays', 'droppedOutFromDays']],
  'changed-household': [['restHours', 'latestHours']],
  'no-income-bands': [['suspectedOutOfSchool', 'outOfSchool']],
  'damage-share': [
    ['hit', 'damaged'],
    ['damaged', 'lost'],
  ],
  'price-fall': [
    ['endFallShare', 'markFallShare'],
    ['minWindowWeeks', 'windowWeeks'],
  ],
};

/** What is out of order in a value of the right shape. */
export function orderRules(key: PolicyKey, value: unknown): string[] {
  const members = value as Readonly<Record<string, unknown>>;
  const pairs = (PAIRS[key] ?? [])
    .filter(([lower, upper]) => climbs(members[lower], members[upper], false).length > 0)
    .map(([lower, upper]) => `value.${upper} must not be below value.${lower}`);
  return [...estimateRules(value, 'value'), ...ladderRules(value, 'value'), ...pairs];
}

/** Wherever a value has low, middle and high, they stand in this order. */
function estimateRules(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { low, middle, high } = value as Record<string, unknown>;
  if (typeof low === 'number' && typeof middle === 'number' && typeof high === 'number')
    return low <= middle && middle <= high ? [] : [`${path} must have low ≤ middle ≤ high`];
  return Object.entries(value).flatMap(([name, inner]) => estimateRules(inner, `${path}.${name}`));
}

function ladderRules(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Readonly<Record<string, unknown>>;
  if (!LEVELS.every((level) => level in members))
    return Object.entries(members).flatMap(([name, inner]) => ladderRules(inner, `${path}.${name}`));
  const falling = FALLING.test(path);
  const wrong = LEVELS.slice(1).flatMap((level, at) => climbs(members[LEVELS[at] ?? level], members[level], falling));
  if (wrong.length === 0) return [];
  const within = [...new Set(wrong)].filter((name) => name !== '').join(', ');
  return [`${path} must not ${falling ? 'rise' : 'fall'} from blue to red${within === '' ? '' : ` (${within})`}`];
}

/** Where the second of two values of one shape is lower (or, `falling`, higher) than the first: paths within, '' for itself. */
function climbs(first: unknown, second: unknown, falling: boolean, path = ''): string[] {
  if (typeof first === 'object' && first !== null && typeof second === 'object' && second !== null)
    return Object.entries(first).flatMap(([name, inner]) =>
      climbs(inner, (second as Record<string, unknown>)[name], falling, path === '' ? name : `${path}.${name}`),
    );
  const [a, b] = [rank(first), rank(second)];
  if (a === undefined || b === undefined) return [];
  return (falling ? b > a : b < a) ? [path] : [];
}

function rank(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return LANES.includes(value) ? LANES.indexOf(value) : undefined;
}
