import { randomUUID } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { CaseEventSchema, ShockState, topics, TriageOutcome, WaterCutSchema } from '@fangpin/contracts';
import { composeDerivedId } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LookAtArea } from '../src/regional/look-at-area.js';
import type { ExplainedRegionalAlert, RegionalAlertPage } from '../src/regional/regional-alert.responses.js';
import { maizeDamaged } from './support/maize-damaged.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  hail,
  layOff,
  pigPriceFall,
  profile,
  revision,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

const ZHONGHE = 532327103;
const FIRM = '91441900FPDEM0001X';

/** 297 households, 33 in each of nine villages of three townships; 11 of each keep pigs, nine of one village work for a firm. */
const county: HouseholdSpec[] = Array.from({ length: 297 }, (_, i) => ({
  id: i + 1,
  township: [YONGDING, YIJIU, ZHONGHE][i % 3] as number,
  maize: 400,
  pigs: Math.floor(i / 9) % 3 === 0 ? 60 : 0,
  perCapitaYuan: 8_000,
  ...(i % 36 === 0 ? { jobs: [{ branch: 201, place: '4419', employer: FIRM }], wageYuan: 24_000 } : {}),
}));
const villageOf = (spec: HouseholdSpec): string =>
  `${spec.township ?? YONGDING}20${(Math.floor((spec.id - 1) / 3) % 3) + 1}`;
const profiles = county.map((spec) =>
  Object.assign(profile(spec), {
    dutyCode: BigInt(`${villageOf(spec)}000`),
    waterScheme: spec.id % 2 === 0 ? 'W-YR-01' : '',
  }),
);
const villages = [...new Set(county.map(villageOf))].sort();
const townships = [YONGDING, YIJIU, ZHONGHE].map(String);

