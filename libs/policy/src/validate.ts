/** Checks of policy data at boot: shape by schema, then what a schema cannot say (days, order, overlaps, sources). */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { findRegionCode, isDay } from '@fangpin/domain-kit';
import { orderRules } from './order-rules.js';
import { recordIdOf, slotOf, type PolicyProblem, type PolicyRecord } from './policy-record.js';
import { recordSchema, subjectKeys, valueSchemas } from './value-schemas.js';

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

const ajv = new Ajv({ allErrors: true });
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

function rulesBrokenBy(item: unknown): string[] {
  if (!checkRecord(item)) return texts(checkRecord.errors, 'record');
  const record = item as PolicyRecord;
  const check = checkValue.get(record.key);
  if (check === undefined) return [`key ${record.key} is unknown`];
  return [
    ...(check(record.value) ? orderRules(record.key, record.value) : texts(check.errors, 'value')),
    ...subjectRules(record),
    ...(findRegionCode(record.region) === record.region
      ? []
      : [`region ${record.region} must be a region code in its shortest form (00 for the whole country)`]),
    ...dayRules(record),
    ...(record.source.grade === 'unsourced' && record.assumed !== true
      ? ['source.grade unsourced needs assumed: true']
      : []),
  ];
}

function texts(errors: readonly ErrorObject[] | null | undefined, root: string): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const extra: unknown = params['additionalProperty'];
    return `${root}${instancePath.replaceAll('/', '.')} ${message ?? 'is wrong'}${typeof extra === 'string' ? ` (${extra})` : ''}`;
  });
}

function subjectRules({ key, subject }: PolicyRecord): string[] {
  if (subjectKeys.has(key) && subject === undefined) return [`key ${key} needs a subject`];
  if (!subjectKeys.has(key) && subject !== undefined) return [`key ${key} takes no subject`];
  return [];
}

function dayRules({ from, to, recorded }: PolicyRecord): string[] {
  const wrong = [from, to, recorded].filter((day) => day !== undefined && !isDay(day));
  if (wrong.length > 0) return wrong.map((day) => `${day} is not a day of the calendar`);
  if (recorded !== undefined && to === undefined) return [`a correction recorded on ${recorded} needs a last day (to)`];
  return to !== undefined && to < from ? [`to ${to} lies before from ${from}`] : [];
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
