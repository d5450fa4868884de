/** The policy that one version stands for: answers what holds in a place on a day, and where that comes from. */
import { ancestorsOf, contains, type RegionCode } from '@fangpin/domain-kit';
import { lastDayOfLine, NoPolicy, recordIdOf, slotOf, type PolicyRecord, type PolicySource } from './policy-record.js';
import { levelName } from './levels.js';
import type { Lane, LaneRule, MonitoringLine, PolicyKey, PolicyValues, SingleKey, SubjectKey } from './values.js';

export interface PolicyAnswer<T> {
  readonly value: T;
  readonly recordId: string;
  readonly source: PolicySource;
  /** The value is not documented for this place and day: it may alert, but approves and removes nobody. */
  readonly assumed: boolean;
  readonly from: string;
}

export interface LineAnswer {
  /** Fen per head and year. */
  readonly fen: number;
  readonly assumed: boolean;
  /** Year of the line that answers, earlier than the asked day's year where none is sourced for it. */
  readonly year: number;
  readonly source: PolicySource;
  readonly recordId: string;
}

/** Answers for subjects without a record of their own. */
const OTHER = 'other';

export class PolicySet {
  /** Records of a slot: corrections first, the latest recorded before others, then the latest begun. */
  private readonly bySlot = new Map<string, PolicyRecord[]>();
  private readonly byId = new Map<string, PolicyRecord>();
  private readonly subjects = new Map<PolicyKey, Set<string>>();
  private readonly regions = new Map<PolicyKey, Set<RegionCode>>();

  constructor(
    /** Names the content: equal versions hold equal values. Shocks, alerts and case steps carry it. */
    readonly version: string,
    /** All records; with the version they make the set again, so a service can keep a version beyond its files. */
    readonly records: readonly PolicyRecord[],
  ) {
    for (const record of records) {
      const slot = slotOf(record);
      this.bySlot.set(slot, [...(this.bySlot.get(slot) ?? []), record]);
      this.byId.set(recordIdOf(record), record);
      this.regions.set(record.key, (this.regions.get(record.key) ?? new Set()).add(record.region));
      if (record.subject === undefined) continue;
      const known = this.subjects.get(record.key) ?? new Set();
      this.subjects.set(record.key, known.add(record.subject));
    }
    for (const slot of this.bySlot.values()) slot.sort(asTheyWin);
  }

  /**
   * The value of a key in a place on a day (`YYYY-MM-DD`, Asia/Shanghai): of the most specific region that has one, the
   * latest begun that still holds. Keys with subjects ask for one; `other` answers where the subject has none. Throws {@link NoPolicy}.
   */
  get<K extends SingleKey>(key: K, region: RegionCode, day: string): PolicyAnswer<PolicyValues[K]>;
  get<K extends SubjectKey>(key: K, region: RegionCode, day: string, subject: string): PolicyAnswer<PolicyValues[K]>;
  get<K extends PolicyKey>(key: K, region: RegionCode, day: string, subject?: string): PolicyAnswer<PolicyValues[K]> {
    return answer<PolicyValues[K]>(this.find(key, subject, region, day));
  }

  /** The value of whatever key, as {@link line} answers for lines and {@link get} for all others: where keys are only told. Throws {@link NoPolicy}. */
  valueIn(key: PolicyKey, subject: string | undefined, region: RegionCode, day: string): unknown {
    if (key === 'monitoring-line') return { fen: this.line(region, day).fen };
    return this.find(key, subject, region, day).value;
  }

  /** Every subject of a key with its value in a place on a day; subjects without one are left out. */
  table<K extends SubjectKey>(
    key: K,
    region: RegionCode,
    day: string,
  ): ReadonlyMap<string, PolicyAnswer<PolicyValues[K]>> {
    const rows = new Map<string, PolicyAnswer<PolicyValues[K]>>();
    for (const subject of this.subjects.get(key) ?? []) {
      const found = this.resolve(key, subject, region, day);
      if (found !== undefined) rows.set(subject, answer<PolicyValues[K]>(found));
    }
    return rows;
  }

