/** A line of a bulk load: one household with what belongs to it, as NDJSON. */
import {
  dutyCodeOf,
  holdsIdNumber,
  InvalidFields,
  InvalidValue,
  readJson,
  SENT_KEY_RULE,
  UnusableJson,
  type DutyCode,
  type FieldProblem,
} from '@fangpin/domain-kit';
import {
  dwellingGrades,
  householdGroups,
  labourAbilities,
  monitoringStates,
  relations,
  schoolings,
  sexes,
  type CodeTable,
} from '../households/codes.js';
import type { IdentityKey } from '@fangpin/service-kit';
import { identityProblems, readIdentity } from '../households/member-identity.js';
import { livelihoodProblems, memberProblems, monitoringSinceProblems } from '../households/household-rules.js';
import type { HouseholdFacts, HouseholdLivelihood, Member } from '../households/household.js';
import { findPlace, findVillage, KNOWN_AREA, KNOWN_VILLAGE } from '../households/places.js';

export interface LivelihoodLine {
  /** Code of the product table in libs/contracts. */
  readonly product: number;
  readonly placeCode: string;
  /** Crops: hundredths of a mu. Animals: heads. Jobs: persons. */
  readonly quantity: number;
  /** Jobs: unified social credit code of the employer. */
  readonly employer?: string;
}

export interface MemberLine extends Omit<Member, 'idHash'> {
  /** ID number, or a disability certificate's that begins with it; only its keyed hash is kept. */
  readonly idNumber?: string;
}

export interface HouseholdLine extends Omit<HouseholdFacts, 'dutyCode' | 'originCode' | 'members' | 'livelihoods'> {
  /** Stable key of the sender: a line whose key is known already is not stored again. */
  readonly sourceKey: string;
  readonly villageCode: string;
  readonly originCode?: string;
  readonly members: readonly MemberLine[];
  readonly livelihoods: readonly LivelihoodLine[];
}

export interface ReadLine extends HouseholdFacts {
  readonly sourceKey: string;
}

const SOURCE_KEY = /^[\w:.-]{1,80}$/;
const WATER_SCHEME = /^[A-Za-z0-9-]{0,32}$/;

/** Reads a line; refuses with InvalidFields naming every bad field behind the line's number. */
export function readHouseholdLine(text: string, lineNumber: number, today: Date, key: IdentityKey): ReadLine {
  const at = `rows[${lineNumber}]`;
  const row = parse(text, at);
  const problems: FieldProblem[] = [];
  const check = (good: boolean, field: string, value: unknown, rule: string): void => {
    if (!good) problems.push({ field: `${at}.${field}`, value, rule });
  };
  const word = (table: CodeTable<string>, field: string, value: unknown): void =>
    check(table.words.includes(value as string), field, value, `must be one of ${table.words.join(', ')}`);

  const isPersonal = typeof row.sourceKey === 'string' && holdsIdNumber(row.sourceKey);
  check(!isPersonal, 'sourceKey', null, SENT_KEY_RULE);
  const isKey = typeof row.sourceKey === 'string' && SOURCE_KEY.test(row.sourceKey);
  check(isKey || isPersonal, 'sourceKey', row.sourceKey, 'must be a key');
  const village = typeof row.villageCode === 'string' ? findVillage(row.villageCode) : undefined;
  check(village !== undefined, 'villageCode', row.villageCode, KNOWN_VILLAGE);
  const originCode = row.originCode === undefined ? undefined : findPlace(String(row.originCode));
  check(row.originCode === undefined || originCode !== undefined, 'originCode', row.originCode, KNOWN_AREA);
  word(householdGroups, 'group', row.group);
  word(monitoringStates, 'monitoring', row.monitoring);
  const since: unknown = row.monitoringSince;
  if (since !== undefined) problems.push(...monitoringSinceProblems(since, today, `${at}.monitoringSince`));
  word(dwellingGrades, 'dwelling', row.dwelling);
  check(typeof row.onlyDwelling === 'boolean', 'onlyDwelling', row.onlyDwelling, 'must be true or false');
  const scheme = row.waterScheme;
  check(typeof scheme === 'string' && WATER_SCHEME.test(scheme), 'waterScheme', scheme, 'must be a code, or empty');
  const memberLines = listOf<MemberLine>(row.members);
  check(memberLines !== undefined, 'members', null, 'must be a list of members');
  const members = memberLines?.map(({ idNumber, ...member }, i): Member => {
    word(sexes, `members[${i}].sex`, member.sex);
    word(relations, `members[${i}].relation`, member.relation);
    word(labourAbilities, `members[${i}].labour`, member.labour);
    word(schoolings, `members[${i}].schooling`, member.schooling);
    check(typeof member.chronic === 'boolean', `members[${i}].chronic`, member.chronic, 'must be true or false');
    const { majorIllness } = member;
    check(typeof majorIllness === 'boolean', `members[${i}].majorIllness`, majorIllness, 'must be true or false');
    const idHash = readIdentity(idNumber, `${at}.members[${i}].idNumber`, key, problems);
    return { ...member, ...(idHash === undefined ? {} : { idHash }) };
  });
  const lines = listOf<LivelihoodLine>(row.livelihoods);
  check(lines !== undefined, 'livelihoods', row.livelihoods, 'must be a list');
  const livelihoods = lines?.map(({ product, placeCode, quantity, employer }, i): HouseholdLivelihood => {
    const place = findPlace(String(placeCode));
    check(place !== undefined, `livelihoods[${i}].placeCode`, placeCode, KNOWN_AREA);
    const stated = employer !== undefined;
    check(!stated || typeof employer === 'string', `livelihoods[${i}].employer`, employer, 'must be a text');
    return { product, placeCode: place ?? (0 as DutyCode), quantity, ...(stated ? { employer } : {}) };
  });
  if (problems.length === 0 && members !== undefined && livelihoods !== undefined) {
    problems.push(...memberProblems(members, today, `${at}.members`), ...identityProblems(members, `${at}.members`));
    problems.push(...livelihoodProblems(livelihoods, `${at}.livelihoods`));
  }
  if (problems.length > 0 || village === undefined || members === undefined || livelihoods === undefined)
    throw new InvalidFields(problems);
  return {
    sourceKey: row.sourceKey,
    dutyCode: dutyCodeOf(village),
    group: row.group,
    monitoring: row.monitoring,
    ...(row.monitoringSince === undefined ? {} : { monitoringSince: row.monitoringSince }),
    dwelling: row.dwelling,
    onlyDwelling: row.onlyDwelling,
    waterScheme: row.waterScheme,
    ...(originCode === undefined ? {} : { originCode }),
    members,
    livelihoods,
  };
}

function parse(text: string, at: string): HouseholdLine {
  let row: unknown;
  try {
    row = readJson(text);
  } catch (error) {
    if (error instanceof UnusableJson) throw new InvalidValue(`${at}.${error.field}`, null, error.rule);
    throw new InvalidValue(at, null, 'must be a JSON object');
  }
  if (typeof row !== 'object' || row === null) throw new InvalidValue(at, null, 'must be a JSON object');
  return row as HouseholdLine;
}

function listOf<T>(value: unknown): readonly T[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
    ? (value as T[])
    : undefined;
}
