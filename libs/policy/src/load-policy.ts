/** Reads the data files, checks them, lays overlays over them and names the result by its content. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import {
  InvalidPolicy,
  lastDayOfLine,
  recordIdOf,
  slotOf,
  type PolicyProblem,
  type PolicyRecord,
} from './policy-record.js';
import { PolicySet } from './policy-set.js';
import { versionOf } from './policy-version.js';
import { validateFiles, type FiledRecord, type PolicyFile } from './validate.js';

/** Beside `src` and beside `dist`. */
const DATA_DIR = fileURLToPath(new URL('../data/', import.meta.url));

export interface LoadPolicyOptions {
  /** Folders of `*.json` whose records win over the library's for the days they state; later folders over earlier ones. */
  readonly overlayDirs?: readonly string[];
  /** Another base than the data of the library, for tests. */
  readonly dataDir?: string;
}

/** The policy of this build with its overlays. Throws {@link InvalidPolicy} naming every file, index and broken rule. */
export function loadPolicy({ overlayDirs = [], dataDir = DATA_DIR }: LoadPolicyOptions = {}): PolicySet {
  const problems: PolicyProblem[] = [];
  const read = (dir: string): FiledRecord[] => {
    const checked = validateFiles(filesOf(dir, problems));
    problems.push(...checked.problems);
    return checked.records;
  };
  const base = read(dataDir);
  const overlays = overlayDirs.map(read);
  problems.push(...overlays.flatMap((overlay) => unknownSubjects(overlay, base)));
  problems.push(
    ...overlays.flatMap((overlay, at) => overwrittenLines(overlay, [base, ...overlays.slice(0, at)].flat())),
  );
  if (problems.length > 0) throw new InvalidPolicy(problems);
  const records = overlays
    .map((overlay) => overlay.map(({ record }) => record))
    .reduce(
      layOver,
      base.map(({ record }) => record),
    );
  return new PolicySet(versionOf(records), records);
}

function filesOf(dir: string, problems: PolicyProblem[]): PolicyFile[] {
  const files: PolicyFile[] = [];
  for (const name of readdirSync(dir).sort()) {
    if (!name.endsWith('.json')) continue;
    const file = join(dir, name);
    try {
      files.push({ file, content: JSON.parse(readFileSync(file, 'utf8')) });
    } catch (error) {
      problems.push({ file, rule: `is not JSON: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return files;
}

/** A slip in a subject would be a value that nobody ever asks for, so an overlay may only name subjects of the base. */
function unknownSubjects(overlay: readonly FiledRecord[], base: readonly FiledRecord[]): PolicyProblem[] {
  const known = new Set(base.map(({ record }) => `${record.key}.${record.subject ?? ''}`));
  return overlay
    .filter(({ record }) => !known.has(`${record.key}.${record.subject ?? ''}`))
    .map(({ file, index, record }) => ({
      file,
      index,
      rule: `${record.key} has no ${record.subject ?? 'record'} in the base`,
    }));
}

/**
 * The line of a year is never overwritten, by an overlay neither: other lines of its place for days that one holds are refused unless they say when they
 * were `recorded`. The same record again takes nothing from anybody: it is one that has been merged since.
 */
function overwrittenLines(overlay: readonly FiledRecord[], below: readonly FiledRecord[]): PolicyProblem[] {
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

/**
 * What began before an overlay's record is outshone by the later start; what begins within its days holds from their end on. A correction outshines
 * whatever its start, so that one which began before ends for the overlay's days.
 */
function layOver(base: readonly PolicyRecord[], overlay: readonly PolicyRecord[]): readonly PolicyRecord[] {
  const byStart = (a: PolicyRecord, b: PolicyRecord): number => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0);
  const overlays = [...overlay].sort(byStart);
  const left = [...base]
    .sort(byStart)
    .flatMap((record) => overlays.reduce((rest, over) => rest.flatMap((one) => leftBy(one, over)), [record]));
  const kept = new Map<string, PolicyRecord>();
  for (const record of left.reverse()) putOff(record, kept);
  return [...kept.values(), ...overlay];
}

/** Of several that an overlay puts off to one day, the one that began last holds then, and the others from its end on. */
function putOff(record: PolicyRecord, kept: Map<string, PolicyRecord>): void {
  const first = kept.get(recordIdOf(record));
  if (first === undefined) kept.set(recordIdOf(record), record);
  else for (const rest of since(record, first.to)) putOff(rest, kept);
}

/** What is left of a record after the last day of another; nothing where that has none. */
function since(record: PolicyRecord, last: string | undefined): PolicyRecord[] {
  if (last === undefined || (record.to !== undefined && record.to <= last)) return [];
  return [{ ...record, from: dayBeside(last, 1) }];
}

/** What an overlay's record leaves of a base record; the same record where it takes nothing of it. A correction leaves what it lies over. */
function leftBy(record: PolicyRecord, over: PolicyRecord): PolicyRecord[] {
  if (over.recorded !== undefined) return recordIdOf(record) === recordIdOf(over) ? [] : [record];
  if (slotOf(record) !== slotOf(over) || (record.to !== undefined && record.to < over.from)) return [record];
  if (over.to !== undefined && record.from > over.to) return [record];
  const rest = since(record, over.to);
  if (record.from >= over.from) return rest;
  return record.recorded === undefined ? [record] : [{ ...record, to: dayBeside(over.from, -1) }, ...rest];
}

function dayBeside(day: string, days: 1 | -1): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
