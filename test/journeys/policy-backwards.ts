import { describe, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { expectAllAccountedFor, expectAllRecalled, farmersIn } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

interface Application {
  applicationId: string | null;
  shocks: number;
  wouldJudge?: { shockId: string; fromLane: string; toLane: string }[];
}

/** A release under which hail that has fallen is only recorded. */
async function release(world: World): Promise<() => Promise<void>> {
  const lane = loadPolicy().records.find(({ key, subject }) => key === 'lane' && subject === 'hail');
  const file = join(world.policyOverlay, 'hail-is-recorded.json');
  const record = {
    key: 'lane',
    subject: 'hail',
    region: '00',
    from: '2020-01-01',
    value: { ...(lane?.value as object), observed: 'recorded' },
    source: { document: 'journey test', grade: 'unsourced' },
    assumed: true,
    author: 'journey test',
    reason: 'Hail is left to the insurer.',
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

      const takeBack = await release(world());
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
        expect(fanOut.flagged).toBe(1);
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
        // The household's risk is over with the alert that made it.
        await eventually(async () => {
          const episodes = await officer.get<{ items: object[] }>(
            `/v1/risk-episodes?householdId=${begun?.householdId}&cause=crop-disaster&state=open`,
          );
          expect(episodes.items).toEqual([]);
        });
      } finally {
        await takeBack();
      }
      // The old policy again, and the next storm is as any other.
      const next = await strike(world());
      await expectAllAccountedFor(world(), await world().follow(next), await farmersIn(world(), COUNTY));
      await recall(world(), next);
    }, 240_000);
  });
}
