import { topics } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { changePolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CarryOutFindings } from '../src/finding-applications/carry-out-findings.js';
import type { FindingApplicationResponse } from '../src/finding-applications/finding-applications.response.js';
import type { SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { atRiskSql } from '../src/regional/at-risk-sql.js';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const DAY_MS = 86_400_000;
const PATH = '/v1/findings/policy-applications';
const county: HouseholdSpec[] = [1, 2, 3, 4, 5].map((id) => ({
  ...{ id, perCapitaYuan: 9_000 },
  township: id === 5 ? YIJIU : YONGDING,
}));

describe('a threshold of findings that an officer applies backwards', () => {
  let world: World;
  let ids: string[] = [];

  const settled = (id: string, outcome: string): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const one = (await call<SettledFindingResponse>('GET', `/v1/findings/${id}`)).body;
      expect(one.outcome).toBe(outcome);
      return one;
    });
  const call = async <T>(method: 'GET' | 'POST', url: string, payload?: object, region = '532327') => {
    const headers = { authorization: `Bearer ${await world.token('county-officer', region)}` };
    const answer = await world.app.inject({ method, url, headers, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.json<T>() };
  };
  const ask = (over: object = {}, region?: string) =>
    call<{ applicationId: string; wouldJudge: object; errors: { field: string }[] }>(
      'POST',
      PATH,
      { since: '2026-07-01', reason: '自付预警线按县医保局测算调整', document: '永乡振组〔2026〕15号', ...over },
      region,
    );
  const ended = (id: string): Promise<FindingApplicationResponse> =>
    eventually(async () => {
      const { body } = await call<FindingApplicationResponse>('GET', `${PATH}/${id}`);
      expect(body.state).toBe('done');
      return body;
    });
  /** Whether early warning counts a risk by the finding that arose within so many days. */
  const isAtRisk = async (id: string, days: number): Promise<boolean> => {
    const since = new Date(Date.now() - days * DAY_MS);
    const rows = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query(`WITH ${atRiskSql('exposure_a')} SELECT FROM risk WHERE origin = $4`, [
        ...[532327000000000, 532328000000000, since],
        originOf(id, 'illness'),
      ]),
    );
    return rows.length > 0;
  };
  /** What a restart with another folder of policy would do. */
  const release = async (watchedYuan: number): Promise<void> => {
    const versions = world.app.get(PolicyVersions);
    const { current } = versions;
    const { value } = current.get('finding-spending', '532327' as never, '2026-07-31', 'medical-spending');
    const set = changePolicy(current, [
      {
        key: 'finding-spending',
        subject: 'medical-spending',
        value: { ...value, watchedFromFen: watchedYuan * 100, othersFromFen: watchedYuan * 100 },
      },
    ]);
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('INSERT INTO policy_versions (version, records) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        set.version,
        JSON.stringify(set.records),
      ]),
    );
    Object.assign(versions, { current: set });
  };

  beforeAll(async () => {
    world = await startWorld({ env: { FANGPIN_POLICY_AWAY_MINUTES: '20' } });
    await world.households(county.map(profile), county.map(assessment));
    await world.heard(topics.assessment);
    const paid = [8_000, 12_000, 40_000, 60_000, 40_000];
    const events = paid.map((yuan, i) => medicalCost(county[i] as HouseholdSpec, yuan));
    await release(10_000);
    ids = await world.findings(...events);
    await settled(ids[0] as string, 'withheld');
    for (const id of ids.slice(1)) await settled(id, 'alerted');
  });
  afterAll(() => world.stop());

  it('is refused with the names of the fields, and outside the own area', async () => {
    expect((await ask({ since: '2026-02-30', document: ' ' })).body.errors.map(({ field }) => field).sort()).toEqual([
      'document',
      'since',
    ]);
    expect((await ask({ since: '2026-07-01', until: '2020-01-01' })).body.errors).toMatchObject([{ field: 'since' }]);
    expect((await ask({ region: '532328' })).status).toBe(403);
  });

  it('tells beforehand what it would do, and does nothing', async () => {
    await release(50_000);
    const { status, body } = await ask({ dryRun: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      applicationId: null,
      wouldJudge: { judged: 5, raised: 0, withdrawn: 3, complete: true },
    });
    await settled(ids[1] as string, 'alerted');
  });

  it('takes back what is no finding any more, in its area, in the bulk lane, and once', async () => {
    const { status, body } = await ask({ region: String(YONGDING) });
    expect(status).toBe(202);
    expect(await ended(body.applicationId)).toMatchObject({ judged: 4, raised: 0, withdrawn: 2, failed: 0 });
    for (const i of [1, 2]) expect((await settled(ids[i] as string, 'withheld')).reason?.code).toBe('below-threshold');
    await settled(ids[3] as string, 'alerted');
    // Of the other township.
    await settled(ids[4] as string, 'alerted');
    await eventually(async () => {
      const bulk = new Set(world.bulk.map(({ shockId }) => shockId));
      expect([...bulk].sort()).toEqual([ids[1], ids[2]].sort());
    });
    const again = await ask({ region: String(YONGDING) });
    expect(again.body.applicationId).toBe(body.applicationId);
    expect(await ended(body.applicationId)).toMatchObject({ judged: 4, withdrawn: 2 });
  });

  it('raises what had been withheld, as a risk of its day and no new one, and goes on past a finding that cannot be read', async () => {
    await release(5_000);
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute(`UPDATE findings SET finding = '\\xffff' WHERE finding_id = $1`, [ids[2]]),
    );
    const { body } = await ask();
    const done = await ended(body.applicationId);
    expect(done).toMatchObject({ judged: 4, failed: 1, requestedBy: expect.stringContaining('county-officer/') });
    expect(done.lastError).toContain(ids[2]);
    for (const i of [0, 1, 3, 4]) await settled(ids[i] as string, 'alerted');
    const sinceThenDays = (Date.now() - Date.parse('2026-07-31T00:00:00+08:00')) / DAY_MS;
    expect(await isAtRisk(ids[0] as string, Math.floor(sinceThenDays))).toBe(false);
    expect(await isAtRisk(ids[0] as string, Math.ceil(sinceThenDays))).toBe(true);
    expect(await isAtRisk(ids[3] as string, 1)).toBe(true);
    const { body: list } = await call<{ items: FindingApplicationResponse[] }>('GET', PATH);
    expect(list.items.map(({ id }) => id)).toContain(body.applicationId);
    expect((await call('GET', `${PATH}/${body.applicationId}`, undefined, '532301')).status).toBe(404);
  });

  it('lapses where no process has its version any more, and not while one is away for a moment', async () => {
    const kept = world.app.get(PolicyVersions).current;
    const { body } = await ask({ reason: '只为一个不再运行的版本' });
    await ended(body.applicationId);
    const stands = (state: string, carried: string): Promise<unknown> =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.execute(
          `UPDATE finding_applications SET state = $2, ended_at = NULL, to_version = 'gone', carried_at = now() - $3::interval
           WHERE application_id = $1`,
          [body.applicationId, state, carried],
        ),
      );
    const job = world.app.get(CarryOutFindings);
    const shown = async () => (await call<FindingApplicationResponse>('GET', `${PATH}/${body.applicationId}`)).body;
    await stands('running', '19 minutes');
    await job.execute();
    expect(await shown()).toMatchObject({ state: 'running', endedAt: null });
    await stands('running', '21 minutes');
    await job.execute();
    expect(await shown()).toMatchObject({
      state: 'lapsed',
      endedAt: expect.any(String),
      lastError: 'no process has policy gone any more',
    });
    await stands('lapsed', '21 minutes');
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('UPDATE finding_applications SET to_version = $2 WHERE application_id = $1', [
        body.applicationId,
        kept.version,
      ]),
    );
    expect((await ask({ reason: '只为一个不再运行的版本' })).body.applicationId).toBe(body.applicationId);
    expect(await ended(body.applicationId)).toMatchObject({ lastError: expect.not.stringContaining('no process') });
  });
});
