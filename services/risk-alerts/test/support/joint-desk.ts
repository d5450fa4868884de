/** Joint alerts as officers read them, and what assistance-cases says of the case that answers one. */
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, TriageOutcome, type CaseEvent } from '@fangpin/contracts';
import { parseDerivedId, type Clock } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { expect, jest } from '@jest/globals';
import type { AlertPage, AlertResponse } from '../../src/alerts/alert.responses.js';
import { EpisodeWorker } from '../../src/episodes/episode-worker.js';
import type { World } from './risk-alerts-world.js';
import { dutyOf, revision, YONGDING, type HouseholdSpec } from './world.js';

const DAY_MS = 86_400_000;

export class JointDesk {
  constructor(private readonly world: () => World) {}

  /** What a county officer reads under `/v1/`. */
  async get<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${await this.world().token('county-officer')}` };
    return (await this.world().app.inject({ url: `/v1/${path}`, headers })).json<T>();
  }

  async alertsOf(householdId: number): Promise<AlertResponse[]> {
    return (await this.get<AlertPage>(`alerts?householdId=${householdId}&limit=200`)).items;
  }

  async jointsOf(householdId: number): Promise<AlertResponse[]> {
    return (await this.alertsOf(householdId)).filter(({ cause }) => cause === 'several');
  }

  /** The joint alert that stands; fails where there is none, or another. */
  async standingOf(householdId: number): Promise<AlertResponse> {
    const [joint, ...more] = (await this.jointsOf(householdId)).filter(({ status }) => status === 'raised');
    expect(more).toEqual([]);
    if (joint === undefined) throw new Error(`nothing joint stands for household ${householdId}`);
    return joint;
  }

  sql(text: string): Promise<Record<string, unknown>[]> {
    return this.world().database.transaction(cellScope('spec'), (tx) => tx.query(text));
  }

  says(body: CaseEvent['body']): Promise<void> {
    const message = encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: String(YONGDING) });
    return this.world().producer.send(topics.case, [message]);
  }

  /** That the alert has opened a case of its own. */
  opens({ id, revision: alertRevision }: AlertResponse, householdId: number): Promise<void> {
    const origin = BigInt(parseDerivedId(id).origin);
    return this.says({
      case: 'triage',
      value: {
        $typeName: 'fangpin.cases.v1.TriageBatch',
        shockId: id,
        origin,
        alertRevision: BigInt(alertRevision),
        township: String(YONGDING),
        householdIds: [BigInt(householdId)],
        outcomes: [TriageOutcome.OPENED],
        caseOrigins: [origin],
      },
    });
  }

  /** That this case was taken a step on. */
  steps(caseId: string, household: HouseholdSpec, version: number, state: string, action: string): Promise<void> {
    return this.says({
      case: 'stepped',
      value: {
        $typeName: 'fangpin.cases.v1.CaseStepped',
        caseId,
        householdId: BigInt(household.id),
        dutyCode: BigInt(dutyOf(household)),
        revision: BigInt(revision(version)),
        state,
        action,
        steppedMs: 0n,
      },
    });
  }

  /** As if so many days had passed: nothing is due by any other clock. It is so until what this answers is called. */
  async daysLater(days: number): Promise<() => void> {
    const clock = this.world().app.get<Clock>(CLOCK);
    const later = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + days * DAY_MS));
    await eventually(async () => {
      await this.world().app.get(EpisodeWorker).round();
      for (const table of ['episode_alerts', 'joint_alerts'])
        expect(await this.sql(`SELECT 1 FROM ${table} WHERE due_at <= '${clock.now().toISOString()}' LIMIT 1`)).toEqual(
          [],
        );
    });
    return () => later.mockRestore();
  }
}
