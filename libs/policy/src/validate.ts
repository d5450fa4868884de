/** Checks of policy data at boot: shape by schema, then what a schema cannot say (days, order, overlaps, sources). */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { findRegionCode, isDay } from '@fangpin/domain-kit';
import { orderRules } from './order-rules.js';
import { recordIdOf, slotOf, type PolicyProblem, type PolicyRecord } from './policy-record.js';
import { recordSchema, subjectKeys, valueSchemas } from './value-schemas.js';
import type { PolicyKey } from './values.js';

export interface PolicyFile {
  readonly file: string;
  /** The parsed JSON of the file. */
  readonly content: unknown;
}

export interface FiledRecord {
  readonly file: string;
  readonly index: number;
  readonly record: PolicyRecord;
}

const ajv = new Ajv({ allErrors: true, verbose: true });
/** Days of another form are refused by the schema. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const checkRecord = ajv.compile(recordSchema);
/** A map: the key comes from outside, and `constructor` is none. */
const checkValue: ReadonlyMap<string, ValidateFunction> = new Map(
  Object.entries(valueSchemas).map(([key, schema]) => [key, ajv.compile(schema)]),
);

/** Reads the records of files that stand for one another (the data of the library, or one overlay folder). */
export function validateFiles(files: readonly PolicyFile[]): { records: FiledRecord[]; problems: PolicyProblem[] } {
  const records: FiledRecord[] = [];
  const problems: PolicyProblem[] = [];
  for (const { file, content } of files) {
    if (!Array.isArray(content)) {
      problems.push({ file, rule: 'must be a list of records' });
      continue;
    }
    content.forEach((item: unknown, index) => {
      const rules = rulesBrokenBy(item);
      if (rules.length === 0) records.push({ file, index, record: item as PolicyRecord });
      else problems.push(...rules.map((rule) => ({ file, index, rule })));
    });
  }
  problems.push(...overlapsIn(records));
  return { records, problems };
}

/** Everything that is wrong with one record: what cannot be read hides nothing of the rest. */
function rulesBrokenBy(item: unknown): string[] {
  const shape = checkRecord(item) ? [] : texts(checkRecord.errors, 'record');
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return shape;
  const record = item as Unread;
  return [
    ...shape,
    ...(typeof record.key === 'string' ? keyRules(record.key, record) : []),
    ...regionRules(record.region),
    ...dayRules(record),
    ...(gradeOf(record) === 'unsourced' && record.assumed !== true
      ? ['source.grade unsourced needs assumed: true']
      : []),
  ];
}

/** An object that may be a record. */
type Unread = Readonly<Partial<Record<keyof PolicyRecord, unknown>>>;

function texts(errors: readonly ErrorObject[] | null | undefined, root: string): string[] {
  return (errors ?? []).map(({ instancePath, keyword, message, params, parentSchema }) => {
    const path = `${root}${instancePath.replaceAll('/', '.')}`;
    const meant = (parentSchema as { description?: string } | undefined)?.description;
    if (keyword === 'pattern' && meant !== undefined) return `${path} must be ${meant}`;
    const extra: unknown = params['additionalProperty'] ?? meant;
    return `${path} ${message ?? 'is wrong'}${typeof extra === 'string' ? ` (${extra})` : ''}`;
  });
}

function keyRules(key: string, record: Unread): string[] {
  const check = checkValue.get(key);
  if (check === undefined) return [`key ${key} is unknown`];
  const { value } = record;
  const rules =
    value === undefined ? [] : check(value) ? orderRules(key as PolicyKey, value) : texts(check.errors, 'value');
  return [...rules, ...subjectRules(key, record.subject)];
}

function subjectRules(key: string, subject: unknown): string[] {
  if (subjectKeys.has(key) && subject === undefined) return [`key ${key} needs a subject`];
  if (!subjectKeys.has(key) && subject !== undefined) return [`key ${key} takes no subject`];
  return [];
}

function regionRules(region: unknown): string[] {
  if (typeof region !== 'string' || findRegionCode(region) === region) return [];
  return [`region ${region} must be a region code in its shortest form (00 for the whole country)`];
}

function gradeOf({ source }: Unread): unknown {
  return typeof source === 'object' && source !== null ? (source as { grade?: unknown }).grade : undefined;
}

function dayRules(record: Unread): string[] {
  const wrong = [record.from, record.to, record.recorded].filter(
    (day): day is string => typeof day === 'string' && DAY.test(day) && !isDay(day),
  );
  const [from, to, recorded] = [record.from, record.to, record.recorded].map(readDay);
  return [
    ...wrong.map((day) => `${day} is not a day of the calendar`),
    ...(recorded !== undefined && record.to === undefined
      ? [`a correction recorded on ${recorded} needs a last day (to)`]
      : []),
    ...(recorded !== undefined && from !== undefined && recorded < from
      ? [`recorded ${recorded} lies before from ${from}: what has not begun is no correction`]
      : []),
    ...(from !== undefined && to !== undefined && to < from ? [`to ${to} lies before from ${from}`] : []),
  ];
}

function readDay(day: unknown): string | undefined {
  return typeof day === 'string' && isDay(day) ? day : undefined;
}

function overlapsIn(filed: readonly FiledRecord[]): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const last = new Map<string, PolicyRecord>();
  const sorted = [...filed].sort((a, b) =>
    a.record.from < b.record.from ? -1 : a.record.from > b.record.from ? 1 : 0,
  );
  const ids = new Set<string>();
  for (const { file, index, record } of sorted) {
    const id = recordIdOf(record);
    if (record.recorded !== undefined) {
      // A correction is there to lie over others; only the same one twice is a slip.
      if (ids.has(id)) problems.push({ file, index, rule: `overlaps ${id}` });
      ids.add(id);
      continue;
    }
    const slot = slotOf(record);
    const earlier = last.get(slot);
    // A record without a last day ends where the next begins; one with a last day must end before.
    if (earlier !== undefined && (earlier.from === record.from || (earlier.to ?? '') >= record.from))
      problems.push({ file, index, rule: `overlaps ${recordIdOf(earlier)}` });
    last.set(slot, record);
  }
  return problems;
}
