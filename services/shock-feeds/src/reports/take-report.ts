/** The use case behind `POST /v1/shocks`: an officer's entry becomes a shock, or goes on with one, once. */
import {
  DomainError,
  InvalidFields,
  InvalidValue,
  toBeijingTime,
  type Clock,
  type RegionCode,
} from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { NoPolicy, PolicySet, type ForecastMatch } from '@fangpin/policy';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { knownRegions } from '../intake/known-regions.js';
import type { Problem } from '../cap/cap-message.js';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { digestOf, dueByClock, judgedAt, type Received } from '../intake/received.js';
import { assertWhole } from '../shocks/assert-whole.js';
import { urgentLane } from '../shocks/lane.rule.js';
import { observedEndsDueAt } from '../shocks/observed-life.rule.js';
import { shockIdOf } from '../shocks/shock-id.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import type { ShockContent } from '../shocks/shock.js';
import { ShockStore, type ShockDraft } from '../shocks/shock-store.js';
import { findForecast } from './find-forecast.js';
import { followUpOf } from './follow-up.rule.js';
import { judgeReport } from './judge-report.js';
import { readReport } from './read-report.js';
import type { ShockReport } from './report.js';
import { explainedJumps } from './report-jump.rule.js';
import { refuseLongAgo } from './report-age.rule.js';
import { reportKey } from './report-key.js';

interface Given {
  readonly report: ShockReport;
  readonly caller: Caller;
  readonly received: Received;
  readonly digest: Buffer;
  readonly key: string;
}

interface Judged extends Given {
  readonly content: ShockContent;
  /** Of the answer; the steps add to them. */
  readonly problems: Problem[];
}

interface Taken {
  readonly shock: ShockEntity;
  readonly outcome: 'accepted' | 'updated' | 'recorded';
}

@Injectable()
export class TakeReport {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Refuses bad fields (400, all named), a day of which no policy is known (400), a new event of longer ago than policy `report-age` says (400), a later report whose figures jump without an explanation (400), one that goes on with
   * a shock that reaches beyond the caller's area (403), and an Idempotency-Key that was used with another body (409). The key
   * decides what is a repeat; without one the content does.
   */
  async take(
    body: unknown,
    idempotencyKey: string | undefined,
    caller: Caller,
    received: Received,
  ): Promise<IntakeAnswer> {
    const report = readReport(body, judgedAt(received), knownRegions);
    const digest = digestOf(JSON.stringify(report));
    const key = reportKey(idempotencyKey, received, digest);
    try {
      return await this.database.transaction(cellScope('http:shocks'), (tx) =>
        this.#take(tx, { report, caller, received, digest, key }),
      );
    } catch (error) {
      // The kind and the places are known: only so early a day leaves policy without an answer.
      if (!(error instanceof NoPolicy)) throw error;
      throw new InvalidValue(
        'onset',
        toBeijingTime(report.onset),
        `must be of a day that policy knows: ${error.message}`,
      );
    }
  }

