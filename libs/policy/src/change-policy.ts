/**
 * "What if": a policy with some values changed, and what two policies differ in. For simulations; what shall hold is a new
 * record in the data, reviewed like code.
 */
import { contains, COUNTRY, findRegionCode, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { namesIn, strangersIn } from './known-names.js';
import { recordIdOf, type PolicyRecord, type PolicySource } from './policy-record.js';
import { PolicySet } from './policy-set.js';
import { canonical, versionOf } from './policy-version.js';
import { underPolicy } from './under-policy.js';
import { validateFiles } from './validate.js';

/** One value to try, for every day. Without a region it holds in the whole country. */
export interface PolicyChange {
  readonly key: string;
  readonly subject?: string;
  readonly region?: string;
  readonly value: unknown;
}

export interface PolicyDifference {
  readonly recordId: string;
  readonly key: string;
  readonly subject: string | null;
  readonly region: RegionCode;
  readonly from: string;
  /**
   * What each policy answers in the place for the record's days: of the one that has no such record, what held there when it began, or came first
   * after. Null where nothing did.
   */
  readonly before: unknown;
  readonly after: unknown;
}

const SOURCE: PolicySource = { document: 'a value that is tried out', grade: 'unsourced' };

/** What is wrong with the changes, named as `policy[2].value.alertFrom`; empty where they can be tried on this policy. */
export function problemsOfChanges(
  base: PolicySet,
  changes: readonly PolicyChange[],
  field = 'policy',
): readonly FieldProblem[] {
  const records = recordsOf(base, changes);
  const { problems } = validateFiles([{ file: field, content: records }]);
  const named = problems.map(({ index = 0, rule }) => fieldProblem(`${field}[${index}]`, changes[index], rule));
  const known = new Set(base.records.map(({ key, subject }) => `${key}.${subject ?? ''}`));
  const names = namesIn(base.records);
  const wrong = new Set(problems.map(({ index }) => index));
  records.forEach((record, index) => {
    if (wrong.has(index)) return;
    const { key, subject } = record;
    const strangers = strangersIn(record, names);
    named.push(...strangers.map((rule) => fieldProblem(`${field}[${index}]`, changes[index], rule)));
    // A slip in a subject would be a value that nobody ever asks for.
    if (!known.has(`${key}.${subject ?? ''}`))
      named.push({ field: `${field}[${index}].subject`, value: subject ?? null, rule: `is none that ${key} has` });
  });
  return named;
}

/**
 * The policy with its records of the changed keys set aside: a change holds in its region and everywhere within it, also where
 * a place has a value of its own, on every day that the base knows. Call {@link problemsOfChanges} first.
 */
export function changePolicy(base: PolicySet, changes: readonly PolicyChange[]): PolicySet {
  if (changes.length === 0) return base;
  const added = recordsOf(base, changes).flatMap((record) => inEveryYear(base, record));
  const setAside = (record: PolicyRecord): boolean =>
    added.some(
      (change) =>
        change.key === record.key && change.subject === record.subject && contains(change.region, record.region),
    );
  const records = [...base.records.filter((record) => !setAside(record)), ...added];
  return new PolicySet(versionOf(records), records);
}

/** Every record of one of two policies for whose days the other answers with another value. */
export function differencesBetween(before: PolicySet, after: PolicySet): PolicyDifference[] {
  const ids = new Set([...before.records, ...after.records].map(recordIdOf));
  return [...ids].sort().flatMap((recordId) => {
    const old = before.describe(recordId);
    const next = after.describe(recordId);
    const either = next ?? old;
    if (either === undefined) return [];
    const values = {
      before: old === undefined ? heldInstead(before, either) : old.value,
      after: next === undefined ? heldInstead(after, either) : next.value,
    };
    if (sameValue(values.before, values.after)) return [];
    const { key, subject = null, region, from } = either;
    return [{ recordId, key, subject, region, from, ...values }];
  });
}

/** What a policy without the record answers in its place, on its first day or the first after it on which anything holds. */
function heldInstead(policy: PolicySet, { key, subject, region, from, to }: PolicyRecord): unknown {
  const later = policy.records
    .filter((record) => record.key === key && record.subject === subject && contains(record.region, region))
    .map((record) => record.from)
    .filter((day) => day > from && (to === undefined || day <= to));
  for (const day of [from, ...later.sort()]) {
    const value = underPolicy(() => policy.valueIn(key, subject, region, day));
    if (value !== undefined) return value;
  }
  return null;
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/**
 * A line belongs to the year in which it begins, and one of the year comes before all others: a line that is tried begins in each year that
 * any has, or that of the area around would go on holding.
 */
function inEveryYear(base: PolicySet, record: PolicyRecord): PolicyRecord[] {
  if (record.key !== 'monitoring-line') return [record];
  const years = new Set(base.records.filter(({ key }) => key === record.key).map(({ from }) => from.slice(0, 4)));
  years.delete(record.from.slice(0, 4));
  return [record, ...[...years].sort().map((year) => ({ ...record, from: `${year}-01-01` }))];
}

function recordsOf(base: PolicySet, changes: readonly PolicyChange[]): PolicyRecord[] {
  const first = base.records.reduce((from, record) => (record.from < from ? record.from : from), '9999-12-31');
  return changes.map(({ key, subject, region, value }) => ({
    key: key as PolicyRecord['key'],
    ...(subject === undefined ? {} : { subject }),
    region: region === undefined ? COUNTRY : (findRegionCode(region) ?? (region as RegionCode)),
    from: first,
    value,
    source: SOURCE,
    author: 'a simulation',
    reason: 'Tried out; it holds nowhere.',
    assumed: true,
  }));
}

/** Rules begin with what they are about: `value.lift must …`, `region 5a must …`, `key x is unknown`. */
function fieldProblem(field: string, change: PolicyChange | undefined, rule: string): FieldProblem {
  const path = /^(value[\w.-]*|record[\w.-]*) (.+)$/s.exec(rule);
  if (path !== null) {
    const member = (path[1] as string).replace(/^record\.?/, '');
    return { field: member === '' ? field : `${field}.${member}`, value: at(change, member), rule: path[2] as string };
  }
  const member = /^(key|region|overlaps)\b/.exec(rule)?.[1];
  if (member === 'overlaps') return { field, value: change?.key ?? null, rule: 'is named twice' };
  if (member === undefined) return { field, value: change?.key ?? null, rule };
  const subject = / (needs a|takes no) subject$/.test(rule);
  const value = (subject ? change?.subject : change?.[member as 'key' | 'region']) ?? null;
  // The problem tells field and value already. Of a missing subject only the rule names the key.
  const told = `${member} ${value} `;
  return {
    field: `${field}.${subject ? 'subject' : member}`,
    value,
    rule: !subject && rule.startsWith(told) ? rule.slice(told.length) : rule,
  };
}

function at(change: PolicyChange | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (name === '' ? value : ((value as Record<string, unknown> | null | undefined)?.[name] ?? null)),
      change,
    );
}
