import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { AreaDamageSchema, ShockState, topics, type Shock } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { changePolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** More of them may pass unseen than live in 宜就镇, and fewer than in the whole county. */
const SET_SIZE = 50;
const REPAIR = new URL('../migrations/0042-finish-what-an-end-cut-off.sql', import.meta.url);
const county: HouseholdSpec[] = Array.from({ length: 80 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 300 + i,
  perCapitaYuan: 7_000 + i * 40,
}));

describe('a shock that is over before all of its households are found', () => {
  const overlay = mkdtempSync(join(tmpdir(), 'ended-'));
  let world: World;

  beforeAll(async () => {
    const record = { key: 'confirm-over', region: '5323', from: '2020-01-01', value: { households: SET_SIZE } };
    const told = { source: { document: 'a spec', grade: 'G' }, author: 'a spec', reason: 'a spec' };
    writeFileSync(join(overlay, 'confirm.json'), JSON.stringify([{ ...record, ...told }]));
    world = await startWorld({ sliceHouseholds: 10, env: { FANGPIN_POLICY_OVERLAY: overlay } });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const asOwner = async (sql: string, values: unknown[] = []): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
    await admin.close();
  };
  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const inOneTownship = { regions: [String(YIJIU)] };
  const says = (id: string, version: number, more: Partial<Parameters<typeof hail>[0]> = {}): Promise<void> =>
    world.shock(hail({ id, version, policyVersion: world.policyVersion, ...more }));
  /** Its end, heard by this service. */
  const ends = async (id: string, version: number, more: Partial<Parameters<typeof hail>[0]> = {}): Promise<void> => {
    await says(id, version, { state: ShockState.ENDED, ...more });
    await eventually(async () =>
      expect(await sql('SELECT revision, state FROM shocks WHERE shock_id = $1', [id])).toEqual([
        { revision: revision(version), state: ShockState.ENDED },
      ]),
    );
  };
  const failing = (id: string): Promise<void> =>
    eventually(async () =>
      expect(
        (await sql('SELECT 1 FROM slices WHERE origin = $1 AND attempts > 0', [originOf(id, 'crop-disaster')])).length,
      ).toBeGreaterThan(0),
    );
  /** As when the disk is full: no alert can be stored until it is called. */
  const noAlertCanBeStored = async (): Promise<() => Promise<void>> => {
    await asOwner(`ALTER TABLE alerts ADD CONSTRAINT disk_full CHECK (household_id < 0) NOT VALID`);
    return async () => {
      await asOwner('ALTER TABLE alerts DROP CONSTRAINT disk_full');
      await asOwner(`UPDATE slices SET lease_until = now() WHERE state = 'waiting'`);
    };
  };

  it('finds them all once an officer confirms it, who was asked before it ended', async () => {
    const id = randomUUID();
    await says(id, 1);
    await world.settled(id, 'awaiting-confirmation');
    await ends(id, 2);
    const headers = { authorization: `Bearer ${await world.token()}` };
    const answer = await world.app.inject({ method: 'POST', url: `/v1/shocks/${id}/confirm`, headers });
    expect(answer.statusCode).toBe(200);
    expect((await world.settled(id, 'done')).exposed).toBe(county.length);
  });

  it('keeps a slice that fails until it is done', async () => {
    const id = randomUUID();
    const mend = await noAlertCanBeStored();
    await says(id, 1, inOneTownship);
    await failing(id);
    await ends(id, 2, inOneTownship);
    // It is tried again, and not thrown away.
    await asOwner(`UPDATE slices SET lease_until = now() WHERE state = 'waiting'`);
    await eventually(async () => {
      const tried = await sql<{ state: string; attempts: number }>(
        'SELECT state, attempts FROM slices WHERE origin = $1 ORDER BY attempts DESC',
        [originOf(id, 'crop-disaster')],
      );
      expect(tried[0]?.attempts).toBeGreaterThan(1);
    });
    await mend();
    const ledger = await world.settled(id, 'done');
    expect(ledger.exposed).toBe(county.length / 2);
    expect(ledger.alerted).toBeGreaterThan(0);
    expect(ledger.listed).toBe(ledger.alerted);
  });

  it('finds them where its beginning and its end are heard together', async () => {
    const id = randomUUID();
    const life = [ShockState.OPEN, ShockState.ENDED].map((state, i) =>
      hail({ id, version: i + 1, state, policyVersion: world.policyVersion, ...inOneTownship }),
    );
    await world.producer.send(
      topics.shock,
      life.map((shock) => encodeEvent(topics.shock, shock, { key: id })),
    );
    expect((await world.settled(id, 'done')).exposed).toBe(county.length / 2);
  });

  it('is judged to the end by a policy applied backwards, though another word of its end comes meanwhile', async () => {
    const id = randomUUID();
    await says(id, 1, inOneTownship);
    const before = await world.settled(id, 'done');
    await ends(id, 2, inOneTownship);
    const stricter = changePolicy(world.app.get(PolicyVersions).current, [
      { key: 'triage', value: { alertFrom: 4, caseFrom: 4 } },
    ]);
    await sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
      stricter.version,
      JSON.stringify(stricter.records),
    ]);
    const mend = await noAlertCanBeStored();
    await says(id, 3, {
      ...inOneTownship,
      state: ShockState.ENDED,
      policyVersion: stricter.version,
      backwards: true,
    });
    await eventually(async () =>
      expect(
        (await sql('SELECT 1 FROM slices WHERE shock_revision = $1 AND attempts > 0', [revision(3)])).length,
      ).toBeGreaterThan(0),
    );
    await ends(id, 4, { ...inOneTownship, policyVersion: stricter.version });
    await mend();
    await eventually(async () => {
      const { withdrawn, alerted } = await world.settled(id, 'done');
      expect([alerted, withdrawn]).toEqual([before.alerted, before.alerted - before.red]);
    });
  });

  it('is judged at last where an earlier version of the service had thrown its slices away', async () => {
    const id = randomUUID();
    const mend = await noAlertCanBeStored();
    await says(id, 1, inOneTownship);
    await failing(id);
    await ends(id, 2, inOneTownship);
    const origin = [originOf(id, 'crop-disaster')];
    await asOwner(`UPDATE slices SET state = 'superseded' WHERE origin = $1`, origin);
    await asOwner(`UPDATE fan_outs SET state = 'done', settled_at = now() WHERE origin = $1`, origin);
    expect((await world.settled(id, 'done')).exposed).toBe(0);
    await mend();
    await asOwner(readFileSync(REPAIR, 'utf8'));
    await eventually(async () => expect((await world.settled(id, 'done')).exposed).toBe(county.length / 2));
    expect(world.bulk.some(({ shockId }) => shockId === id)).toBe(true);
  });

  it('finds whom its last word endangers where that says more, once however often it is said', async () => {
    const id = randomUUID();
    const origin = originOf(id, 'crop-disaster');
    const opened = (): Promise<unknown[]> =>
      sql('SELECT shock_revision AS revision FROM fan_outs WHERE origin = $1 ORDER BY 1', [origin]);
    const lost = async (): Promise<number> =>
      (
        await sql<{ fen: number }>('SELECT coalesce(max(loss_fen), 0) AS fen FROM alerts WHERE origin = $1', [origin])
      )[0]?.fen ?? 0;
    await says(id, 1, { ...inOneTownship, level: 2 });
    await world.settled(id, 'done');
    const lostBefore = await lost();
    await ends(id, 2, { ...inOneTownship, level: 2 });
    expect(await opened()).toEqual([{ revision: revision(1) }]);
    await ends(id, 3, { ...inOneTownship, level: 4 });
    await ends(id, 4, { ...inOneTownship, level: 3 });
    expect(await opened()).toEqual([{ revision: revision(1) }, { revision: revision(3) }]);
    const after = await world.settled(id, 'done');
    expect(after.exposed).toBe(county.length / 2);
    expect(await lost()).toBeGreaterThan(lostBefore);
    expect(after.withdrawn).toBe(0);
  });

  it('asks an officer where its last word reaches more households than may pass unseen', async () => {
    const id = randomUUID();
    await says(id, 1, inOneTownship);
    const before = await world.settled(id, 'done');
    await ends(id, 2);
    await world.settled(id, 'awaiting-confirmation');
    const headers = { authorization: `Bearer ${await world.token()}` };
    await world.app.inject({ method: 'POST', url: `/v1/shocks/${id}/confirm`, headers });
    const after = await world.settled(id, 'done');
    expect([before.exposed, after.exposed]).toEqual([county.length / 2, county.length]);
  });

  describe('that is of fields and of houses, both over the set size,', () => {
    const WHOLE_COUNTY = '532327';
    const flood = (id: string, version: number, houses: number, region = WHOLE_COUNTY): Shock => {
      const state = version === 1 ? ShockState.OPEN : ShockState.ENDED;
      const report = hail({ id, version, state, kind: 'flood', policyVersion: world.policyVersion, regions: [region] });
      const crops = { cropHitCentimu: 4_000n, cropDamagedCentimu: 4_000n, cropLostCentimu: 4_000n };
      report.damage.push(
        create(AreaDamageSchema, { region: WHOLE_COUNTY, ...crops }),
        create(AreaDamageSchema, { region, housesCollapsed: houses }),
      );
      return report;
    };
    const confirm = async (id: string, region: string, version: number): Promise<number> => {
      const authorization = `Bearer ${await world.token('county-officer', region)}`;
      const headers = { authorization, 'if-match': `"${revision(version)}"` };
      return (await world.app.inject({ method: 'POST', url: `/v1/shocks/${id}/confirm`, headers })).statusCode;
    };
    const ofHouses = (id: string, version: number, state: string): Promise<void> =>
      eventually(async () =>
        expect(
          await sql('SELECT state FROM fan_outs WHERE origin = $1 AND shock_revision = $2', [
            originOf(id, 'dwelling'),
            revision(version),
          ]),
        ).toEqual([{ state }]),
      );

    it('finds the growers by the same word, though its last one said more of the houses alone', async () => {
      const id = randomUUID();
      await world.shock(flood(id, 1, 5));
      await world.settled(id, 'awaiting-confirmation');
      await world.shock(flood(id, 2, 20));
      await ofHouses(id, 2, 'awaiting-confirmation');
      expect(await confirm(id, WHOLE_COUNTY, 1)).toBe(412);
      expect(await confirm(id, WHOLE_COUNTY, 2)).toBe(200);
      expect((await world.settled(id, 'done')).exposed).toBe(county.length);
    });

    it('finds the growers when they are confirmed, though nobody has to be asked about the houses any more', async () => {
      const id = randomUUID();
      await world.shock(flood(id, 1, 5));
      await world.settled(id, 'awaiting-confirmation');
      await world.shock(flood(id, 2, 20, String(YIJIU)));
      await ofHouses(id, 2, 'done');
      // The growers that are still asked about are those of the whole county.
      expect(await confirm(id, String(YIJIU), 2)).toBe(403);
      expect(await confirm(id, WHOLE_COUNTY, 2)).toBe(200);
      expect((await world.settled(id, 'done')).exposed).toBe(county.length);
    });

    it('is confirmed by the officer of the township to which what is still asked about has shrunk', async () => {
      const id = randomUUID();
      await world.shock(flood(id, 1, 5));
      await world.settled(id, 'awaiting-confirmation');
      expect(await confirm(id, WHOLE_COUNTY, 1)).toBe(200);
      await world.settled(id, 'done');
      await world.shock(flood(id, 2, 20, String(YIJIU)));
      await ofHouses(id, 2, 'done');
      // As if the houses of that township were over the set size.
      await asOwner(
        `UPDATE fan_outs SET state = 'awaiting-confirmation', confirmed_by = NULL, confirmed_revision = NULL
         WHERE origin = $1 AND shock_revision = $2`,
        [originOf(id, 'dwelling'), revision(2)],
      );
      expect(await confirm(id, String(YONGDING), 2)).toBe(403);
      // The growers of the whole county have been confirmed before.
      expect(await confirm(id, String(YIJIU), 2)).toBe(200);
      await ofHouses(id, 2, 'done');
    });
  });

  it('finds them where it was called off, and said anew when it was over', async () => {
    const id = randomUUID();
    await says(id, 1, inOneTownship);
    const before = await world.settled(id, 'done');
    await says(id, 2, { ...inOneTownship, state: ShockState.CANCELLED });
    await world.settled(id, 'recalled');
    await ends(id, 3, inOneTownship);
    const after = await world.settled(id, 'done');
    expect([after.alerted, after.withdrawn]).toEqual([before.alerted, 0]);
  });

  it('takes everything back where it is called off after it has ended', async () => {
    const id = randomUUID();
    await says(id, 1, inOneTownship);
    await ends(id, 2, inOneTownship);
    await says(id, 3, { ...inOneTownship, state: ShockState.CANCELLED });
    const ledger = await world.settled(id, 'recalled');
    expect(ledger.withdrawn).toBe(ledger.alerted);
  });
});
