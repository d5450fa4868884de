/** The use case: hears how shocks go on, and asks the villages of ended notices and of reports over wide areas. */
import type { Shock } from '@fangpin/contracts';
import { contains, parseRegionCode, regionOfDuty, shanghaiDay, type Clock, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { askVillages } from './ask-villages.js';
import { decide } from './asking.rule.js';
import { loadHeard, reportsOfNotice, saveHeard, type HeardShock } from './heard-shocks.js';
import { answerHours, questionDue, reportAnswerHours } from './question-due.js';
import { askOriginOf } from './question-id.js';
import { areaAsked, areaKey, type AskedArea } from './report-asking.rule.js';
import { villagesAsked, type VillagesOfCounty } from './villages-asked.js';
import { withdrawQuestions } from './withdraw-questions.js';

export interface ShockHeard {
  readonly shock: Shock;
  /** When the revision came about; undefined where its message does not say so. */
  readonly at: Date | undefined;
}

/** The villages of a statement; a country at once would hold its memory and locks for long. */
const VILLAGES_A_STATEMENT = 20_000;

/** Whom to ask, and from when on the hours of each county run. */
interface Asking {
  readonly counties: Iterable<VillagesOfCounty>;
  readonly from: Date;
  readonly hours: (policy: PolicySet, county: RegionCode, from: Date) => number;
  readonly onlyNew: boolean;
  readonly sameEvent: readonly string[];
}

export class TakeShocks {
  constructor(
    private readonly policy: PolicySet,
    private readonly clock: Clock,
  ) {}

  /**
   * One after the other in the order given, so that a notice that opens again and ends again within one call is asked
   * again. Most shocks ask nobody and cost no statement of their own.
   */
  async execute(heard: readonly ShockHeard[], tx: Tx): Promise<void> {
    const known = await loadHeard(tx, [...new Set(heard.map(({ shock }) => shock.shockId))]);
    const changed = new Map<string, HeardShock>();
    for (const { shock, at } of heard) {
      const next = await this.take(tx, shock, at ?? this.clock.now(), known.get(shock.shockId));
      if (next === undefined) continue;
      known.set(shock.shockId, next);
      changed.set(shock.shockId, next);
    }
    await saveHeard(tx, [...changed.values()]);
  }

  private async take(tx: Tx, shock: Shock, at: Date, known: HeardShock | undefined): Promise<HeardShock | undefined> {
    const { shockId, lane, state, endedBy, kind, level, headline } = shock;
    const revision = Number(shock.revision);
    const reported = areaAsked(shock, (region) => this.policy.get('report-asks', region, shanghaiDay(at)).value);
    const area = areaKey(reported);
    const move = decide(known, { revision, lane, state, endedBy, area });
    if (move.kind === 'ignore') return undefined;
    const { round } = move;
    const byReport = move.kind === 'ask-by-report';
    const asks = move.kind === 'ask' || byReport || move.kind === 'stay';
    const goesOn = !byReport && round === known?.round ? known.asksFrom : null;
    const asksFrom = asks ? (goesOn ?? at) : null;
    const onset = new Date(Number(shock.onsetMs));
    const origin = round === 0 ? null : askOriginOf(shockId, round);
    const askedArea = byReport ? area : move.kind === 'ask' ? '' : (known?.area ?? '');
    const forecastShockId = askedArea === '' || shock.forecastShockId === '' ? null : shock.forecastShockId;
    const said = { shockId, revision, kind, level, headline, onset, asks, round, asksFrom, origin };
    const next: HeardShock = { ...said, area: askedArea, forecastShockId };
    if (move.kind === 'ask') {
      const regions = shock.regions.map((region) => parseRegionCode(region));
      const counties = villagesAsked(regions, tx.scope);
      const sameEvent = await reportsOfNotice(tx, shockId);
      await this.ask(tx, next, { counties, from: asksFrom ?? at, hours: answerHours, onlyNew: false, sameEvent });
    } else if (byReport) await this.askByReport(tx, next, reported, at, known);
    else if (move.kind === 'withdraw') await withdrawQuestions(tx, shockId, this.clock.now());
    return next;
  }

  /** Villages that fell out of the area are no longer asked; nor, where it had asked as a notice, is anybody as that. */
  private async askByReport(
    tx: Tx,
    shock: HeardShock,
    area: AskedArea,
    at: Date,
    known: HeardShock | undefined,
  ): Promise<void> {
    const counties = [...villagesAsked(area.wide, tx.scope)].map(({ county, villages }) => ({
      county,
      villages: villages.filter((duty) => !area.named.some((region) => isIn(duty, region))),
    }));
    const wasReport = known !== undefined && known.area !== '';
    if (known?.asks === true) {
      const keeping = wasReport ? counties.flatMap(({ villages }) => villages) : [];
      await withdrawQuestions(tx, shock.shockId, this.clock.now(), keeping);
    }
    const sameEvent = shock.forecastShockId === null ? [] : [shock.forecastShockId];
    await this.ask(tx, shock, { counties, from: at, hours: reportAnswerHours, onlyNew: wasReport, sameEvent });
  }

  private async ask(tx: Tx, shock: HeardShock, { counties, from, hours, onlyNew, sameEvent }: Asking): Promise<void> {
    const at = this.clock.now();
    const { shockId, round, level } = shock;
    const asking = { shockId, round, origin: askOriginOf(shockId, round), level, at, onlyNew, sameEvent };
    let duty: number[] = [];
    let dueAt: Date[] = [];
    const flush = async (): Promise<void> => {
      if (duty.length > 0) await askVillages(tx, asking, { duty, dueAt });
      duty = [];
      dueAt = [];
    };
    for (const { county, villages } of counties) {
      const due = questionDue(from, at, hours(this.policy, county, from));
      duty.push(...villages);
      dueAt.push(...villages.map(() => due));
      if (duty.length >= VILLAGES_A_STATEMENT) await flush();
    }
    await flush();
  }
}

/** A region below a village is its village. */
function isIn(duty: number, region: RegionCode): boolean {
  const village = regionOfDuty(duty, 'village');
  return contains(region, village) || contains(village, region);
}
