import { randomUUID } from 'node:crypto';
import {
  AlertState,
  FindingKind,
  FindingState,
  HouseholdState,
  topics,
  type AlertBatch,
  type Finding,
} from '@fangpin/contracts';
import { dutyRange, packRevision, type RegionCode } from '@fangpin/domain-kit';
import { decodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindingOutboxSource } from '../src/findings/finding-outbox-source.js';
import { UnansweredFindings } from '../src/findings/unanswered-findings.js';
import { WaitingFindings } from '../src/findings/waiting-findings.js';
import type { FindingPage, FindingSummary, SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { countAtRisk, subjectKey } from '../src/regional/count-at-risk.js';
import { medicalCost, type FindingChange } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  perCapitaYuan: 9_000 + i * 100,
}));
const specOf = (id: number): HouseholdSpec => county[id - 1] as HouseholdSpec;

/** After 500 yuan were refunded. */
const medical = (household: number, paidYuan: number, change: FindingChange = {}): Finding =>
  medicalCost(county[household - 1] ?? { id: household }, paidYuan, {
    spentFen: BigInt(paidYuan * 100 + 50_000),
    refundedFen: 50_000n,
    ...change,
  });

describe('findings of departments', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    await eventually(async () => {
      const [row] = await sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM exposure_a WHERE per_capita_fen > 0 AND active',
      );
      expect(row?.n).toBe(county.length);
    });
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const asOwner = async (text: string, id: string): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(text, [id]));
    await admin.close();
  };
  const push = (...findings: Finding[]): Promise<string[]> => world.findings(...findings);
  const get = async <T>(
    path: string,
    region = '532327',
    role = 'county-officer',
  ): Promise<{ status: number; body: T }> => {
    const answer = await world.app.inject({
      url: path,
      headers: { authorization: `Bearer ${await world.token(role, region)}` },
    });
    return { status: answer.statusCode, body: answer.json<T>() };
  };
  const finding = async (id: string): Promise<SettledFindingResponse> =>
    (await get<SettledFindingResponse>(`/v1/findings/${id}`)).body;
  const settled = (id: string, outcome: string, answer?: string): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const one = await finding(id);
      expect(one.outcome).toBe(outcome);
      if (answer !== undefined) expect(one.alerts[0]).toMatchObject({ answer, published: true });
      return one;
    });
  const messagesOf = (id: string): AlertBatch[] => world.batches.filter(({ shockId }) => shockId === id);

  it('become alerts of an origin each, answered like those of shocks', async () => {
    const [ill, late, poor] = (await push(
      medical(1, 40_000),
      medical(1, 30_000, { kind: FindingKind.DEATH_OF_EARNER, spentFen: 0n, refundedFen: 0n, spentSince: '' }),
      medical(2, 900),
    )) as [string, string, string];
    const first = await settled(ill, 'alerted', 'listed');
    const second = await settled(late, 'alerted', 'listed');
    expect(first.alertId).not.toBe(second.alertId);
    expect(messagesOf(ill)).toMatchObject([
      {
        cause: 'illness',
        shockKind: 'medical-spending',
        state: AlertState.RAISED,
        judgedOn: '2026-07-31',
        householdIds: [1n],
      },
    ]);
    expect((await settled(poor, 'withheld')).reason).toEqual({ code: 'below-threshold', text: '未达到当地提示标准' });
    const { body } = await get<{ items: { id: string; shockId: null; findingId: string }[] }>(
      `/v1/alerts?findingId=${ill}`,
    );
    expect(body.items).toMatchObject([{ id: first.alertId, shockId: null, findingId: ill, cause: 'illness' }]);
  });

  it('are explained so that computing again gives the same', async () => {
    const kinds = [
      FindingKind.ACCIDENT,
      FindingKind.DISABILITY,
      FindingKind.DROP_OUT,
      FindingKind.WATER,
      FindingKind.TUITION,
    ];
    const ids = await push(
      ...kinds.map((kind, i) =>
        medical(3 + i, 35_000, {
          kind,
          ofEarner: kind === FindingKind.DISABILITY,
          days: kind === FindingKind.WATER ? 40 : 0,
        }),
      ),
    );
    for (const id of ids) {
      const { alertId } = await settled(id, 'alerted');
      const { body } = await get<{
        findingId: string;
        explanation: {
          recomputed: boolean;
          text: string;
          steps: { step: string }[];
          policy: { records: { key: string }[] };
        };
      }>(`/v1/alerts/${alertId}`);
      expect(body.findingId).toBe(id);
      expect(body.explanation).toMatchObject({ recomputed: true, inputs: { finding: { judgedOn: '2026-07-31' } } });
      expect(body.explanation.text).toContain('只是线索，不是认定结果');
      expect(body.explanation.steps.at(-1)?.step).toBe('severity');
      expect(body.explanation.policy.records.map(({ key }) => key)).toContain('severity-bands');
    }
  });

  it('change nothing when they come again, or in the wrong order', async () => {
    const findingId = randomUUID();
    await push(medical(10, 40_000, { findingId, version: 2 }));
    const { revision } = await settled(findingId, 'alerted', 'listed');
    const [marker] = (await push(
      medical(10, 90_000, { findingId, version: 1 }),
      medical(10, 40_000, { findingId, version: 2 }),
      medical(10, 500),
    ).then((ids) => ids.slice(-1))) as [string];
    await settled(marker, 'withheld');
    expect((await finding(findingId)).revision).toBe(revision);
    expect(messagesOf(findingId)).toHaveLength(1);
  });

  it('that grow too little are not told again, those that have grown or are corrected are', async () => {
    const findingId = randomUUID();
    await push(medical(11, 40_000, { findingId }));
    await settled(findingId, 'alerted', 'listed');
    await push(medical(11, 41_000, { findingId, version: 2 }));
    await eventually(async () =>
      expect((await finding(findingId)).revision).toBe(packRevision({ epoch: 1, version: 2 })),
    );
    expect(await settled(findingId, 'alerted')).toMatchObject({ reason: null });
    await push(medical(11, 80_000, { findingId, version: 3 }));
    await eventually(() => Promise.resolve(expect(messagesOf(findingId)).toHaveLength(2)));
    expect(messagesOf(findingId)[1]?.lossFen).toEqual([8_000_000n]);
    await push(medical(11, 79_000, { findingId, version: 4 }));
    await eventually(() => Promise.resolve(expect(messagesOf(findingId)).toHaveLength(3)));
    expect(messagesOf(findingId)[2]?.lossFen).toEqual([7_900_000n]);
    const { alerts } = await settled(findingId, 'alerted');
    const { body } = await get<Record<string, unknown>>(`/v1/alerts/${alerts[0]?.id}`);
    expect(body).toMatchObject({ explanation: { recomputed: true } });
  });

  it('that are taken back withdraw their alert, also where the withdrawal comes first', async () => {
    const raised = randomUUID();
    const never = randomUUID();
    await push(medical(12, 40_000, { findingId: raised }));
    await settled(raised, 'alerted', 'listed');
    const gone = { state: FindingState.WITHDRAWN, version: 2 };
    await push(medical(12, 40_000, { ...gone, findingId: raised }), medical(12, 40_000, { ...gone, findingId: never }));
    await push(medical(12, 40_000, { findingId: never }));
    const back = await settled(raised, 'withdrawn', 'dropped');
    expect(back.alerts).toMatchObject([{ status: 'withdrawn' }]);
    expect(messagesOf(raised).map(({ state }) => state)).toEqual([AlertState.RAISED, AlertState.WITHDRAWN]);
    const { body } = await get<Record<string, unknown>>(`/v1/alerts/${back.alerts[0]?.id}`);
    expect(body).toMatchObject({ status: 'withdrawn', explanation: { recomputed: true } });
    const [marker] = (await push(medical(12, 500))) as [string];
    await settled(marker, 'withheld');
    expect(await finding(never)).toMatchObject({ outcome: 'withdrawn', alerts: [] });
    expect(messagesOf(never)).toHaveLength(0);
  });

  it('that fall below the threshold when corrected take their alert back', async () => {
    const findingId = randomUUID();
    await push(medical(13, 40_000, { findingId }));
    await settled(findingId, 'alerted', 'listed');
    await push(medical(13, 400, { findingId, version: 2 }));
    await settled(findingId, 'withheld', 'dropped');
    await push(medical(13, 40_000, { findingId, version: 3 }));
    await settled(findingId, 'alerted', 'listed');
  });

  it('of another household after all are taken back from the first', async () => {
    const findingId = randomUUID();
    await push(medical(14, 40_000, { findingId }));
    await settled(findingId, 'alerted', 'listed');
    await push(medical(15, 40_000, { findingId, version: 2 }));
    await eventually(async () => {
      const { alerts, householdId } = await finding(findingId);
      expect(householdId).toBe(15);
      expect(alerts.map(({ status }) => status).sort()).toEqual(['raised', 'withdrawn']);
    });
  });

  it('wait for a household that nobody knows yet, and for one that has left', async () => {
    const left: HouseholdSpec = { ...specOf(16), version: 2, state: HouseholdState.MOVED_OUT };
    await world.households([profile(left)], []);
    await eventually(async () =>
      expect(await sql('SELECT 1 FROM exposure_a WHERE household_id = 16 AND NOT active')).toHaveLength(1),
    );
    const [unknown, away] = (await push(medical(901, 40_000), medical(16, 40_000))) as [string, string];
    expect((await settled(unknown, 'waiting')).reason?.code).toBe('household-unknown');
    expect((await settled(away, 'waiting')).reason?.code).toBe('household-left');
    await world.households([profile({ id: 901, township: YIJIU }), profile({ ...specOf(16), version: 3 })], []);
    expect((await settled(unknown, 'alerted', 'listed')).region).toBe(`${YIJIU}201`);
    await settled(away, 'alerted', 'listed');
  });

  it('whose household came while nobody looked are found by the next round', async () => {
    const [id] = (await push(medical(902, 40_000))) as [string];
    await settled(id, 'waiting');
    await sql(
      `INSERT INTO exposure_a (household_id, duty_code, profile_revision, persons, labourers, severely_disabled, monitoring, dwelling,
         only_dwelling, active) VALUES (902, $1, 1, 3, 1, 0, 1, 1, true, true)`,
      [dutyOf({ id: 902 })],
    );
    expect(await world.app.get(WaitingFindings).execute()).toBe(1);
    await settled(id, 'alerted', 'listed');
    expect(await world.app.get(WaitingFindings).execute()).toBe(0);
  });

  it('of a batch go in bulk, and are withdrawn with it', async () => {
    const batchId = randomUUID();
    const ids: string[] = Array.from({ length: 600 }, () => randomUUID());
    const of = (change: FindingChange): Finding[] =>
      ids.map((findingId, i) => medical((i % 20) + 20, 40_000, { findingId, batchId, ...change }));
    const summary = async (): Promise<FindingSummary> =>
      (await get<FindingSummary>(`/v1/findings/summary?batchId=${batchId}`)).body;
    await push(...of({}));
    await eventually(async () => expect(await summary()).toMatchObject({ findings: 600, exposed: 600, alerted: 600 }));
    await eventually(() =>
      Promise.resolve(expect(world.batches.filter(({ shockId }) => ids.includes(shockId))).toHaveLength(600)),
    );
    await push(...of({ state: FindingState.WITHDRAWN, version: 2 }));
    await eventually(async () => expect(await summary()).toMatchObject({ findings: 600, exposed: 0, withdrawn: 600 }));
    await eventually(async () => {
      const [row] = await sql<{ n: number }>(
        `SELECT count(DISTINCT t.origin)::int AS n FROM triage_answers t JOIN origins o USING (origin)
         WHERE o.finding_id = ANY($1::uuid[]) AND t.outcomes = '{5}'`,
        [ids],
      );
      expect(row?.n).toBe(600);
    });
    const topicsUsed = await sql<{ topic: string }>(
      `SELECT DISTINCT topic FROM outbox WHERE source = 'finding-alerts' AND ref->>'lane' = 'bulk'`,
    );
    expect(topicsUsed).toEqual([{ topic: 'alerts.alert-bulk.v1' }]);
  });

  it('that nobody has answered are published again, and settle once they are', async () => {
    const unanswered = world.app.get(UnansweredFindings);
    const [id] = (await push(medical(18, 40_000))) as [string];
    await settled(id, 'alerted', 'listed');
    await eventually(async () => expect(await unanswered.execute(0)).toBe(0));
    const open = `SELECT 1 FROM slices WHERE direction = 'findings' AND settled_at IS NULL`;
    expect(await sql(open)).toEqual([]);
    await asOwner('DELETE FROM triage_answers t USING origins o WHERE o.origin = t.origin AND o.finding_id = $1', id);
    await asOwner(
      `UPDATE slices s SET settled_at = NULL FROM alerts a JOIN origins o USING (origin)
       WHERE a.slice_no = s.slice_no AND o.finding_id = $1`,
      id,
    );
    expect(await unanswered.execute(0)).toBe(1);
    await settled(id, 'alerted', 'listed');
    expect(messagesOf(id)).toEqual([messagesOf(id)[0], messagesOf(id)[0]]);
    await eventually(async () => {
      await unanswered.execute(0);
      expect(await sql(open)).toEqual([]);
    });
  });

  it('are rendered from their rows as they were sent from memory', async () => {
    const [id] = (await push(medical(17, 40_000))) as [string];
    await settled(id, 'alerted', 'listed');
    const [slice] = await sql<{ slice_no: number }>(
      'SELECT a.slice_no FROM alerts a JOIN origins o USING (origin) WHERE o.finding_id = $1',
      [id],
    );
    const again: AlertBatch[] = [];
    for await (const { value } of world.app
      .get(FindingOutboxSource)
      .render({ sliceNo: slice?.slice_no, lane: 'live' }, world.database))
      again.push(decodeEvent(topics.alert, value));
    expect(again).toEqual(messagesOf(id));
  });

  it('are listed page by page within the area of who asks, and a department sees its own', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await get<FindingPage>(`/v1/findings?kind=medical-spending&outcome=alerted&limit=3${cursor}`);
      seen.push(...body.items.map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(3);
    const own = (await get<FindingPage>('/v1/findings?limit=200', String(YIJIU), 'township-caseworker')).body.items;
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ region }) => region.startsWith(String(YIJIU)))).toBe(true);
    expect((await get('/v1/findings?region=532327', String(YIJIU), 'township-caseworker')).status).toBe(403);
    const [hidden] = (await push(medical(18 + 1, 700))) as [string];
    await settled(hidden, 'withheld');
    expect((await get(`/v1/findings/${hidden}`, String(YIJIU), 'township-caseworker')).status).toBe(404);
    expect((await get('/v1/findings?outcome=nothing')).status).toBe(400);
    const { body: sums } = await get<FindingSummary>('/v1/findings/summary');
    expect(sums.exposed).toBe(sums.alerted + sums.withheld);
    expect(sums.findings).toBe(sums.exposed + sums.waiting + sums.withdrawn);
  });

  it('count as single findings in the early warning of their village', async () => {
    const warning = loadPolicy()
      .table('regional-warning', '532327' as RegionCode, '2026-07-31')
      .get('cluster')?.value;
    if (warning === undefined) throw new Error('no record for clusters');
    const rules = new Map([['cluster', warning] as const]);
    const counts = await world.database.transaction(cellScope('spec'), (tx) =>
      countAtRisk(tx, dutyRange('532327' as RegionCode), rules, new Date()),
    );
    expect(counts.atRisk.get(subjectKey('cluster', ''))?.get(YONGDING * 1_000_000 + 201_000)).toBeGreaterThan(3);
  });

  it('that no row can hold are parked by themselves, and the rest goes on', async () => {
    const [bad, good] = (await push(medical(19, 40_000, { occurredOn: '31.7.2026' }), medical(19, 600))) as [
      string,
      string,
    ];
    await settled(good, 'withheld');
    expect((await get(`/v1/findings/${bad}`)).status).toBe(404);
    expect(await sql(`SELECT 1 FROM parked_letters WHERE topic = 'intake.finding.v1'`)).toHaveLength(1);
  });
});
