/** The use case behind `POST /v1/shocks`: an officer's entry becomes a shock, once. */
import { DomainError, InvalidValue, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { knownRegions } from '../cap/take-cap.js';
import type { Problem } from '../cap/cap-message.js';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { digestOf, dueByClock, judgedAt, type Received } from '../intake/received.js';
import { laneOf } from '../shocks/lane.rule.js';
import { shockIdOf } from '../shocks/shock-id.js';
import type { ShockContent } from '../shocks/shock.js';
import { ShockStore } from '../shocks/shock-store.js';
import { readReport } from './read-report.js';
import type { ShockReport } from './report.js';

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;
const HOUR_MS = 3_600_000;

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
   * Refuses bad fields (400, all named) and an Idempotency-Key that was used with another body (409). The key decides what
   * is a repeat; without one the content does.
   */
  async take(body: unknown, idempotencyKey: string | undefined, received: Received): Promise<IntakeAnswer> {
    const report = readReport(body, judgedAt(received), knownRegions);
    const digest = digestOf(JSON.stringify(report));
    const key = reportKey(idempotencyKey, received, digest);
    return this.database.transaction(cellScope('http:shocks'), (tx) => this.#take(tx, report, key, digest, received));
  }

  async #take(tx: Tx, report: ShockReport, key: string, digest: Buffer, received: Received): Promise<IntakeAnswer> {
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
    const content = this.#judge(report, received, problems);
    const over = !content.observed && content.expires !== null && content.expires <= judgedAt(received);
    if (over) problems.push({ code: 'SHOCK.EXPIRED', text: '收到时已过失效时间，仅作记录' });
    const outcome = over ? 'recorded' : 'accepted';
    const shock = await this.shocks.create(
      tx,
      { shockId: shockIdOf(key), identity: key, origin: 'report' },
      {
        content: over ? { ...content, lane: 'recorded' } : content,
        state: over ? 'ended' : 'open',
        endsDueAt: dueByClock(received, content.expires),
      },
      { at: this.clock.now(), cause: outcome, publish: !over },
    );
    await this.messages.add(tx, {
      key,
      origin: 'report',
      digest,
      received,
      outcome,
      problems,
      shockId: shock.shockId,
    });
    return { shockId: shock.shockId, outcome, lane: shock.lane, problems };
  }

  /** What was observed is judged by the policy of its day, a forecast by that of its receipt. */
  #judge(report: ShockReport, received: Received, problems: Problem[]): ShockContent {
    const at = judgedAt(received);
    const judgedOn = shanghaiDay(report.onset < at ? report.onset : at);
    const lane = laneOf(report, report.regions, judgedOn, this.policy);
    let { expires } = report;
    if (expires === null && !report.observed) {
      const region = report.regions[0];
      if (region === undefined) throw new InvalidValue('regions', [], 'must name at least one region');
      const { hours } = this.policy.get('notice-expiry-hours', region, judgedOn, report.kind).value;
      expires = new Date(Math.max(report.onset.getTime(), at.getTime()) + hours * HOUR_MS);
      problems.push({ code: 'SHOCK.EXPIRY_ASSUMED', text: `没有失效时间，按政策推定为${hours}小时` });
    }
    return { ...report, expires, lane, policyVersion: this.policy.version, judgedOn };
  }
}

function reportKey(idempotencyKey: string | undefined, received: Received, digest: Buffer): string {
  if (idempotencyKey === undefined) return `report:${digest.toString('hex')}`;
  if (!PRINTABLE.test(idempotencyKey))
    throw new InvalidValue('Idempotency-Key', idempotencyKey, 'must be 1 to 255 printable ASCII characters');
  return `report:key:${received.by}:${idempotencyKey}`;
}
