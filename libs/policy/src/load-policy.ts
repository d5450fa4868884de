/** Reads the data files, checks them, lays overlays over them and names the result by its content. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, UnusableJson, type RegionCode } from '@fangpin/domain-kit';
import { overwrittenLines, unknownInBase, unknownPlaces } from './check-overlays.js';
import { InvalidPolicy, recordIdOf, slotOf, type PolicyProblem, type PolicyRecord } from './policy-record.js';
import { PolicySet } from './policy-set.js';
import { versionOf } from './policy-version.js';
import { validateFiles, type FiledRecord, type PolicyFile } from './validate.js';

/** Beside `src` and beside `dist`. */
const DATA_DIR = fileURLToPath(new URL('../data/', import.meta.url));

export interface LoadPolicyOptions {
  /** Folders of `*.json` whose records win over the library's for the days they state; later folders over earlier ones. */
  readonly overlayDirs?: readonly string[];
  /** Whether a region is in the tree of divisions: a value for another one would hold nowhere. Without it only the form of a code is looked at. */
  readonly isPlace?: (region: RegionCode) => boolean;
  /** Another base than the data of the library, for tests. */
  readonly dataDir?: string;
}

/** The policy of this build with its overlays. Throws {@link InvalidPolicy} naming every file, index and broken rule. */
export function loadPolicy({
  overlayDirs = [],
  dataDir = DATA_DIR,
  isPlace = () => true,
}: LoadPolicyOptions = {}): PolicySet {
  const problems: PolicyProblem[] = [];
  const read = (dir: string): FiledRecord[] => {
    const checked = validateFiles(filesOf(dir, problems));
    problems.push(...checked.problems, ...unknownPlaces(checked.records, isPlace));
    return checked.records;
  };
  const base = read(dataDir);
  const overlays = overlayDirs.map(read);
  problems.push(...overlays.flatMap((overlay) => unknownInBase(overlay, base)));
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
      files.push({ file, content: readJson(readFileSync(file, 'utf8')) });
    } catch (error) {
      problems.push({ file, ...faultOf(error) });
    }
  }
  return files;
}

/** Of a member that is said twice the place is told, as `value.fen` of a record. */
function faultOf(error: unknown): Omit<PolicyProblem, 'file'> {
  if (!(error instanceof UnusableJson))
    return { rule: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  const [, index, member] = /^body\[(\d+)\]\.?(.*)$/s.exec(error.field) ?? [];
  if (index === undefined) return { rule: `${error.field} ${error.rule}` };
  return { index: Number(index), rule: `${member || 'record'} ${error.rule}` };
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