describe('early warning for areas', () => {
  const laidOff = randomUUID();
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(profiles, county.map(assessment));
  });
  afterAll(() => world.stop());

  const ask = async <T>(path: string, region = '532327'): Promise<T> => {
    const response = await world.app.inject({
      url: `/v1/regional-alerts${path}`,
      headers: { authorization: `Bearer ${await world.token('county-officer', region)}` },
    });
    return response.json<T>();
  };
  const openIds = async (region = '532327'): Promise<string[]> =>
    (await ask<RegionalAlertPage>('?state=open&limit=200', region)).items.map(({ id }) => id);
  it('opens for villages, townships and the county where one product endangers many, and ends with the recall', async () => {
    const id = randomUUID();
    await world.shock(pigPriceFall({ id, policyVersion: world.policyVersion }, 3_246, 1_093));
    const { alerted } = await world.settled(id, 'done');
    expect(alerted).toBe(99);
    const pigs = ['532327', ...townships, ...villages].map((region) => `${region}.product.100`);
    await eventually(async () => expect(await openIds()).toEqual(expect.arrayContaining(pigs)));

    // The townships have too few such households of their own: three of their three villages speak for them.
    const whole = await ask<ExplainedRegionalAlert>('/532327.product.100?limit=40');
    expect(whole).toMatchObject({
      name: '永仁县',
      level: 'county',
      subject: { code: '100', name: '生猪' },
      households: 99,
      ofHouseholds: 297,
      struckParts: 3,
      parts: 3,
      state: 'open',
    });
    expect(whole.explanation.text).toContain('297户中有99户因生猪被提示风险，占33.3%');
    expect(whole.explanation.text).toContain('由县里确认');
    expect(whole.explanation.policy).toMatchObject({ grade: 'unsourced', assumed: true });

    const members = new Set<number>(whole.members.items.map(({ householdId }) => householdId));
    for (let cursor = whole.members.nextCursor; cursor !== null;) {
      const { members: next } = await ask<ExplainedRegionalAlert>(`/532327.product.100?limit=40&cursor=${cursor}`);
      for (const { householdId } of next.items) members.add(householdId);
      cursor = next.nextCursor;
    }
    expect([...members]).toEqual(county.filter(({ pigs: heads }) => heads).map((spec) => spec.id));

    // Who answers for a township sees it and its villages, and only the own households.
    const own = await openIds(String(YIJIU));
    expect(own.every((one) => one.startsWith(String(YIJIU)))).toBe(true);
    expect(own).toContain(`${YIJIU}.product.100`);
    const hidden = await ask<{ code: string }>('/532327.product.100', String(YIJIU));
    expect(hidden.code).toBe('REGIONAL_ALERT.NOT_FOUND');

    await world.shock(
      pigPriceFall({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }, 3_246, 1_093),
    );
    await world.settled(id, 'recalled');
    await eventually(async () => {
      const ended = (await ask<RegionalAlertPage>('?state=ended&limit=200')).items;
      expect(ended.map((alert) => alert.id)).toEqual(expect.arrayContaining(pigs));
      expect(new Set(ended.map(({ endedWhy }) => endedWhy))).toEqual(new Set(['recalled']));
    });
    const after = await ask<ExplainedRegionalAlert>('/532327.product.100');
    expect(after.history.map(({ state, households }) => [state, households])).toEqual([
      ['ended', 0],
      ['open', 99],
    ]);
    expect(after.explanation.text).toContain('预警随即撤回');
    expect(after.members.items).toEqual([]);
  });

  it('names the firm whose lay-off reaches many of a village, and counts a household of two shocks once', async () => {
    const hailed = randomUUID();
    await world.shock(
      layOff({ id: laidOff, policyVersion: world.policyVersion, regions: ['4419'] }, { employer: FIRM }),
    );
    await world.shock(hail({ id: hailed, policyVersion: world.policyVersion, regions: [String(YONGDING)] }));
    const { alerted } = await world.settled(laidOff, 'done');
    await world.settled(hailed, 'done');
    expect(alerted).toBe(9);
    const village = `${YONGDING}201`;
    await eventually(async () => expect(await openIds()).toContain(`${village}.employer.${FIRM}`));
    const told = await ask<ExplainedRegionalAlert>(`/${village}.employer.${FIRM}`);
    expect(told.households).toBe(9);
    expect(told.explanation.text).toContain(FIRM);
    await eventually(async () => {
      const share = await ask<ExplainedRegionalAlert>(`/${village}.share`);
      expect(share.state).toBe('open');
      expect(share.households).toBeLessThanOrEqual(33);
      const { members } = await ask<ExplainedRegionalAlert>(`/${village}.share?limit=200`);
      expect(members.items).toHaveLength(share.households);
    });
  });

  it('is none of each crop for hail that took all alike, and one of the crop that a report names', async () => {
    // The hail of before has endangered all of the township's, who grow nothing but maize.
    const village = `${YONGDING}201`;
    await eventually(async () => expect(await openIds()).toContain(`${village}.share`));
    expect((await openIds()).filter((one) => one.endsWith('.product.2'))).toEqual([]);
    const id = randomUUID();
    await world.shock(maizeDamaged({ id, policyVersion: world.policyVersion }, YIJIU));
    expect((await world.settled(id, 'done')).alerted).toBe(99);
    await eventually(async () => {
      const maize = (await openIds()).filter((one) => one.endsWith('.product.2'));
      expect(maize).toEqual([YIJIU, ...[1, 2, 3].map((n) => `${YIJIU}20${n}`)].map((region) => `${region}.product.2`));
    });
    const told = await ask<ExplainedRegionalAlert>(`/${YIJIU}201.product.2?limit=200`);
    expect([told.households, told.members.items.length]).toEqual([33, 33]);
  });

  it('counts no household any more whose alert was attached to a case that has ended', async () => {
    const path = `/${YONGDING}201.employer.${FIRM}?limit=200`;
    const members = async (): Promise<number[]> =>
      (await ask<ExplainedRegionalAlert>(path)).members.items.map(({ householdId }) => householdId);
    const [household = 0, ...others] = await members();
    expect(others).toHaveLength(8);
    const [alert] = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ origin: number; revision: number; duty_code: number }>(
        `SELECT origin, revision, duty_code FROM alerts JOIN origins USING (origin)
         WHERE household_id = $1 AND cause = 'job-loss' ORDER BY revision DESC`,
        [household],
      ),
    );
    const { origin = 0, revision: alertRevision = 0, duty_code: dutyCode = 0 } = alert ?? {};
    const caseOrigin = 4_711;
    const says = (body: MessageInitShape<typeof CaseEventSchema>['body']): Promise<void> => {
      const event = create(CaseEventSchema, { ...(body === undefined ? {} : { body }) });
      return world.producer.send(topics.case, [encodeEvent(topics.case, event, { key: String(YONGDING) })]);
    };
    await says({
      case: 'triage',
      value: {
        origin: BigInt(origin),
        alertRevision: BigInt(alertRevision),
        township: String(YONGDING),
        householdIds: [BigInt(household)],
        outcomes: [TriageOutcome.ATTACHED],
        caseOrigins: [BigInt(caseOrigin)],
      },
    });
    await says({
      case: 'stepped',
      value: {
        caseId: composeDerivedId({ origin: caseOrigin, householdId: household }),
        householdId: BigInt(household),
        dutyCode: BigInt(dutyCode),
        revision: BigInt(revision(1)),
        state: 'dismissed',
        action: 'step',
      },
    });
    await eventually(async () => expect(await members()).toEqual(others));
  });

  it('eases where cases have answered it, and ends when the shock is recalled after all', async () => {
    const path = `/${YONGDING}201.employer.${FIRM}`;
    const inCell = <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
      world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql));
    const of = `cause = 'job-loss'`;
    await eventually(async () => expect(await inCell(`SELECT FROM episode_alerts WHERE ${of}`)).toHaveLength(9));
    await inCell(`UPDATE episode_alerts SET closed_revision = revision WHERE ${of}`);
    await inCell('INSERT INTO regional_looks (area) VALUES (532327)');
    await eventually(async () =>
      expect(await ask<ExplainedRegionalAlert>(path)).toMatchObject({ state: 'eased', endedWhy: null, households: 0 }),
    );
    const word = { id: laidOff, policyVersion: world.policyVersion, regions: ['4419'], version: 2 };
    await world.shock(layOff({ ...word, state: ShockState.CANCELLED }, { employer: FIRM }));
    await world.settled(laidOff, 'recalled');
    await eventually(async () =>
      expect(await ask<ExplainedRegionalAlert>(path)).toMatchObject({ state: 'ended', endedWhy: 'recalled' }),
    );
  });

  it('is judged although the look at a county before it fails', async () => {
    const askFor = (county: number): Promise<number> =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.execute('INSERT INTO regional_looks (area) VALUES ($1)', [county]),
      );
    const waiting = (county: number): Promise<unknown[]> =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT FROM regional_looks WHERE area = $1', [county]),
      );
    // No county has such a number: it cannot be judged.
    await askFor(-1);
    await askFor(532327);
    await eventually(async () => expect(await waiting(532327)).toEqual([]));
    expect(await waiting(-1)).toHaveLength(1);
    await expect(world.app.get(LookAtArea).execute()).rejects.toMatchObject({ area: -1 });
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('DELETE FROM regional_looks WHERE area = -1'),
    );
  });

  it('names the water scheme, and takes neither house nor water for a product', async () => {
    const id = randomUUID();
    const cut = hail({ id, policyVersion: world.policyVersion, kind: 'water-cut', regions: [String(YIJIU)] });
    cut.waterCut = create(WaterCutSchema, { schemes: ['W-YR-01'], days: 60 });
    await world.shock(cut);
    await world.settled(id, 'done');
    // Whom a named scheme serves is found by the scheme, in other townships too: each area counts its own.
    const served = county.filter((spec) => spec.township === YIJIU && spec.id % 2 === 0).length;
    await eventually(async () => expect(await openIds(String(YIJIU))).toContain(`${YIJIU}.scheme.W-YR-01`));
    const told = await ask<ExplainedRegionalAlert>(`/${YIJIU}.scheme.W-YR-01?limit=200`);
    expect([told.households, told.members.items.length]).toEqual([served, served]);
    expect(told.explanation.text).toContain('同一供水工程（W-YR-01）');
    expect((await openIds()).filter((one) => /product\.[3-9]\d\d$/.test(one))).toEqual([]);
  });

  it('is judged once, however many instances look', async () => {
    const count = async (): Promise<number> =>
      world.database.transaction(cellScope('spec'), async (tx) => {
        const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM regional_alert_history');
        return row?.n ?? 0;
      });
    await eventually(async () => expect(await world.app.get(LookAtArea).execute()).toBeUndefined());
    const before = await count();
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('INSERT INTO regional_looks (area) SELECT 532327 FROM generate_series(1, 5)'),
    );
    await Promise.all([1, 2, 3].map(() => world.app.get(LookAtArea).execute()));
    await eventually(async () => expect(await world.app.get(LookAtArea).execute()).toBeUndefined());
    expect(await count()).toBe(before);
  });

  it('refuses what is no warning, and an area outside the caller’s', async () => {
    for (const id of ['x', '53.share', '532327.', '532327.product.999', '999999.share'])
      expect(await ask<{ code: string }>(`/${id}`)).toMatchObject({ code: 'REGIONAL_ALERT.NOT_FOUND' });
    expect(await ask<{ code: string }>('?region=532301')).toMatchObject({ code: 'SCOPE.OUTSIDE' });
    expect(await ask<{ code: string }>('?state=loud')).toMatchObject({ status: 400 });
  });
});
