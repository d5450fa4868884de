import { randomUUID } from 'node:crypto';
import { FindingState } from '@fangpin/contracts';
import { derivedUuid, originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { medicalCost, type FindingChange } from './support/findings.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const HERE = 520;
/** Of 永定镇 more than one question holds, of 宜就镇 a few. */
const county: HouseholdSpec[] = Array.from({ length: HERE + 20 }, (_, i) => ({
  id: i + 1,
  township: i < HERE ? YONGDING : YIJIU,
  perCapitaYuan: 8_000,
}));

describe('the comparison of findings with assistance-cases', () => {
  let world: World;
  let desk: TallyDesk;
  // The same in every run: which of them share a question hangs on their ids.
  const ids = county.map(({ id }) => derivedUuid('finding-reconciliation.spec', String(id)));
  const origin = (household: number): number => originOf(ids[household - 1] as string, 'illness');

  beforeAll(async () => {
    world = await startWorld({ env: QUICK_COMPARISONS });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
    await eventually(async () => {
      const rows = await sql('SELECT 1 FROM exposure_a WHERE active AND per_capita_fen > 0');
      expect(rows).toHaveLength(county.length);
    });
    const batchId = randomUUID();
    await push(county.slice(1), { batchId });
    await push(county.slice(0, 1));
    await answered(county.length);
    await push(county.slice(-1), { state: FindingState.WITHDRAWN, version: 2 });
    await answered(county.length + 1);
  }, 120_000);
  afterAll(() => world.stop());

  const push = async (households: readonly HouseholdSpec[], change: FindingChange = {}): Promise<void> => {
    const findings = households.map((spec) =>
      medicalCost(spec, 40_000, { findingId: ids[spec.id - 1] as string, ...change }),
    );
    await world.findings(...findings);
  };
  const sql = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const answered = (count: number): Promise<void> =>
    eventually(
      async () => {
        const [row] = await sql<{ n: number }>(
          'SELECT count(DISTINCT (origin, alert_revision))::int AS n FROM triage_answers',
        );
        expect(row?.n).toBe(count);
        expect(await sql(`SELECT 1 FROM slices WHERE state <> 'published'`)).toEqual([]);
      },
      { timeoutMs: 30_000 },
    );
  const forget = (households: readonly number[]): Promise<void> =>
    asOwner(world, 'DELETE FROM triage_answers WHERE origin = ANY($1::bigint[])', [households.map(origin)]);
  const held = (household: number): Map<number, unknown> =>
    desk.at(origin(household), household <= HERE ? YONGDING : YIJIU);

  it('asks for some hundred at once, by township, and agrees where nothing was lost', async () => {
    expect(await compared(world)).toMatchObject({ compared: 3, agreed: 3, mended: 0, alarms: 0, findings: [] });
  });

  it('fetches answers that were lost, and no others', async () => {
    await forget([1, 2, HERE + 1]);
    const run = await compared(world);
    expect(run).toMatchObject({ compared: 3, mended: 2, alarms: 0 });
    expect(run.findings.toSorted((a, b) => a.households - b.households)).toMatchObject([
      { ...{ subject: 'finding-answers', shockId: null, cause: null, region: String(YIJIU) }, households: 1 },
      { ...{ kind: 'answers-lost', state: 'mended', region: String(YONGDING) }, households: 2 },
    ]);
    await answered(county.length + 1);
  });

  it('publishes alerts again that never arrived, and those that were lost there after they had been answered', async () => {
    await forget([3]);
    held(3).clear();
    held(HERE + 2).clear();
    const run = await compared(world);
    expect(run).toMatchObject({ mended: 2, alarms: 0 });
    expect(run.findings.map(({ kind, households }) => `${kind} ${households}`)).toEqual([
      'alerts-lost 1',
      'alerts-lost 1',
    ]);
    expect([held(3).size, held(HERE + 2).size]).toEqual([1, 1]);
    await answered(county.length + 1);
    expect(await compared(world)).toMatchObject({ compared: 3, agreed: 3 });
  });

  it('tells of what is not answered although it was published again', async () => {
    await forget([4]);
    held(4).clear();
    desk.deaf = true;
    const run = await compared(world);
    desk.deaf = false;
    expect(run.findings).toMatchObject([
      expect.objectContaining({ kind: 'still-differs', state: 'alarm' }),
      expect.objectContaining({ kind: 'alerts-lost', state: 'mended' }),
    ]);
  });
});
