import { randomUUID } from 'node:crypto';
import { DwellingGrade, topics } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FanOutResponse, LedgerFigures } from '../src/ledger/fan-out.response.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

type DoneFigures = LedgerFigures & { caseStates: Record<string, number> };

const MENGHU = 532327103;
const townships = [YONGDING, YIJIU, MENGHU];
/** Every fourth is well above the line: withheld, unless its house is at risk. */
const county: HouseholdSpec[] = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  township: townships[i % 3] as number,
  maize: 400,
  dwelling: i % 5 === 0 ? DwellingGrade.D : DwellingGrade.A,
  perCapitaYuan: i % 4 === 0 ? 90_000 : 8_000,
}));

describe('the ledger of a township that households have left', () => {
  let world: World;
  let now = county;
  let version = 1;

  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: 15 });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const ledgerOf = async (shockId: string, region: string): Promise<FanOutResponse> => {
    const headers = { authorization: `Bearer ${await world.token('township-caseworker', region)}` };
    return (await world.app.inject({ url: `/v1/shocks/${shockId}/fan-out`, headers })).json<FanOutResponse>();
  };
  const figuresOf = (ledger: FanOutResponse): LedgerFigures => {
    const { exposed, alerted, withheld, published, casesOpened, casesAttached, listed, parked, withdrawn, dropped } =
      ledger;
    const { flagged, severities } = ledger;
    return {
      exposed,
      alerted,
      withheld,
      published,
      casesOpened,
      casesAttached,
      listed,
      parked,
      withdrawn,
      dropped,
      flagged,
      severities,
    };
  };
  const sumOf = (all: readonly FanOutResponse[]): LedgerFigures => {
    const [first, ...others] = all.map(figuresOf) as [LedgerFigures, ...LedgerFigures[]];
    return others.reduce((sum, one) => {
      const add = <T extends object>(a: T, b: T): T =>
        Object.fromEntries(
          Object.entries(a).map(([key, value]) => {
            const other = (b as Record<string, unknown>)[key];
            return [key, typeof value === 'number' ? value + (other as number) : add(value as object, other as object)];
          }),
        ) as T;
      return add(sum, one);
    }, first);
  };
  /** Some of the households move on to the next township, with all that they have. */
  const move = async (which: (id: number) => boolean): Promise<HouseholdSpec[]> => {
    version += 1;
    now = now.map((spec) =>
      which(spec.id)
        ? { ...spec, version, township: townships[(townships.indexOf(spec.township ?? 0) + 1) % 3] as number }
        : spec,
    );
    const moved = now.filter(({ id }) => which(id));
    await world.households(moved.map(profile), moved.map(assessment));
    await world.heard(topics.household);
    await world.heard(topics.assessment);
    await eventually(async () =>
      expect(
        await world.database.transaction(cellScope('spec'), (tx) => tx.query('SELECT household_id FROM relooks')),
      ).toEqual([]),
    );
    return moved;
  };

  it.each([
    ['one cause', 'hail'],
    ['several causes', 'flood'],
  ])('counts them no more: the new one does, and townships add up to the county: %s', async (_, kind) => {
    const id = randomUUID();
    await world.shock(hail({ id, kind, policyVersion: world.policyVersion }));
    const before = await world.settled(id, 'done');
    await move((household) => household % 7 === 1);
    await world.settled(id, 'done');
    const whole = await ledgerOf(id, '532327');
    expect(whole.exposed).toBe(before.exposed);

    const each = await Promise.all(townships.map((township) => ledgerOf(id, String(township))));
    expect(sumOf(each)).toEqual(figuresOf(whole));
    for (const [i, township] of townships.entries()) {
      const here = now.filter((spec) => spec.township === township).length;
      expect(each[i]).toMatchObject({ exposed: here, townships: [{ region: String(township), exposed: here }] });
      expect(whole.townships.find(({ region }) => region === String(township))).toEqual(each[i]?.townships[0]);
    }

    // Under a second revision some move on again.
    await world.shock(hail({ id, kind, version: 2, policyVersion: world.policyVersion }));
    await eventually(async () => expect((await ledgerOf(id, '532327')).revision).toBeGreaterThan(whole.revision));
    await world.settled(id, 'done');
    await move((household) => household % 11 === 1);
    await world.settled(id, 'done');
    const again = await Promise.all(townships.map((township) => ledgerOf(id, String(township))));
    expect(sumOf(again)).toEqual(figuresOf(await ledgerOf(id, '532327')));
  });

  it('says the same as a backtest does of what was done, also about their cases', async () => {
    const done = async (region: string): Promise<Map<string, DoneFigures>> => {
      const answer = await world.app.inject({
        method: 'POST',
        url: '/v1/simulations/backtests',
        headers: { authorization: `Bearer ${await world.token('township-caseworker', region)}` },
        payload: { months: 60 },
      });
      const lines = answer.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; shockId: string; done: DoneFigures });
      return new Map(lines.filter(({ type }) => type === 'shock').map((line) => [line.shockId, line.done]));
    };
    const admin = await world.db.open({ url: world.db.adminUrl });
    // Each has a case by now, which was opened where the first of its alerts was answered.
    await admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute(
        `UPDATE triage_answers SET case_origins = array_fill(9::bigint, ARRAY[cardinality(household_ids)])`,
      );
      await tx.execute(
        `INSERT INTO case_states (case_origin, household_id, duty_code, revision, state)
         SELECT 9, id, min(t.duty_code), 1, 'opened' FROM triage_answers t, unnest(t.household_ids) AS id GROUP BY id`,
      );
    });
    await admin.close();
    const shocks = [...(await done('532327')).keys()];
    expect(shocks).toHaveLength(2);
    for (const region of ['532327', ...townships.map(String)]) {
      const found = await done(region);
      for (const id of shocks) {
        const ledger = await ledgerOf(id, region);
        const { caseStates, ...figures } = found.get(id) ?? { caseStates: {} };
        expect([region, figures, caseStates]).toEqual([region, figuresOf(ledger), { opened: ledger.alerted }]);
      }
    }
  });

  it('is told so to those who watch it', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await move((household) => household === 2);
    await world.settled(id, 'done');
    const told: FanOutResponse[] = [];
    for (const region of townships.map(String)) {
      const headers = { authorization: `Bearer ${await world.token('township-caseworker', region)}` };
      const { payload } = await world.app.inject({ url: `/v1/shocks/${id}/fan-out/events`, headers });
      told.push(JSON.parse(/^data: (.*)$/m.exec(payload)?.[1] ?? '{}') as FanOutResponse);
    }
    for (const [i, township] of townships.entries())
      expect(told[i]?.exposed).toBe(now.filter((spec) => spec.township === township).length);
  });

  it('tells nothing of other areas, and of a village its own households', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    expect(await ledgerOf(id, '532301')).toMatchObject({ exposed: 0, alerted: 0, townships: [] });
    const village = await ledgerOf(id, `${YIJIU}201`);
    const alerts = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ n: number }>(
        `SELECT count(DISTINCT household_id)::int AS n FROM alerts WHERE origin = $1 AND duty_code / 1000000 = $2`,
        [originOf(id, 'crop-disaster'), YIJIU],
      ),
    );
    expect([village.alerted, village.townships.length]).toEqual([alerts[0]?.n, 1]);
  });
});
