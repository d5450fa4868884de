import { AlertState, reasonsFromBits, topics, type AlertBatch } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { LookAtStanding } from '../src/findings/look-at-standing.js';
import type { SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { StandingWorker } from '../src/findings/standing-worker.js';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile, type HouseholdSpec } from './support/world.js';

const HOUR_MS = 3_600_000;
const [BLUE, RED] = [1, 4];

describe('an alert of a finding whose household changes', () => {
  let world: World;
  beforeAll(async () => {
    // Rounds are the specs' own.
    world = await startWorld({ env: { FANGPIN_FINDINGS_LOOK_SECONDS: '3600' } });
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const get = async <T>(url: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token()}` };
    return (await world.app.inject({ url, headers })).json<T>();
  };
  const push = async (id: number, paidYuan = 25_000, version = 1, findingId?: string): Promise<string> => {
    const which = findingId === undefined ? {} : { findingId };
    const [pushed] = await world.findings(medicalCost({ id }, paidYuan, { version, ...which }));
    return pushed as string;
  };
  const becomes = (id: string, change: object): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const now = await get<SettledFindingResponse>(`/v1/findings/${id}`);
      expect(now).toMatchObject(change);
      return now;
    });
  const settled = (ids: readonly string[]): Promise<void> =>
    eventually(async () =>
      expect(
        await sql(`SELECT FROM findings WHERE finding_id = ANY($1::uuid[]) AND outcome <> 'waiting'`, [ids]),
      ).toHaveLength(ids.length),
    );
  const textOf = async (id: string): Promise<string> => {
    const { alertId } = await becomes(id, { outcome: 'alerted' });
    const { explanation } = await get<{ explanation: { recomputed: boolean; text: string } }>(`/v1/alerts/${alertId}`);
    expect(explanation.recomputed).toBe(true);
    return explanation.text;
  };
  const saidOf = (id: string): AlertBatch[] => world.batches.filter(({ shockId }) => shockId === id);
  const severities = (id: string): (number | undefined)[] => saidOf(id).map((batch) => batch.severities[0]);
  const said = (id: string, expected: readonly number[]): Promise<void> =>
    eventually(() => Promise.resolve(expect(severities(id)).toEqual(expected)));
  /** Until what was sent is stored, whoever changed was looked at, and episodes follow. */
  const looked = async (): Promise<void> => {
    await world.heard(topics.household);
    await world.heard(topics.assessment);
    await eventually(async () => expect(await sql('SELECT FROM relooks')).toEqual([]));
    await followed();
  };
  const followed = (): Promise<void> =>
    eventually(async () => expect(await sql('SELECT FROM slices WHERE followed_at IS NULL')).toEqual([]));
  const versions = new Map<string, number>();
  const next = (what: string): number => versions.set(what, (versions.get(what) ?? 0) + 1).get(what) as number;
  const lives = async (id: number, persons = 4): Promise<void> => {
    await world.households([profile({ id, persons, version: next(`home ${id}`) })], []);
    await looked();
  };
  const earns = async (id: number, perCapitaYuan: number): Promise<void> => {
    await world.households([], [assessment({ id, perCapitaYuan, version: next(`income ${id}`) })]);
    await looked();
  };
  const alerted = async (id: number, perCapitaYuan: number, paidYuan?: number): Promise<string> => {
    await lives(id);
    await earns(id, perCapitaYuan);
    const found = await push(id, paidYuan);
    await becomes(found, { outcome: 'alerted' });
    await eventually(async () =>
      expect(await sql('SELECT FROM episode_alerts WHERE household_id = $1 AND held > 0', [id])).toHaveLength(1),
    );
    return found;
  };
  const after = async (hours: number): Promise<void> => {
    jest.restoreAllMocks();
    const began = Date.now();
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockImplementation(() => new Date(Date.now() + hours * HOUR_MS));
    while (await world.app.get(LookAtStanding).afterRest());
    expect(Date.now()).toBeGreaterThanOrEqual(began);
    await followed();
  };

  it('is said at once where it is graver, on the bulk lane, as one that was withheld is', async () => {
    const standing = await alerted(1, 20_000);
    await said(standing, [BLUE]);
    await lives(2);
    await earns(2, 40_000);
    const withheld = await push(2);
    await becomes(withheld, { outcome: 'withheld' });
    await earns(1, 9_000);
    await earns(2, 9_000);
    await said(standing, [BLUE, RED]);
    await said(withheld, [RED]);
    expect(world.bulk.filter(({ shockId }) => shockId === standing)).toHaveLength(1);
    expect(await textOf(standing)).toContain('9,000元');
  });

  it('is put right once the entries of its household have come to rest, and once only', async () => {
    await lives(3);
    const id = await push(3);
    await becomes(id, { outcome: 'alerted' });
    await followed();
    await earns(3, 1_000);
    expect(await textOf(id)).toContain('人均纯收入1,000元');
    const before = saidOf(id).length;
    await earns(3, 21_000);
    await earns(3, 31_000);
    await after(23);
    expect(saidOf(id)).toHaveLength(before);
    await after(25);
    await becomes(id, { outcome: 'withheld', reason: { code: 'income-well-above-line' } });
    await eventually(() => Promise.resolve(expect(saidOf(id)).toHaveLength(before + 1)));
    expect(saidOf(id).at(-1)?.state).toBe(AlertState.WITHDRAWN);
  });

  it('does not stay as it was said between a reversal and the new entry', async () => {
    const id = await alerted(4, 20_000);
    await earns(4, 0);
    await said(id, [BLUE, RED]);
    expect(await textOf(id)).toContain('人均纯收入0元');
    await earns(4, 9_000);
    await after(25);
    await said(id, [BLUE, RED, RED]);
    expect(await textOf(id)).toContain('9,000元');
    await earns(4, 20_000);
    await after(25 + 24);
    await said(id, [BLUE, RED, RED, BLUE]);
  });

  it('names as many people as live there, in the picture too', async () => {
    const id = await alerted(5, 9_000);
    await lives(5, 3);
    expect(saidOf(id)).toHaveLength(1);
    await after(25);
    await eventually(() => Promise.resolve(expect(saidOf(id).map((batch) => batch.persons)).toEqual([[4], [3]])));
    const { projection } = await eventually(async () => {
      const picture = await get<{ projection: { persons: number } }>('/v1/risk-pictures/5');
      expect(picture.projection.persons).toBe(3);
      return picture;
    });
    expect(projection.persons).toBe(3);
  });

  it('waits for no rest for ever, and says nothing where all is as it was again', async () => {
    const [restless, back] = [await alerted(6, 9_000), await alerted(7, 9_000)];
    await earns(7, 20_000);
    await earns(7, 9_000);
    const perCapita = [20_000, 20_100, 20_200, 20_300, 20_400];
    for (const [at, yuan] of perCapita.entries()) {
      await earns(6, yuan);
      expect(saidOf(restless)).toHaveLength(1);
      if (at < perCapita.length - 1) await after((at + 1) * 17);
    }
    await after(73);
    await said(restless, [RED, BLUE]);
    expect(severities(back)).toEqual([RED]);
    expect(await sql('SELECT FROM findings WHERE look_at IS NOT NULL')).toEqual([]);
  });

  it('comes back after a check without risk, or an ended case, only where it is graver than what was looked at', async () => {
    const [checked, closed, passed] = [await alerted(8, 20_000), await alerted(9, 9_000), await alerted(10, 20_000)];
    const set = (id: number, change: string): Promise<unknown> =>
      sql(`UPDATE episode_alerts SET held = 0, ${change} WHERE household_id = $1`, [id]);
    await set(8, 'checked_up_to = 3');
    await set(9, 'gone_since = now(), closed_revision = revision');
    await set(10, 'lower = 0');
    await earns(9, 20_000);
    await earns(9, 5_000);
    await earns(10, 9_000);
    await lives(8, 3);
    await after(100);
    expect([checked, closed, passed].map(severities)).toEqual([[BLUE], [RED], [BLUE]]);
    jest.restoreAllMocks();
    await earns(8, 9_000);
    await said(checked, [BLUE, RED]);
  });

  it('is left as it is a year after the day of the finding, and where nothing that it says has changed', async () => {
    const [old, same] = [await alerted(11, 20_000), await alerted(12, 9_000)];
    await earns(12, 9_100);
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockImplementation(() => new Date('2027-08-02T00:00:00Z'));
    await earns(11, 9_000);
    await world.app.get(StandingWorker).round();
    expect([old, same].map(severities)).toEqual([[BLUE], [RED]]);
  });

  it('is found by the round of the day where the household changed while nobody looked, but not while it rests', async () => {
    const [missed, resting] = [await alerted(13, 20_000), await alerted(14, 9_000)];
    await earns(14, 20_000);
    await sql('UPDATE exposure_a SET per_capita_fen = 900000 WHERE household_id = 13');
    expect(await world.app.get(LookAtStanding).missed()).toBeUndefined();
    await said(missed, [BLUE, RED]);
    expect(severities(resting)).toEqual([RED]);
    expect(await world.app.get(LookAtStanding).missed()).toBeUndefined();
    expect(saidOf(missed)).toHaveLength(2);
    expect(reasonsFromBits(saidOf(missed)[1]?.reasons[0] ?? 0)).not.toContain('incomeUnknown');
  });

  const judgedAsAtOnce = async (lives: readonly (readonly Omit<HouseholdSpec, 'id'>[])[]): Promise<void> => {
    const homes = lives.map((_, i) => ({ id: 100 + i, twin: 200 + i }));
    const steps = lives.map((life, i) => life.map((home, step) => ({ ...home, id: 100 + i, version: step + 1 })));
    const at = (step: number): HouseholdSpec[] => steps.flatMap((of) => of[step] ?? []);
    const send = async (specs: readonly HouseholdSpec[]): Promise<void> => {
      await world.households(specs.map(profile), specs.map(assessment));
      await looked();
    };
    await send(at(0));
    const found = await world.findings(...homes.map((home) => medicalCost(home, 25_000)));
    await settled(found);
    for (const step of [1, 2, 3]) await send([...at(step), ...(step === 2 ? at(1) : [])]);
    await after(80);
    for (const step of [5, 4, 5]) await send(at(step));
    await after(160);
    await send(homes.map(({ twin }, i) => ({ ...(steps[i]?.[5] as HouseholdSpec), id: twin })));
    const twins = await world.findings(...homes.map(({ twin }) => medicalCost({ id: twin }, 25_000)));
    await settled(twins);
    const verdicts = (ids: readonly string[]): Promise<unknown[]> =>
      sql(
        `SELECT f.outcome, f.reason, a.severity, a.persons FROM unnest($1::uuid[]) WITH ORDINALITY AS of (finding_id, n) JOIN findings f USING (finding_id)
           LEFT JOIN LATERAL (SELECT severity, persons FROM alerts a WHERE a.origin = f.origin AND a.household_id = f.household_id
             AND f.outcome = 'alerted' ORDER BY revision DESC LIMIT 1) AS a ON true
         ORDER BY of.n`,
        [ids],
      );
    expect(await verdicts(found)).toEqual(await verdicts(twins));
    // Raised, four colours up before either rest, and what is said after it.
    for (const id of found) expect(saidOf(id).length).toBeLessThanOrEqual(1 + 2 * 5);
    const revisions = (): Promise<unknown[]> => sql('SELECT count(*)::int AS n FROM alerts');
    const before = await revisions();
    await send(at(5));
    while (await world.app.get(LookAtStanding).afterRest());
    expect(await sql('SELECT FROM findings WHERE look_at IS NOT NULL AND household_id >= 100')).toEqual([]);
    expect(await revisions()).toEqual(before);
  };

  it('comes to what a finding says that is judged once by the last of everything, whatever comes twice or late', async () => {
    const anyHome = fc.record({
      persons: fc.integer({ min: 2, max: 5 }),
      perCapitaYuan: fc.constantFrom(0, 5_000, 9_000, 12_000, 20_000, 31_000, 90_000),
    });
    const anyLife = fc.array(anyHome, { minLength: 6, maxLength: 6 });
    const lives = fc.array(anyLife, { minLength: 24, maxLength: 24 });
    // Each run needs households of its own: one that fails is told, and not made smaller.
    await fc.assert(fc.asyncProperty(lives, judgedAsAtOnce), { numRuns: 1, endOnFailure: true });
  });
});
