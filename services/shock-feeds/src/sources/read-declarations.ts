/** The operator's file of sources, checked whole before anything is fetched. */
import { BlockList, isIP } from 'node:net';
import { channelOfFormat, channels, polledFormats, type Channel, type PolledFormat } from './channels.js';
import type { SourceDeclaration } from './source-declaration.js';

export interface ReadDeclarations {
  readonly sources: readonly SourceDeclaration[];
  /** `sources[2].everySeconds must be …`; the value is not repeated, it may be a secret. */
  readonly problems: readonly string[];
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const HOST = /^[a-z0-9.-]{1,253}(:\d{1,5})?$/;
const ACCOUNT = /^[a-z-]{1,40}\/\S{1,200}$/;
/** These the poller sets itself. */
const OWN_HEADERS = new Set(['host', 'if-none-match', 'if-modified-since', 'content-length', 'connection']);
/** The least interval is courtesy; the longest still fits into what a habit is learned from. */
const MIN_EVERY_SECONDS = 10;
const MAX_EVERY_SECONDS = 14 * 86_400;
const MAX_SILENT_MINUTES = 366 * 24 * 60;

const COMMON = ['name', 'format', 'enabled', 'silentAfterMinutes'];
const POLLED = [...COMMON, 'url', 'everySeconds', 'headers', 'linkHosts'];
const PUSHED = [...COMMON, 'account'];

/** Link-local addresses: where clouds keep their metadata. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

/** Reads every member and names every bad one. `secretOf` gives the value of a variable that a header refers to. */
export function readDeclarations(text: string, secretOf: (name: string) => string | undefined): ReadDeclarations {
  const problems: string[] = [];
  const items = listOf(text);
  if (items === undefined) return { sources: [], problems: ['must hold JSON: {"sources": [ … ]}'] };
  const names = new Set<string>();
  const accounts = new Set<string>();
  const sources = items.flatMap((item, i) => {
    const member = new Member(`sources[${i}]`, item, problems);
    const source = member.object === undefined ? undefined : readSource(member, secretOf);
    if (source === undefined) return [];
    member.once(names, source.name, 'name', 'must not be given twice');
    if (source.mode === 'pushed')
      member.once(accounts, `${source.account} ${source.channel}`, 'account', 'is declared twice for this format');
    return [source];
  });
  return { sources, problems };
}

function readSource(member: Member, secretOf: (name: string) => string | undefined): SourceDeclaration | undefined {
  const polled = member.get('url') !== undefined;
  member.only(polled ? POLLED : PUSHED);
  const name = member.text('name', NAME, 'must be lower-case letters, digits and hyphens, at most 63');
  const enabled = member.flag('enabled');
  const silentAfterMinutes = member.integer('silentAfterMinutes', 1, MAX_SILENT_MINUTES, false);
  const common = { name, enabled, ...(silentAfterMinutes === undefined ? {} : { silentAfterMinutes }) };
  if (!polled) {
    const channel = member.oneOf<Channel>('format', channels);
    const account = member.text('account', ACCOUNT, 'must be role/subject of who pushes (or give a url to poll)');
    return { ...common, mode: 'pushed', channel, account };
  }
  const format = member.oneOf<PolledFormat>('format', polledFormats);
  const url = member.url('url');
  const everySeconds = member.integer('everySeconds', MIN_EVERY_SECONDS, MAX_EVERY_SECONDS, true) ?? MAX_EVERY_SECONDS;
  const headers = readHeaders(member, enabled, secretOf);
  const linkHosts = member.texts('linkHosts', HOST, 'must be host names');
  if (url === undefined || channelOfFormat[format] === undefined) return undefined;
  return { ...common, mode: 'polled', format, channel: channelOfFormat[format], url, everySeconds, headers, linkHosts };
}

/** `{"authorization": {"env": "FEED_TOKEN"}}`: the value stands in the environment, so that the file holds no secret. */
function readHeaders(
  member: Member,
  enabled: boolean,
  secretOf: (name: string) => string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = member.get('headers');
  if (given === undefined) return headers;
  if (!isObject(given)) {
    member.complain('headers', 'must be an object');
    return headers;
  }
  for (const [name, reference] of Object.entries(given)) {
    const variable = isObject(reference) && Object.keys(reference).length === 1 ? reference['env'] : undefined;
    if (!HEADER.test(name) || OWN_HEADERS.has(name.toLowerCase()))
      member.complain(`headers.${name}`, 'is no usable name');
    else if (typeof variable !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(variable))
      member.complain(`headers.${name}`, 'must be {"env": "NAME_OF_A_VARIABLE"}');
    else {
      const value = secretOf(variable);
      // One that is switched off needs no secret yet.
      if (value === undefined && enabled) member.complain(`headers.${name}`, `needs the variable ${variable}`);
      if (value !== undefined) headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

/** One source as written; getters answer a usable value or a stand-in and a complaint. */
class Member {
  readonly object: Readonly<Record<string, unknown>> | undefined;

  constructor(
    private readonly path: string,
    item: unknown,
    private readonly problems: string[],
  ) {
    if (isObject(item)) this.object = item;
    else problems.push(`${path} must be an object`);
  }

  complain(field: string, rule: string): void {
    this.problems.push(`${this.path}.${field} ${rule}`);
  }

  get(field: string): unknown {
    return this.object?.[field];
  }

  only(known: readonly string[]): void {
    for (const field of Object.keys(this.object ?? {}))
      if (!known.includes(field)) this.complain(field, `is not known here; known are ${known.join(', ')}`);
  }

  once(seen: Set<string>, value: string, field: string, rule: string): void {
    if (seen.has(value)) this.complain(field, rule);
    seen.add(value);
  }

  text(field: string, pattern: RegExp, rule: string): string {
    const value = this.get(field);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.complain(field, rule);
    return '';
  }

  texts(field: string, pattern: RegExp, rule: string): string[] {
    const value = this.get(field) ?? [];
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string' && pattern.test(item)))
      return value;
    this.complain(field, rule);
    return [];
  }

  flag(field: string): boolean {
    const value = this.get(field) ?? false;
    if (typeof value !== 'boolean') this.complain(field, 'must be true or false');
    return value === true;
  }

  integer(field: string, min: number, max: number, required: boolean): number | undefined {
    const value = this.get(field);
    if (value === undefined && !required) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.complain(field, `must be an integer from ${min} to ${max}`);
    return undefined;
  }

  oneOf<T extends string>(field: string, values: readonly T[]): T {
    const found = values.find((value) => value === this.get(field));
    if (found === undefined) this.complain(field, `must be one of ${values.join(', ')}`);
    return found ?? (values[0] as T);
  }

  url(field: string): URL | undefined {
    const value = this.get(field);
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    const rule = url === undefined ? 'must be a URL' : refusalOfUrl(url);
    if (rule === undefined) return url;
    this.complain(field, rule);
    return undefined;
  }
}

/** Why a URL is not fetched, whoever names it: the operator or the index of a feed. */
export function refusalOfUrl(url: URL): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a password; use headers';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  if (version !== 0 && linkLocal.check(host, version === 6 ? 'ipv6' : 'ipv4'))
    return 'must not be a link-local address';
  return undefined;
}

function listOf(text: string): readonly unknown[] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) && Array.isArray(read['sources']) ? read['sources'] : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
