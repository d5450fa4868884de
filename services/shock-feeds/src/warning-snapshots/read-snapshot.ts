/**
 * Reads the body of `POST /v1/shocks/warning-snapshots`. A list that is no list is refused with every bad field named; a
 * single bad member of an otherwise good list is counted and named, for real lists hold some.
 */
import { InvalidFields, type FieldProblem } from '@fangpin/domain-kit';
import type { Problem } from '../cap/cap-message.js';
import { readCapTime } from '../cap/cap-time.js';
import { warningLevel } from '../cap/level.rule.js';
import { clip } from '../intake/clip.js';
import { boundedKey, digestOf } from '../intake/received.js';
import { namedProblem } from './named-problem.js';
import type { ListedWarning, Snapshot } from './snapshot.js';
import { remembered } from './remember.js';

/** Some twenty times as many as the country has in force on a bad day. */
const MAX_MEMBERS = 20_000;
const NAMED_FIELDS = 20;
const CONTROL = /[\u0000-\u001f\u007f]+/g;
/** Times outside of these years are slips, and not all of them can be stored. */
const YEARS = { first: 1970, last: 2199 };

interface RawMember {
  readonly code: string;
  readonly field: string;
  readonly value: unknown;
}

/** Refuses (400): no object, no readable `updated`, no `warnings`, too many of them, not one that can be read. */
export function readSnapshot(body: unknown): Snapshot {
  if (!isObject(body)) throw new InvalidFields([{ field: 'body', value: typeOf(body), rule: 'must be a JSON object' }]);
  const bad: FieldProblem[] = [];
  const updated = typeof body['updated'] === 'string' ? readTime(body['updated']) : undefined;
  if (updated === undefined)
    bad.push({ field: 'updated', value: shown(body['updated']), rule: 'must be a time in RFC 3339' });
  const listed = isObject(body['warnings']) ? body['warnings'] : undefined;
  if (listed === undefined)
    bad.push({ field: 'warnings', value: typeOf(body['warnings']), rule: 'must be an object of lists by county code' });
  const members = listed === undefined ? [] : membersOf(listed);
  if (members.length > MAX_MEMBERS)
    bad.push({ field: 'warnings', value: members.length, rule: `must hold at most ${MAX_MEMBERS} warnings` });
  if (updated === undefined || bad.length > 0) throw new InvalidFields(bad);

  const warnings = members.map(readMember);
  if (warnings.length > 0 && !warnings.some(({ readable }) => readable))
    throw new InvalidFields(
      members.slice(0, NAMED_FIELDS).map(({ field, value }) => ({
        field,
        value: isObject(value) ? shown(value['type']) : typeOf(value),
        rule: 'must be a warning with a type',
      })),
    );
  const unreadable = members.filter((_, i) => warnings[i]?.readable === false).map(({ field }) => field);
  const problems: Problem[] = namedProblem(
    'SNAPSHOT.MEMBER_UNREADABLE',
    '无法识别的条目，已计数并留存原文',
    unreadable,
  );
  if (updated.offsetAssumed)
    problems.push({ code: 'SNAPSHOT.OFFSET_ASSUMED', text: '更新时间没有时区，按北京时间理解' });
  return { updated: updated.at, warnings, problems, digest: digestOfList(warnings) };
}

function membersOf(listed: Readonly<Record<string, unknown>>): RawMember[] {
  return Object.entries(listed).flatMap(([code, list]) =>
    Array.isArray(list)
      ? list.map((value: unknown, i) => ({ code, field: `warnings.${clip(code, 20)}[${i}]`, value }))
      : [{ code, field: `warnings.${clip(code, 20)}`, value: list }],
  );
}

function readMember({ code: rawCode, value }: RawMember): ListedWarning {
  const code = boundedKey(clean(rawCode));
  const member = isObject(value) ? value : {};
  const type = boundedKey(text(member['type']));
  if (type === '') {
    const made = `?${digestOf(JSON.stringify(value) ?? '')
      .toString('hex')
      .slice(0, 16)}`;
    return { code, type: made, readable: false, colour: '', level: 0, name: '', token: made };
  }
  const colour = clip(text(member['color']), 40);
  const numeral = clip(text(member['level']), 40);
  const issued = readTime(text(member['issued']))?.at;
  const expires = readTime(text(member['expires']))?.at;
  return {
    code,
    type,
    readable: true,
    colour,
    level: levelOf(`${colour}\n${numeral}`),
    ...(issued === undefined ? {} : { issued }),
    ...(expires === undefined ? {} : { expires }),
    name: clip(text(member['name']), 100),
    token: `${colour} ${issued?.toISOString() ?? clip(text(member['issued']), 40)}`,
  };
}

/** Colour and numeral of a member, parted by a line break. */
const levelOf = remembered((words) => {
  const [colour = '', numeral = ''] = words.split('\n');
  return warningLevel([colour, `${colour}色`, `${numeral}级`], '');
});

function readTime(value: string): ReturnType<typeof readCapTime> {
  const time = readCapTime(value);
  const year = time?.at.getUTCFullYear() ?? 0;
  return year >= YEARS.first && year <= YEARS.last ? time : undefined;
}

function digestOfList(warnings: readonly ListedWarning[]): Buffer {
  const lines = warnings.map(({ code, type, token, expires }) => JSON.stringify([code, type, token, expires ?? null]));
  return digestOf(lines.sort().join('\n'));
}

function text(value: unknown): string {
  return typeof value === 'string' ? clean(value) : '';
}

function clean(value: string): string {
  return value.toWellFormed().replaceAll(CONTROL, ' ').trim();
}

/** A value as a problem may show it. */
function shown(value: unknown): unknown {
  return typeof value === 'string' ? clip(value, 100) : typeOf(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