  async #take(tx: Tx, given: Given): Promise<IntakeAnswer> {
    const { report, received, digest, key } = given;
    await this.shocks.lock(tx, [key]);
    const known = await this.messages.find(tx, key);
    if (known !== null) {
      if (!known.digest.equals(digest))
        throw new DomainError(
          'IDEMPOTENCY.KEY_REUSED',
          'conflict',
          'the Idempotency-Key has been used with another body',
        );
      return this.messages.repeat(tx, known, digest);
    }
    const problems: Problem[] = [];
    const { content, ...basis } = judgeReport(report, received, this.policy, problems);
    const { shock, outcome } = await this.#place(tx, { ...given, content, problems });
    const { shockId, lane } = shock;
    await this.messages.add(tx, { key, origin: 'report', digest, received, outcome, problems, shockId, ...basis });
    return { shockId, outcome, lane, problems };
  }

  /** As a revision of the shock that it names, or as one of its own, with the forecast that came true where there is one. */
  async #place(tx: Tx, judged: Judged): Promise<Taken> {
    const { report, content, problems } = judged;
    const match = this.#matchFor(report, content.judgedOn);
    const named = report.shockId === undefined ? undefined : await this.#named(tx, report.shockId);
    const followUp = named === undefined ? undefined : followUpOf(report, named, match);
    if (followUp?.is === 'refused') throw new InvalidFields([followUp.problem]);
    if (named !== undefined && (followUp?.is === 'next' || followUp?.is === 'final-count'))
      return this.#goOn(tx, named, judged);
    let forecastShockId = named?.shockId;
    if (forecastShockId === undefined) {
      forecastShockId = await findForecast(tx, report, match);
      if (forecastShockId !== undefined)
        problems.push({ code: 'SHOCK.FORECAST_FOUND', text: '找到同类、同区域的预报预警，按该预警的实况登记' });
    }
    return this.#begin(tx, { ...judged, content: withForecast(content, forecastShockId) });
  }

  async #begin(tx: Tx, { report, key, content, received, problems }: Judged): Promise<Taken> {
    refuseLongAgo(report, received, this.policy);
    const over = isOver(content, received);
    if (over) problems.push({ code: 'SHOCK.EXPIRED', text: '收到时已过失效时间，仅作记录' });
    const outcome = over ? 'recorded' : 'accepted';
    const shock = await this.shocks.create(
      tx,
      { shockId: shockIdOf(key), identity: key, origin: 'report' },
      this.#draftOf(over ? { ...content, lane: 'recorded' } : content, received),
      { at: this.clock.now(), cause: outcome, publish: !over },
    );
    return { shock, outcome };
  }

  async #goOn(tx: Tx, before: ShockEntity, judged: Judged): Promise<Taken> {
    const { report, content, caller, received, problems } = judged;
    assertWhole(caller, before);
    const policy = this.policy.get('report-jump', placeOf(report), content.judgedOn).value;
    problems.push(...explainedJumps(before.damage, report, policy));
    // Whoever followed the shock so far hears how it goes on.
    const lane = urgentLane([before.lane, content.lane]);
    const next = withForecast({ ...content, lane }, before.facts.forecastShockId);
    const at = this.clock.now();
    const change = { at, cause: 'updated', publish: true } as const;
    if (before.state !== 'open')
      problems.push({
        code: 'REPORT.FINAL_COUNT',
        text: '该事件已经结束：按核报更正数字，不重新开放；比此前更重的部分再研判一次，其余预警不变',
      });
    const draft = before.state === 'open' ? this.#draftOf(next, received) : overStill(before, next);
    return { shock: await this.shocks.change(tx, before, draft, change), outcome: 'updated' };
  }

  async #named(tx: Tx, shockId: string): Promise<ShockEntity> {
    if ((await this.shocks.findShock(tx, shockId)) === null)
      throw new InvalidValue('shockId', shockId, 'must be the id of a shock');
    return this.shocks.getForUpdate(tx, shockId);
  }

  #draftOf(content: ShockContent, received: Received): ShockDraft {
    const endsDueAt = content.observed
      ? observedEndsDueAt(content, received.at, this.policy)
      : dueByClock(received, content.expires);
    return { content, state: isOver(content, received) ? 'ended' : 'open', endsDueAt };
  }

  #matchFor(report: ShockReport, day: string): ForecastMatch {
    return this.policy.get('forecast-match', placeOf(report), day, report.kind).value;
  }
}

function withForecast(content: ShockContent, forecastShockId: string | undefined): ShockContent {
  return forecastShockId === undefined ? content : { ...content, facts: { ...content.facts, forecastShockId } };
}

/** Other figures of what is over: when and how it ended was said before. */
function overStill({ endedBy, endedAt, endsDueAt, expires }: ShockEntity, content: ShockContent): ShockDraft {
  const end = endedBy === null || endedAt === null ? {} : { end: { by: endedBy, at: endedAt } };
  return { content: { ...content, expires }, state: 'ended', endsDueAt, ...end };
}

/** What has been observed is open, however old its hour: it ends long after the last word of it. */
function isOver({ observed, expires }: ShockContent, received: Received): boolean {
  return !observed && expires !== null && expires <= judgedAt(received);
}

function placeOf(report: ShockReport): RegionCode {
  return report.regions[0] as RegionCode;
}
