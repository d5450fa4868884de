import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { AlertState, CheckResult, ChecksFoundSchema, FindingState, ShockState } from '@fangpin/contracts';
import { packRevision, parseDerivedId, shanghaiDay } from '@fangpin/domain-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AlertResponse, ExplainedAlertResponse } from '../src/alerts/alert.responses.js';
import type { EpisodePage, EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import type { JointExplanation } from '../src/joint/explain-joint.js';
import { finding, MEDICAL, type FindingChange } from './support/findings.js';
import { JointDesk } from './support/joint-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  dutyOf,
  hail,
  pigPriceFall,
  profile,
  revision,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

/** Well off: neither the hail nor the pigs alone bring it anywhere near the line, both do. */
const both = { maize: 4_000, pigs: 12, perCapitaYuan: 24_000 };
const county: HouseholdSpec[] = [
  ...[21, 22, 23, 24].map((id) => ({ id, ...both })),
  { id: 25, maize: 4_000, perCapitaYuan: 24_000 },
  { id: 26, maize: 200, pigs: 1, perCapitaYuan: 90_000 },
  { id: 31, township: YIJIU, ...both },
  { id: 41, township: YIJIU, maize: 4_000, perCapitaYuan: 24_000 },
  { id: 42, township: YIJIU, perCapitaYuan: 30_000 },
  { id: 43, township: YIJIU, perCapitaYuan: 30_000 },
];

describe('losses that are held back one by one', () => {
  let world: World;
  const desk = new JointDesk(() => world);
  const [storm, pigs] = [randomUUID(), randomUUID()];

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const jointOf = (householdId: number): Promise<AlertResponse> =>
    eventually(async () => {
      const [joint, ...more] = (await desk.alertsOf(householdId)).filter(({ status }) => status === 'raised');
      expect(more).toEqual([]);
      expect(joint?.cause).toBe('several');
      return joint as AlertResponse;
    });
  const episodesOf = async (householdId: number): Promise<EpisodePage['items']> =>
    (await desk.get<EpisodePage>(`risk-episodes?householdId=${householdId}&cause=several`)).items;
  const quiet = (): Promise<void> =>
    eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      for (const [table, where] of [
        ['slices', `stored_at IS NOT NULL AND (followed_at IS NULL OR (direction = 'raise' AND held_back_at IS NULL))`],
        ['fan_outs', `state <> 'superseded' AND held_back_at IS NULL`],
        ['held_back_looks', 'true'],
        ['relooks', 'true'],
      ])
        expect(await desk.sql(`SELECT 1 FROM ${table} WHERE ${where} LIMIT 1`)).toEqual([]);
    });
  const hailOn = (change: { township?: number; version?: number; id?: string; state?: ShockState } = {}) => {
    const { township = YONGDING, id = storm, ...rest } = change;
    return hail({ id, policyVersion: world.policyVersion, regions: [String(township)], level: 3, ...rest });
  };
  const push = async (household: number, change: FindingChange): Promise<string> => {
    const [id] = await world.findings(finding({ id: household, township: YIJIU }, { ...MEDICAL, ...change }));
    return id as string;
  };

  it('are told together once they leave too little, and of each of them alone nobody is', async () => {
    await world.shock(hailOn());
    const first = await world.settled(storm, 'done');
    expect(first).toMatchObject({ alerted: 0 });
    await quiet();
    expect(await desk.alertsOf(21)).toEqual([]);
    await world.shock(pigPriceFall({ id: pigs, policyVersion: world.policyVersion }, 3_246, 1_093));
    expect(await world.settled(pigs, 'done')).toMatchObject({ alerted: 0 });
    const joint = await jointOf(21);
    expect(joint.severity).toBeGreaterThanOrEqual(1);
    await quiet();
    // One has a field alone, one too little of both, and of one the pigs alone were touched.
    for (const id of [25, 26, 31]) expect(await desk.alertsOf(id)).toEqual([]);
  });

  it('are an episode of their own, which is asked for until the household has been told of all of it', async () => {
    const joint = await jointOf(21);
    const toTell = async (): Promise<string[]> =>
      (await desk.get<EpisodePage>('risk-episodes?householdId=21&toTell=true')).items.map(({ id }) => id);
    expect(await toTell()).toEqual(['21.several.1']);
    const { severity } = joint;
    const episode = await desk.get<EpisodeWithSteps>('risk-episodes/21.several.1');
    expect(episode).toMatchObject({
      state: 'open',
      severity,
      alerts: 1,
      steps: [{ step: 'opened', alertId: joint.id }],
    });
    expect(episode.fedBy).toMatchObject([{ alertId: joint.id, status: 'raised', severity, counts: severity }]);
    const picture = await desk.get<PictureResponse>('risk-pictures/21');
    expect(picture).toMatchObject({ worstSeverity: severity, jointSeverity: severity, joint: { alertId: joint.id } });
    expect(picture.episodes.map(({ id }) => id)).toEqual(['21.several.1']);
    expect(picture.text).toContain('您家目前有一项风险提示：多种原因叠加（庄稼受灾、卖价下跌；');
    const headers = { authorization: `Bearer ${await world.token('helper')}` };
    const payload = { on: shanghaiDay(new Date()), how: 'visit' };
    const told = await world.app.inject({ method: 'POST', url: '/v1/risk-pictures/21/told', headers, payload });
    expect(told.json()).toMatchObject({
      tellingsOfDay: 1,
      episodes: [{ id: '21.several.1', severity, recorded: true }],
    });
    expect(await toTell()).toEqual([]);
  });

  it('explain the alert by what each of them takes, and it is computed again from that', async () => {
    const joint = await jointOf(21);
    const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
    const { inputs, recomputed, text } = explanation as JointExplanation;
    expect(recomputed).toBe(true);
    expect(inputs.causes).toHaveLength(2);
    expect(inputs.causes.reduce((sum, { middleFen }) => sum + middleFen, 0)).toBe(joint.lossFen);
    for (const part of inputs.causes) expect(part).toMatchObject({ alertId: null, heldBack: true, severity: 0 });
    expect(text).toContain('单看没有提示');
    expect(text).toContain('单看哪一项都不到提示的程度');
    const said = world.bulk.filter(({ shockId }) => shockId === joint.id);
    expect(said).toMatchObject([{ shockKind: 'crop-disaster+price-fall', state: AlertState.RAISED }]);
  });

  it('are those of a look at one household too, and none any more once it has lost less', async () => {
    await jointOf(22);
    await world.households([profile({ ...county[1], id: 22, pigs: 0, version: 2 })], []);
    await eventually(async () => expect(await desk.alertsOf(22)).toMatchObject([{ status: 'withdrawn' }]));
    await world.households([profile({ ...county[1], id: 22, pigs: 12, version: 3 })], []);
    const again = await jointOf(22);
    expect(again.lossFen).toBe((await jointOf(21)).lossFen);
  });

  it('count no more once the case that their joint alert opened has ended', async () => {
    const joint = await jointOf(23);
    await desk.opens(joint, 23);
    await desk.steps(joint.id, { id: 23 }, 1, 'dismissed', 'dismiss');
    await eventually(async () =>
      expect(await desk.sql('SELECT state FROM joint_alerts WHERE household_id = 23')).toEqual([{ state: 'over' }]),
    );
    expect(await desk.alertsOf(23)).toMatchObject([{ status: 'raised', revision: joint.revision }]);
    expect(await episodesOf(23)).toMatchObject([{ state: 'ended', endedWhy: 'answered', tellFrom: null }]);
  });

  it('are let go by a check of their joint alert without risk', async () => {
    const joint = await jointOf(24);
    await desk.says({
      case: 'checked',
      value: create(ChecksFoundSchema, {
        township: String(YONGDING),
        result: CheckResult.NO_RISK,
        checkedOn: '2026-07-20',
        origins: [BigInt(parseDerivedId(joint.id).origin)],
        householdIds: [24n],
        dutyCodes: [BigInt(dutyOf({ id: 24 }))],
        revisions: [BigInt(revision(1))],
        alertRevisions: [BigInt(joint.revision)],
        answeredUpTo: [4],
      }),
    });
    await eventually(async () => expect(await desk.alertsOf(24)).toMatchObject([{ status: 'withdrawn' }]));
    expect(await desk.sql('SELECT DISTINCT gone_why FROM held_back_losses WHERE household_id = 24')).toEqual([
      { gone_why: 'checked' },
    ]);
    expect(await episodesOf(24)).toMatchObject([{ state: 'ended', endedWhy: 'checked-no-risk', tellFrom: null }]);
  });

  it('add up with findings that were held back, and the picture adds up the same', async () => {
    const second = randomUUID();
    await push(42, { spentFen: 2_500_000n, person: 1n });
    const other = await push(42, { spentFen: 2_500_000n, person: 2n });
    await eventually(async () =>
      expect(await desk.sql('SELECT 1 FROM held_back_losses WHERE household_id = 42')).toHaveLength(2),
    );
    const joint = await jointOf(42);
    expect(joint.lossFen).toBe(5_000_000);
    const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
    expect((explanation as JointExplanation).recomputed).toBe(true);
    await push(42, {
      findingId: other,
      version: 2,
      state: FindingState.WITHDRAWN,
      spentFen: 2_500_000n,
      person: 2n,
    });
    await eventually(async () => expect(await desk.alertsOf(42)).toMatchObject([{ status: 'withdrawn' }]));
    // Beside an alert they are in its picture.
    await push(31, { spentFen: 9_000_000n, person: 1n });
    await world.shock(hailOn({ id: second, township: YIJIU }));
    await world.settled(second, 'done');
    await quiet();
    const picture = await desk.get<PictureResponse>('risk-pictures/31');
    const several = (await desk.alertsOf(31)).find(({ cause, status }) => cause === 'several' && status === 'raised');
    expect(picture.jointSeverity).toBe(Math.max(picture.worstSeverity, several?.severity ?? 0));
    expect(picture.projection?.incomeLoss.middleFen).toBeGreaterThan(0);
  });

  it('are let go once the register says that the bill is of another household, which is not known yet', async () => {
    const bill = { findingId: randomUUID(), spentFen: 2_500_000n, person: 1n };
    const becomes = (outcome: string): Promise<void> =>
      eventually(async () =>
        expect(await desk.sql(`SELECT outcome FROM findings WHERE finding_id = '${bill.findingId}'`)).toEqual([
          { outcome },
        ]),
      );
    const heldBack = () => desk.sql(`SELECT gone_why FROM held_back_losses WHERE finding_id = '${bill.findingId}'`);
    await push(43, bill);
    await becomes('withheld');
    expect(await heldBack()).toEqual([{ gone_why: null }]);
    await push(51, { ...bill, revision: BigInt(packRevision({ epoch: 1, version: 2 })) });
    await becomes('waiting');
    const poor: HouseholdSpec = { id: 51, township: YIJIU, perCapitaYuan: 9_000 };
    await world.households([profile(poor)], [assessment(poor)]);
    await becomes('alerted');
    expect(await heldBack()).toEqual([{ gone_why: 'recalled' }]);
  });

  it('are taken out again when the shock is called off, or a later revision no longer finds them', async () => {
    const before = await jointOf(21);
    await world.shock(hailOn({ version: 2, township: YIJIU }));
    await world.settled(storm, 'done');
    await eventually(async () =>
      expect(await desk.alertsOf(21)).toMatchObject([{ id: before.id, status: 'withdrawn' }]),
    );
    const third = randomUUID();
    await world.shock(hailOn({ id: third }));
    await world.settled(third, 'done');
    const again = await jointOf(21);
    expect(again.id).not.toBe(before.id);
    // What the household was told is taken back, and it has another trouble now.
    expect(await episodesOf(21)).toMatchObject([
      { id: '21.several.1', state: 'ended', endedWhy: 'recalled', told: { how: 'visit' } },
      { id: '21.several.2', state: 'open', told: null },
    ]);
    expect((await episodesOf(21)).every(({ tellFrom }) => tellFrom !== null)).toBe(true);
    await world.shock(hailOn({ id: third, version: 2, state: ShockState.CANCELLED }));
    await eventually(async () =>
      expect((await desk.alertsOf(21)).filter(({ status }) => status === 'raised')).toEqual([]),
    );
  });
});
