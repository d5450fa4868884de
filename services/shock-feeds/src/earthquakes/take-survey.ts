/** The use case behind `POST /v1/shocks/{id}/intensity-zones`: surveyed zones take the place of computed ones. */
import { DomainError, InvalidFields, NotFound } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import type { Caller } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { RegionPositions } from '../boundaries/region-positions.js';
import { knownRegions } from '../intake/known-regions.js';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { digestOf, judgedAt, type Received } from '../intake/received.js';
import { TakeStatements, type StatementInHand } from '../intake/take-statements.js';
import { assertWhole } from '../shocks/assert-whole.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { readShockId } from '../shocks/shocks-of-area.js';
import { contentOf, ShockStore } from '../shocks/shock-store.js';
import { joiningStatement, latestKnown, surveyKey } from './join-intensity.rule.js';
import { placeSurvey, type PlacedSurvey } from './place-survey.rule.js';
import { readSurvey, type Survey } from './read-survey.js';
import { surveyedContent } from './surveyed-content.rule.js';

/** Zones of intensity belong to earthquakes (409). */
export class NotAnEarthquake extends DomainError {
  constructor(kind: string) {
    super('SHOCK.NOT_AN_EARTHQUAKE', 'conflict', `intensity zones belong to an earthquake, not to ${kind}`, { kind });
  }
}

@Injectable()
export class TakeSurvey {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly positions: RegionPositions,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly statements: TakeStatements,
  ) {}

  /**
   * Refuses bad fields and zones of which no place can be resolved (400), an unknown shock (404) and one that is no
   * earthquake (409), and one that reaches beyond the caller's area (403): its areas give way to the zones. Names that cannot
   * be resolved are told, the rest is taken. The same zones again are a `duplicate`.
   */
  async take(id: string, body: unknown, caller: Caller, received: Received): Promise<IntakeAnswer> {
    const shockId = readShockId(id);
    const survey = readSurvey(body, judgedAt(received), knownRegions);
    return this.database.transaction(cellScope('http:shocks'), async (tx) => {
      const shock = await this.#hold(tx, shockId);
      assertWhole(caller, shock);
      return this.#take(tx, shock, survey, received);
    });
  }

  /** Names before rows, as every intake holds them, so that nobody waits for the other in a ring. */
  async #hold(tx: Tx, shockId: string): Promise<ShockEntity> {
    const seen = await this.shocks.findShock(tx, shockId);
    if (seen === null) throw new NotFound('shock', shockId);
    const identity = await this.#identityOf(tx, seen);
    await this.shocks.lock(tx, [identity]);
    const shock = await this.shocks.getForUpdate(tx, shockId);
    // What came as an officer's report is no chain yet; its survey makes it one.
    await tx.query('INSERT INTO shock_identities (identity, shock_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      shock.identity,
      shock.shockId,
    ]);
    return shock;
  }

  /** Of the shock that took this one over, where one did. */
  async #identityOf(tx: Tx, { mergedInto, identity }: ShockEntity): Promise<string> {
    const into = mergedInto === null ? null : await this.shocks.findShock(tx, mergedInto);
    return into === null ? identity : this.#identityOf(tx, into);
  }

  async #take(tx: Tx, shock: ShockEntity, survey: Survey, received: Received): Promise<IntakeAnswer> {
    if (shock.kind !== 'earthquake') throw new NotAnEarthquake(shock.kind);
    if (survey.surveyedAt < shock.onset)
      throw new InvalidFields([
        { field: 'surveyedAt', value: survey.surveyedAt.toISOString(), rule: 'must not lie before the earthquake' },
      ]);
    const placed = await this.#place(tx, shock, survey);
    const digest = digestOf(JSON.stringify(survey));
    const key = surveyKey(shock.shockId, digest);
    const earlier = (await this.messages.statementsByShock(tx, [shock.shockId])).get(shock.shockId) ?? [];
    const known = latestKnown(earlier) ?? contentOf(shock);
    const content = surveyedContent(known, { zones: placed.zones, source: survey.source }, this.policy);
    const about = { origin: 'quake', digest, received, recorded: false } as const;
    const item: StatementInHand = {
      ...about,
      statement: {
        key,
        identity: key,
        type: 'update',
        sent: survey.surveyedAt,
        references: [shock.identity],
        content,
        endsDueAt: null,
      },
      basis: { survey: { said: survey, near: shock.regions } },
      problems: placed.problems,
    };
    const repeated = (await this.messages.findAll(tx, [key])).has(key);
    const joining = repeated ? undefined : joiningStatement([...earlier, item.statement], shock.identity);
    const also = joining === undefined ? [] : [{ ...about, statement: joining, problems: [] }];
    const [answer] = await this.statements.takeAll(tx, [item, ...also]);
    return answer as IntakeAnswer;
  }

  async #place(tx: Tx, shock: ShockEntity, survey: Survey): Promise<PlacedSurvey> {
    const placed = placeSurvey(survey, {
      boundaries: await this.positions.index(tx),
      overlap: (region) => this.policy.get('area-overlap', region, shock.judgedOn).value,
      near: shock.regions,
    });
    if (placed.zones.length > 0) return placed;
    const rule = `must name a place that is known: ${placed.problems.map(({ text }) => text).join('；')}`;
    throw new InvalidFields(survey.zones.map((_, i) => ({ field: `zones[${i}]`, value: null, rule })));
  }
}
