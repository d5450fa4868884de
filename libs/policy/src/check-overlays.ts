/** What records of the right shape say of places, subjects and lines: a slip there would be a value that nobody ever asks for, or that changes the past. */
import { isDeepStrictEqual } from 'node:util';
import type { RegionCode } from '@fangpin/domain-kit';
import { namesIn, strangersIn } from './known-names.js';
import { lastDayOfLine, recordIdOf, slotOf, type PolicyProblem, type PolicyRecord } from './policy-record.js';
import type { FiledRecord } from './validate.js';

/** An overlay may only name subjects, hazards, animals and findings of the base. */
export function unknownInBase(overlay: readonly FiledRecord[], base: readonly FiledRecord[]): PolicyProblem[] {
  const records = base.map(({ record }) => record);
  const subjects = new Set(records.map(subjectOf));
  const names = namesIn(records);
  return overlay.flatMap(({ file, index, record }) => [
    ...(subjects.has(subjectOf(record))
      ? []
      : [{ file, index, rule: `${record.key} has no ${record.subject ?? 'record'} in the base` }]),
    ...strangersIn(record, names).map((rule) => ({ file, index, rule })),
  ]);
}

const subjectOf = ({ key, subject }: PolicyRecord): string => `${key}.${subject ?? ''}`;

/** Records of places that are not in the tree of divisions. */
export function unknownPlaces(
  filed: readonly FiledRecord[],
  isPlace: (region: RegionCode) => boolean,
): PolicyProblem[] {
  return filed
    .filter(({ record }) => !isPlace(record.region))
    .map(({ file, index, record }) => ({
      file,
      index,
      rule: `region ${record.region} must be in the tree of divisions`,
    }));
}

/**
 * The line of a year is never overwritten, by an overlay neither: other lines of its place for days that one holds are refused unless they say when they
 * were `recorded`. The same record again takes nothing from anybody: it is one that has been merged since.
 */
export function overwrittenLines(overlay: readonly FiledRecord[], below: readonly FiledRecord[]): PolicyProblem[] {
  const onFile = below.map(({ record }) => record).filter(({ key }) => key === 'monitoring-line');
  return overlay.flatMap(({ file, index, record }) => {
    const taken = onFile.find((line) => overwrites(record, line) && !isDeepStrictEqual(record, line));
    if (taken === undefined) return [];
    const rule = `${recordIdOf(taken)} is on file for days of this record, and a line is never overwritten: a correction says when it was recorded (recorded) and its last day (to)`;
    return [{ file, index, rule }];
  });
}

function overwrites(record: PolicyRecord, line: PolicyRecord): boolean {
  if (record.recorded !== undefined) return recordIdOf(record) === recordIdOf(line);
  return (
    slotOf(record) === slotOf(line) &&
    record.from <= lastDayOfLine(line) &&
    (record.to === undefined || line.from <= record.to)
  );
}
