import { describe, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicy, type PolicyRecord } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { ledgerFaults, type FanOut } from '../../scripts/lib/client/fan-out.ts';
import { alertedBy, expectAllAccountedFor, expectAllRecalled, farmersIn, stillAskedFor } from './accounts.ts';
import { hailOn, recall, strike } from './shocks.ts';
import { withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

/** Enough that some of them still wait when a storm of today has been dealt with. */
const STORMS = 6;

interface Application {
  applicationId: string | null;
  shocks: number;
  wouldJudge?: { shockId: string; fromLane: string; toLane: string }[];
}

type Tried = Pick<PolicyRecord, 'key' | 'value'> & { readonly subject?: string; readonly region: string };

/** Hail that has fallen is only recorded. */
function hailIsRecorded(): Tried {
  const lane = loadPolicy().records.find(({ key, subject }) => key === 'lane' && subject === 'hail');
  return { key: 'lane', subject: 'hail', region: '00', value: { ...(lane?.value as object), observed: 'recorded' } };
}

/** Nobody is alerted in yellow and blue. */
const FROM_ORANGE: Tried = { key: 'triage', region: COUNTY, value: { alertFrom: 3, caseFrom: 4 } };

/** A release with one more record; what it answers brings the old one back. */
async function release(world: World, tried: Tried): Promise<() => Promise<void>> {
  const file = join(world.policyOverlay, 'tried.json');
  const record = {
    from: '2020-01-01',
    source: { document: 'journey test', grade: 'unsourced' },
    assumed: true,
    author: 'journey test',
    reason: 'The county has found it wrong.',
    ...tried,
  };
  await writeFile(file, JSON.stringify([record]));
  await restart(world);
  return async () => {
    await rm(file);
    await restart(world);
  };
}

/** Who judges households first, so that it knows the version when a shock names it. */
async function restart(world: World): Promise<void> {
  await world.stack.restart('risk-alerts');
  await world.stack.restart('shock-feeds');
}

export function policyAppliedBackwards(world: () => World): void {
  describe('a policy that an officer applies backwards', () => {
    it('recalls what it would not have raised, keeps the case somebody works on, and history says who and why', async () => {
      const shockId = await strike(world());
      await expectAllAccountedFor(world(), await world().follow(shockId), await farmersIn(world(), COUNTY));
      const officer = await world().clientOf('county-officer', COUNTY);
      const { items } = await officer.get<{ items: { id: string; householdId: number }[] }>(
        `/v1/cases?shockId=${shockId}&state=clue&limit=1`,
      );
      const [begun] = items;
      const { allowedActions } = await officer.get<{ allowedActions: { action: string; requires: string[] }[] }>(
        `/v1/cases/${begun?.id}`,
      );
      const step = allowedActions.find(({ requires }) => requires.length === 0);
      await officer.post(`/v1/cases/${begun?.id}/actions/${step?.action}`, {});

      const worked = await workedOn(world(), await alertedBy(world(), shockId));
      expect(worked).toContain(begun?.householdId);
      const takeBack = await release(world(), hailIsRecorded());
      try {
        // A release alone changes nothing that was judged before.
        expect((await world().follow(shockId)).state).toBe('done');
        const order = {
          since: '2026-07-18',
          until: '2026-07-18',
          kinds: ['hail'],
          region: COUNTY,
          reason: '冰雹改由保险公司报送',
          document: '永乡振组〔2026〕14号',
        };
        const dry = await officer.post<Application>('/v1/policy-applications', { ...order, dryRun: true });
        expect(dry.wouldJudge).toContainEqual(
          expect.objectContaining({ shockId, fromLane: 'alert', toLane: 'recorded' }),
        );
        expect((await world().follow(shockId)).state).toBe('done');

        const { applicationId, shocks } = await officer.post<Application>('/v1/policy-applications', order);
        expect(shocks).toBe(dry.shocks);
        const fanOut = await world().follow(shockId, { until: ({ state }) => state === 'recalled' });
        await expectAllRecalled(world(), fanOut);
        expect(fanOut.flagged).toBe(worked.length);
        const kept = await officer.get<{ flaggedAt: string | null; state: string }>(`/v1/cases/${begun?.id}`);
        expect(kept.flaggedAt).not.toBeNull();
        expect(kept.state).not.toBe('withdrawn');

        const { revisions } = await officer.get<{ revisions: { cause: string; policyApplication: object | null }[] }>(
          `/v1/shocks/${shockId}`,
        );
        expect(revisions.at(-1)).toMatchObject({
          cause: 'rejudged',
          policyApplication: { id: applicationId, reason: order.reason, document: order.document },
        });
        await eventually(async () => {
          const { state } = await officer.get<{ state: string }>(`/v1/policy-applications/${applicationId}`);
          expect(state).toBe('done');
        });
        // What the alert was to the household's risk is over; other storms may hold the episode open.
        await eventually(async () => {
          const household = `householdId=${begun?.householdId}`;
          const alerts = await officer.get<{ items: { id: string }[] }>(`/v1/alerts?shockId=${shockId}&${household}`);
          const episodes = await officer.get<{ items: { id: string }[] }>(
            `/v1/risk-episodes?${household}&cause=crop-disaster`,
          );
          const fed: { alertId: string; status: string; counts: number }[] = [];
          for (const { id } of episodes.items)
            fed.push(...(await officer.get<{ fedBy: typeof fed }>(`/v1/risk-episodes/${id}`)).fedBy);
          const ours = fed.filter(({ alertId }) => alerts.items.some(({ id }) => id === alertId));
          expect(ours).toMatchObject([{ status: 'withdrawn', counts: 0 }]);
        });
      } finally {
        await takeBack();
      }
      // The old policy again, and the next storm is as any other.
      const next = await strike(world());
      await expectAllAccountedFor(world(), await world().follow(next), await farmersIn(world(), COUNTY));
      await recall(world(), next);
    }, 240_000);

    it('takes back what is too mild by a changed value, and lets a storm of today go first', async () => {
      const township = `${COUNTY}102`;
      const storms: FanOut[] = [];
      for (let n = 0; n < STORMS; n += 1) storms.push(await world().follow(await strike(world(), hailOn(township))));
      const officer = await world().clientOf('county-officer', COUNTY);
      const takeBack = await release(world(), FROM_ORANGE);
      let today = '';
      try {
        await withSlowWrites(world(), { service: 'risk-alerts', table: 'alerts', seconds: 0.4 }, async () => {
          const { shocks } = await officer.post<Application>('/v1/policy-applications', {
            since: '2026-07-18',
            until: '2026-07-18',
            kinds: ['hail'],
            region: township,
            reason: '黄色、蓝色不再提示',
            document: '永乡振组〔2026〕15号',
          });
          expect(shocks).toBe(STORMS);
          await eventually(async () => expect(await inBulk(world())).toBeGreaterThan(0));
          today = await strike(world(), hailOn(township));
          await world().follow(today);
        });
        const live = await world().follow(today);
        expect(ledgerFaults(live)).toEqual([]);
        for (const { shockId, revision, severities, alerted } of storms) {
          const now = await world().follow(shockId, {
            until: (fanOut) => fanOut.revision > revision && fanOut.state === 'done',
          });
          expect(ledgerFaults(now)).toEqual([]);
          expect(severities.yellow + severities.blue).toBeGreaterThan(0);
          expect(now).toMatchObject({ alerted, withdrawn: severities.yellow + severities.blue, flagged: 0 });
          const standing = new Set(await alertedBy(world(), shockId));
          expect(standing.size).toBe(severities.red + severities.orange);
          expect((await stillAskedFor(world(), shockId)).filter((id) => !standing.has(id))).toEqual([]);
        }
        expect(await settledOrder(world(), [today, ...storms.map(({ shockId }) => shockId)])).toMatch(/live.*bulk$/);
      } finally {
        await takeBack();
      }
      for (const { shockId } of [...storms, { shockId: today }]) await recall(world(), shockId);
    }, 240_000);
  });
}

/** Of these households, those with an open case that somebody has begun to work on: another journey may have left one. */
async function workedOn(world: World, households: readonly number[]): Promise<number[]> {
  const rows = await world.sql<{ id: string }>(
    'assistance-cases',
    'SELECT household_id AS id FROM cases WHERE state < 100 AND acted AND household_id = ANY ($1::bigint[])',
    [households],
  );
  return rows.map(({ id }) => Number(id));
}

/** Fan-outs of the bulk lane that are on their way. */
async function inBulk(world: World): Promise<number> {
  const [row] = await world.sql<{ n: number }>(
    'risk-alerts',
    "SELECT count(*)::int AS n FROM fan_outs WHERE lane = 'bulk' AND state IN ('waiting', 'running')",
  );
  return row?.n ?? 0;
}

/** Lanes of the last fan-outs of shocks, in the order in which they settled. */
async function settledOrder(world: World, shockIds: readonly string[]): Promise<string> {
  const rows = await world.sql<{ lane: string }>(
    'risk-alerts',
    `SELECT lane FROM (
       SELECT DISTINCT ON (f.origin) f.lane, f.settled_at FROM fan_outs f JOIN origins o USING (origin)
       WHERE o.shock_id = ANY ($1::uuid[]) ORDER BY f.origin, f.shock_revision DESC) AS last ORDER BY settled_at`,
    [shockIds],
  );
  return rows.map(({ lane }) => lane).join(' ');
}