  /** An area, and every place within it that has a record of its own for the key: where its value may be another. */
  placesWithin(area: RegionCode, key: PolicyKey): RegionCode[] {
    const own = [...(this.regions.get(key) ?? [])].filter((region) => region !== area && contains(area, region));
    return [area, ...own];
  }

  /**
   * The monitoring line of a place on a day (architecture §8). A line belongs to the year in which it begins, whatever last day its
   * record states; where none is sourced for the day, the latest earlier one of the place applies and is marked assumed. Throws
   * {@link NoPolicy} before the first.
   */
  line(region: RegionCode, day: string): LineAnswer {
    const key = 'monitoring-line';
    const inForce = this.resolve(key, undefined, region, day, ({ from }) => from.slice(0, 4) === day.slice(0, 4));
    const record = inForce ?? this.latestBegun(key, region, day);
    if (record === undefined) throw new NoPolicy(key, undefined, region, day);
    return {
      fen: (record.value as MonitoringLine).fen,
      assumed: inForce === undefined || record.assumed === true,
      year: Number(record.from.slice(0, 4)),
      source: record.source,
      recordId: recordIdOf(record),
    };
  }

  /** Where a shock goes (architecture §4.2). `level` 1–4, 0 where none is stated; unknown kinds go as `other`. */
  lane(
    shock: { readonly kind: string; readonly level: number; readonly observed: boolean },
    region: RegionCode,
    day: string,
  ): PolicyAnswer<Lane> {
    const rule: PolicyAnswer<LaneRule> = this.get('lane', region, day, shock.kind);
    return { ...rule, value: shock.observed ? rule.value.observed : rule.value.forecast[levelName(shock.level)] };
  }

  /** The record behind an answer, for explanations; `undefined` when this version has none of that id. */
  describe(recordId: string): PolicyRecord | undefined {
    return this.byId.get(recordId);
  }

  private find(key: PolicyKey, subject: string | undefined, region: RegionCode, day: string): PolicyRecord {
    const found =
      this.resolve(key, subject, region, day) ??
      (subject === undefined ? undefined : this.resolve(key, OTHER, region, day));
    if (found === undefined) throw new NoPolicy(key, subject, region, day);
    return found;
  }

  private resolve(
    key: PolicyKey,
    subject: string | undefined,
    region: RegionCode,
    day: string,
    counts: (record: PolicyRecord) => boolean = () => true,
  ): PolicyRecord | undefined {
    for (const area of [region, ...ancestorsOf(region)]) {
      const found = this.recordsOf(key, subject, area).find(
        (r) => r.from <= day && (r.to === undefined || r.to >= day) && counts(r),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The one that held last before the day, of the place itself or an area around it. */
  private latestBegun(key: PolicyKey, region: RegionCode, day: string): PolicyRecord | undefined {
    return [region, ...ancestorsOf(region)]
      .flatMap((area) => this.recordsOf(key, undefined, area).filter((record) => record.from <= day))
      .reduce<PolicyRecord | undefined>(
        (best, next) => (best === undefined || lastDayOfLine(next) > lastDayOfLine(best) ? next : best),
        undefined,
      );
  }

  private recordsOf(key: PolicyKey, subject: string | undefined, region: RegionCode): readonly PolicyRecord[] {
    return this.bySlot.get(slotOf(subject === undefined ? { key, region } : { key, subject, region })) ?? [];
  }
}

function asTheyWin(a: PolicyRecord, b: PolicyRecord): number {
  const [ofA, ofB] = [a.recorded ?? '', b.recorded ?? ''];
  if (ofA !== ofB) return ofA < ofB ? 1 : -1;
  return a.from < b.from ? 1 : -1;
}

function answer<T>(record: PolicyRecord): PolicyAnswer<T> {
  return {
    value: record.value as T,
    recordId: recordIdOf(record),
    source: record.source,
    assumed: record.assumed === true,
    from: record.from,
  };
}
