/** Names that values say of one another's subjects: hazards, animals, diseases and findings. What no record of the base says is a slip. */
import type { PolicyRecord } from './policy-record.js';
import type { PolicyKey } from './values.js';

type Kind = 'hazard' | 'animal' | 'disease' | 'finding';

/** Which member of a value names what; of an object its members do. */
const SAID: Readonly<Partial<Record<PolicyKey, readonly [member: string, kind: Kind]>>> = {
  'crop-loss': ['sensitivity', 'hazard'],
  'forecast-match': ['kinds', 'hazard'],
  'report-asks': ['kinds', 'hazard'],
  'animal-disease': ['animals', 'animal'],
  'culling-compensation': ['fenPerHeadOf', 'disease'],
  'department-findings': ['kinds', 'finding'],
};

/** Keys whose subjects are such names. */
const SUBJECTS: Readonly<Partial<Record<PolicyKey, Kind>>> = {
  lane: 'hazard',
  'notice-expiry-hours': 'hazard',
  'hazard-loss': 'hazard',
  'dwelling-hazard': 'hazard',
  'forecast-match': 'hazard',
  'animal-price': 'animal',
  'animal-disease': 'disease',
};

export type KnownNames = ReadonlyMap<Kind, ReadonlySet<string>>;

/** Every name that the records say, as a subject or within a value. */
export function namesIn(records: readonly PolicyRecord[]): KnownNames {
  const names = new Map<Kind, Set<string>>();
  const know = (kind: Kind, name: string): unknown => names.set(kind, (names.get(kind) ?? new Set()).add(name));
  for (const record of records) {
    const ofSubject = SUBJECTS[record.key];
    if (ofSubject !== undefined && record.subject !== undefined) know(ofSubject, record.subject);
    const said = SAID[record.key];
    if (said !== undefined) for (const name of namesSaid(record, said[0])) know(said[1], name);
  }
  return names;
}

/** What a record names that is not known, as rules of its value: `value.kinds names hale, …`. */
export function strangersIn(record: PolicyRecord, known: KnownNames): string[] {
  const said = SAID[record.key];
  if (said === undefined) return [];
  const [member, kind] = said;
  return namesSaid(record, member)
    .filter((name) => known.get(kind)?.has(name) !== true)
    .map((name) => `value.${member} names ${name}, a ${kind} that no record of the base knows`);
}

function namesSaid({ value }: PolicyRecord, member: string): string[] {
  const said = (value as Readonly<Record<string, unknown>>)[member];
  return Array.isArray(said) ? said.map(String) : Object.keys(said ?? {});
}
