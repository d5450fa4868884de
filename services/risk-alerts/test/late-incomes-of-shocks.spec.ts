import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AlertState, DwellingGrade, reasonsFromBits, ShockState, topics, type AlertBatch } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lowestRevision } from '../src/fan-out/alert-revision.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const MIGRATION = new URL('../migrations/0076-judge-assumed-incomes-again.sql', import.meta.url);
const RICH_YUAN = 200_000;
const POOR_YUAN = 4_000;
const [RICH, POOR, SOLD, MOVED, ANSWERED, LITTLE, KNOWN] = [1, 2, 3, 4, 5, 6, 7];
const village: HouseholdSpec[] = [
  ...[RICH, POOR, SOLD, MOVED, ANSWERED].map((id) => ({ id, maize: 400 })),
  // A loss that is nothing to anybody of an assumed income, nor material.
  { id: LITTLE, maize: 1 },
  { id: KNOWN, maize: 400, perCapitaYuan: 8_000 },
];
const specOf = (id: number): HouseholdSpec => village.find((spec) => spec.id === id) as HouseholdSpec;

describe('an alert whose income was assumed, of a shock that is over,', () => {
  let world: World;
  let shockId: string;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), [assessment(specOf(KNOWN))]);
    shockId = await hasEnded();
  });
  afterAll(() => world.stop());

  /** Hail that has alerted everybody and is over. */
  const hasEnded = async (kind = 'hail'): Promise<string> => {
    const id = randomUUID();
    await world.shock(hail({ id, kind, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await world.shock(hail({ id, kind, version: 2, state: ShockState.ENDED, policyVersion: world.policyVersion }));
    await world.heard(topics.shock);
    return id;
  };
  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const asOwner = async (text: string): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(text));
    await admin.close();
  };
  const saidOf = (id: number): AlertBatch[] =>
    world.batches.filter((batch) => batch.shockId === shockId && batch.householdIds.includes(BigInt(id)));
  const says = (id: number, times: number): Promise<AlertBatch> =>
    eventually(() => {
      expect(saidOf(id)).toHaveLength(times);
      return Promise.resolve(saidOf(id).at(-1) as AlertBatch);
    });
  const income = (id: number, perCapitaYuan: number, version = 1): Promise<void> =>
    world.households([], [assessment({ ...specOf(id), perCapitaYuan, version })]);
  /** Whatever asked to be looked at has been. */
  const allLookedAt = async (): Promise<void> => {
    await world.heard(topics.assessment);
    await eventually(async () => expect(await sql('SELECT FROM relooks')).toEqual([]));
  };
  const placeOf = (batch: AlertBatch, id: number): number => batch.householdIds.indexOf(BigInt(id));

  it('is withdrawn when the income comes and is well above the line', async () => {
    expect((await says(RICH, 1)).state).toBe(AlertState.RAISED);
    await income(RICH, RICH_YUAN);
    expect((await says(RICH, 2)).state).toBe(AlertState.WITHDRAWN);
    const ledger = await world.settled(shockId, 'done');
    expect([ledger.alerted, ledger.withdrawn]).toEqual([village.length - 1, 1]);
  });

  it('is said again with the income, and explained by it, where it is poor', async () => {
    const before = saidOf(POOR)[0] as AlertBatch;
    await income(POOR, POOR_YUAN);
    const after = await says(POOR, 2);
    expect(after.state).toBe(AlertState.RAISED);
    const severityOf = (batch: AlertBatch): number => batch.severities[placeOf(batch, POOR)] ?? 0;
    expect(severityOf(after)).toBeGreaterThan(severityOf(before));
    const unknown = (batch: AlertBatch): boolean =>
      reasonsFromBits(batch.reasons[placeOf(batch, POOR)] ?? 0).includes('incomeUnknown');
    expect([before, after].map(unknown)).toEqual([true, false]);
    // Under the revision that raised it: a later one has the last word.
    expect(Number(after.revision)).toBeLessThan(lowestRevision(revision(2)));
    const headers = { authorization: `Bearer ${await world.token()}` };
    const list = await world.app.inject({ url: `/v1/alerts?shockId=${shockId}&householdId=${POOR}`, headers });
    const [alert] = list.json<{ items: { id: string }[] }>().items;
    const url = `/v1/alerts/${alert?.id}`;
    const { explanation } = (await world.app.inject({ url, headers })).json<{
      explanation: { recomputed: boolean; inputs: { perCapitaFen: number } };
    }>();
    expect(explanation).toMatchObject({ recomputed: true, inputs: { perCapitaFen: POOR_YUAN * 100 } });
  });

  it('is judged by what was lost then, though the field is let and the household lives elsewhere by now', async () => {
    await world.households(
      [profile({ id: SOLD, version: 2 }), profile({ id: MOVED, version: 2, township: YIJIU })],
      [],
    );
    await world.heard(topics.household);
    for (const id of [SOLD, MOVED]) await income(id, POOR_YUAN);
    for (const [id, township] of [
      [SOLD, YONGDING],
      [MOVED, YIJIU],
    ] as const)
      expect(await says(id, 2)).toMatchObject({ state: AlertState.RAISED, township: String(township) });
    await world.settled(shockId, 'done');
  });

  it('is judged once: neither the next income nor one of before, nor the same again, says anything', async () => {
    await income(POOR, RICH_YUAN, 3);
    await income(POOR, POOR_YUAN, 2);
    await income(POOR, RICH_YUAN, 3);
    await income(POOR, POOR_YUAN, 1);
    await income(KNOWN, RICH_YUAN, 2);
    await allLookedAt();
    expect(saidOf(POOR)).toHaveLength(2);
    expect(saidOf(KNOWN)).toHaveLength(1);
  });

  it('is left as it is where its case has ended, and nobody is alerted who was not', async () => {
    await eventually(async () =>
      expect(await sql('SELECT FROM episode_alerts WHERE household_id = $1', [ANSWERED])).toHaveLength(1),
    );
    await asOwner(`UPDATE episode_alerts SET gone_since = now() WHERE household_id = ${ANSWERED}`);
    await income(ANSWERED, RICH_YUAN);
    await income(LITTLE, 1);
    await allLookedAt();
    expect(saidOf(ANSWERED)).toHaveLength(1);
    expect(saidOf(LITTLE)).toHaveLength(0);
  });

  it('is judged by the latest of several incomes that come at once, out of order and twice', async () => {
    const [id] = [20];
    const home = { id, maize: 400, township: YONGDING };
    await world.households([profile(home)], []);
    await world.heard(topics.household);
    shockId = await hasEnded();
    const came = [3, 1, 2, 3].map((version) =>
      assessment({ ...home, version, perCapitaYuan: version === 3 ? POOR_YUAN : RICH_YUAN }),
    );
    await world.households([], came);
    await says(id, 2);
    await allLookedAt();
    expect(saidOf(id)).toHaveLength(2);
    const [row] = await sql<{ fen: number }>(
      `SELECT per_capita_fen AS fen FROM alerts WHERE origin = $1 AND household_id = $2 ORDER BY revision DESC LIMIT 1`,
      [originOf(shockId, 'crop-disaster'), id],
    );
    expect(row?.fen).toBe(POOR_YUAN * 100);
  });

  it('is found when its ledger settles where the income came while it was stored', async () => {
    const home = { id: 21, maize: 400 };
    await world.households([profile(home)], []);
    await world.heard(topics.household);
    shockId = await hasEnded();
    const origin = originOf(shockId, 'crop-disaster');
    await asOwner(
      `UPDATE exposure_a SET per_capita_fen = ${POOR_YUAN * 100}, income_revision = 1 WHERE household_id = 21`,
    );
    await asOwner(`UPDATE fan_outs SET state = 'running', settled_at = NULL WHERE origin = ${origin}`);
    expect((await says(21, 2)).state).toBe(AlertState.RAISED);
    await world.settled(shockId, 'done');
  });

  it('is judged again where the income had come before an earlier version of the service was replaced', async () => {
    const home = { id: 23, maize: 400 };
    await world.households([profile(home)], []);
    await world.heard(topics.household);
    shockId = await hasEnded();
    await asOwner(
      `UPDATE exposure_a SET per_capita_fen = ${POOR_YUAN * 100}, income_revision = 1 WHERE household_id = 23`,
    );
    // The index is there.
    await asOwner(readFileSync(MIGRATION, 'utf8').replace(/^CREATE INDEX.*$/m, ''));
    expect((await says(23, 2)).state).toBe(AlertState.RAISED);
    await allLookedAt();
    expect(saidOf(23)).toHaveLength(2);
  });

  it('of its house is judged again like that of a field', async () => {
    const home = { id: 22, dwelling: DwellingGrade.D, onlyDwelling: false };
    await world.households([profile(home)], []);
    await world.heard(topics.household);
    shockId = await hasEnded('flood');
    await says(22, 1);
    // Mended since.
    await world.households([profile({ ...home, version: 2, dwelling: DwellingGrade.A })], []);
    await world.heard(topics.household);
    await world.households([], [assessment({ ...home, perCapitaYuan: POOR_YUAN })]);
    expect((await says(22, 2)).state).toBe(AlertState.RAISED);
  });
});
