import { randomUUID } from 'node:crypto';
import { AlertState, ShockState, topics, type AlertBatch } from '@fangpin/contracts';
import { parseDerivedId } from '@fangpin/domain-kit';
import { decodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AlertResponse, ExplainedAlertResponse } from '../src/alerts/alert.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import { UnansweredFindings } from '../src/findings/unanswered-findings.js';
import { JointOutboxSource } from '../src/joint/joint-outbox-source.js';
import { atRiskSql } from '../src/regional/at-risk-sql.js';
import type { JointExplanation } from '../src/joint/explain-joint.js';
import { medicalCost } from './support/findings.js';
import { JointDesk } from './support/joint-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  hail,
  pigPriceFall,
  profile,
  unsoldVegetables,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

const SHANHE = 532327103;

/** Maize and pigs: each is a little trouble, both are a great one. One has maize alone. */
const county: HouseholdSpec[] = [
  ...[11, 12, 13].map((id) => ({ id, maize: 600, pigs: 3, perCapitaYuan: 10_800 })),
  { id: 14, maize: 600, perCapitaYuan: 10_800 },
  { id: 31, township: YIJIU, maize: 600, pigs: 3, perCapitaYuan: 10_800 },
  // Hailed on, and what is left finds no buyer: one field.
  { id: 41, township: SHANHE, vegetables: 700, perCapitaYuan: 12_500 },
];

describe('several causes of one household', () => {
  let world: World;
  const desk = new JointDesk(() => world);
  const [storm, pigs, later] = [randomUUID(), randomUUID(), randomUUID()];

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const asOwner = async (text: string, value: number): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(text, [value]));
    await admin.close();
  };
  const picture = (householdId: number): Promise<PictureResponse> => desk.get(`risk-pictures/${householdId}`);
  const messages = () => world.batches.filter(({ cause }) => cause === 'several');
  const strike = async (id: string, township: number): Promise<void> => {
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(township)], level: 3 }));
    await world.settled(id, 'done');
  };
  it('raise one alert more, of its own, once they are worse together than each of them', async () => {
    await strike(storm, YONGDING);
    await world.shock(pigPriceFall({ id: pigs, policyVersion: world.policyVersion }, 3_246, 1_093));
    const ledger = await world.settled(pigs, 'done');
    const joint = await eventually(() => desk.standingOf(11));
    const { answers, jointSeverity, worstSeverity, projection } = await picture(11);
    expect(answers).toHaveLength(2);
    expect(joint).toMatchObject({ severity: jointSeverity, shockId: null, findingId: null });
    expect(joint.severity).toBeGreaterThan(worstSeverity);
    expect(joint.lossFen).toBe(projection?.incomeLoss.middleFen);
    expect(await desk.jointsOf(14)).toEqual([]);
    // Alerts of a shock are as many as before: the joint one is no shock's.
    expect(ledger.alerted).toBe(4);
    await eventually(async () => expect((await picture(11)).joint).toMatchObject({ outcome: 'listed' }));
    expect((await picture(11)).joint?.alertId).toBe(joint.id);
    const [said] = messages().filter(({ householdIds }) => householdIds[0] === 11n);
    expect(said).toMatchObject({ shockId: joint.id, shockKind: 'crop-disaster+price-fall', state: AlertState.RAISED });
    expect(world.bulk).toContain(said);
  });

  it('are explained by their parts, and computed again from them', async () => {
    const { id } = await desk.standingOf(11);
    const { explanation, cause } = await desk.get<ExplainedAlertResponse>(`alerts/${id}`);
    const { inputs, recomputed, text, steps, policy } = explanation as JointExplanation;
    expect(cause).toBe('several');
    expect(recomputed).toBe(true);
    expect(inputs.causes.map((part) => part.cause).sort()).toEqual(['crop-disaster', 'price-fall']);
    expect(steps.map(({ step }) => step)).toEqual(['loss', 'projection', 'line', 'severity']);
    expect(text).toContain('同时遇到两种困难');
    expect(text).toContain('单看每一项最高是');
    expect(policy.version).toBe(world.policyVersion);
  });

  it('come out the same in the other order', async () => {
    // 31 lost on its pigs first, and on its maize then.
    await strike(later, YIJIU);
    const [one, other] = [await desk.standingOf(11), await eventually(() => desk.standingOf(31))];
    const figures = ({ severity, reasons, lossFen, projectedPerCapitaFen }: AlertResponse) => ({
      ...{ severity, reasons, lossFen, projectedPerCapitaFen },
    });
    expect(figures(other)).toEqual(figures(one));
  });

  it('change nothing when they are looked at again, and feed no episode', async () => {
    const read = async () => [
      await desk.sql('SELECT * FROM joint_alerts ORDER BY household_id'),
      await desk.sql('SELECT count(*) FROM alerts'),
      await desk.sql('SELECT count(*) FROM episode_alerts'),
    ];
    const before = await read();
    await desk.sql('UPDATE slices SET followed_at = NULL');
    await eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      expect(await desk.sql('SELECT 1 FROM slices WHERE followed_at IS NULL LIMIT 1')).toEqual([]);
    });
    expect(await read()).toEqual(before);
    expect(await desk.sql(`SELECT 1 FROM risk_episodes WHERE cause = 'several'`)).toEqual([]);
  });

  it('are looked at once where a look is due, and not again when nothing has changed', async () => {
    const before = await desk.sql('SELECT * FROM joint_alerts ORDER BY household_id');
    await desk.sql('UPDATE joint_alerts SET due_at = now()');
    await eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      expect(await desk.sql('SELECT * FROM joint_alerts ORDER BY household_id')).toEqual(before);
    });
  });

  it('count once in the early warning for their place: it goes by their parts', async () => {
    const causes = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query(
        `WITH ${atRiskSql('exposure_a')} SELECT DISTINCT cause FROM risk JOIN origins USING (origin) ORDER BY 1`,
        [0, Number.MAX_SAFE_INTEGER, new Date(0)],
      ),
    );
    expect(causes).toEqual([{ cause: 'crop-disaster' }, { cause: 'price-fall' }]);
  });

  it('are rendered from their rows as they were sent from memory', async () => {
    const { id } = await desk.standingOf(31);
    const { origin } = parseDerivedId(id);
    const [slice] = await desk.sql(`SELECT slice_no FROM alerts WHERE origin = ${origin}`);
    const again: AlertBatch[] = [];
    const source = world.app.get(JointOutboxSource);
    for await (const { value } of source.render({ sliceNo: slice?.['slice_no'] }, world.database))
      again.push(decodeEvent(topics.alertBulk, value));
    expect(again.filter(({ shockId }) => shockId === id)).toEqual(messages().filter(({ shockId }) => shockId === id));
  });

  it('are published again where nobody has answered', async () => {
    const unanswered = world.app.get(UnansweredFindings);
    await eventually(async () => expect(await unanswered.execute(0)).toBe(0));
    const open = `SELECT 1 FROM slices WHERE direction = 'joint' AND settled_at IS NULL`;
    await eventually(async () => {
      await unanswered.execute(0);
      expect(await desk.sql(open)).toEqual([]);
    });
    const { id } = await desk.standingOf(12);
    const { origin } = parseDerivedId(id);
    await asOwner('DELETE FROM triage_answers WHERE origin = $1', origin);
    await asOwner(
      `UPDATE slices SET settled_at = NULL WHERE direction = 'joint' AND origins @> ARRAY[$1::bigint]`,
      origin,
    );
    expect(await unanswered.execute(0)).toBe(1);
    const answers = `SELECT 1 FROM triage_answers WHERE origin = ${origin}`;
    await eventually(async () => expect(await desk.sql(answers)).toHaveLength(1));
    expect(messages().filter(({ shockId }) => shockId === id)).toHaveLength(2);
  });

  it('are over, without a word, when the case that answered them has ended', async () => {
    const joint = await desk.standingOf(13);
    await desk.opens(joint, 13);
    await desk.steps(joint.id, { id: 13 }, 1, 'dismissed', 'dismiss');
    // It was about both: neither stands any more.
    await eventually(async () => expect(await picture(13)).toMatchObject({ projection: null, joint: null }));
    expect(await desk.jointsOf(13)).toMatchObject([{ id: joint.id, status: 'raised', revision: joint.revision }]);
    expect(await desk.sql('SELECT state FROM joint_alerts WHERE household_id = 13')).toEqual([{ state: 'over' }]);
  });

  it('are withdrawn with the shock that made them so, and are a new alert when it strikes again', async () => {
    const before = await desk.standingOf(11);
    const spec = { id: storm, policyVersion: world.policyVersion, regions: [String(YONGDING)], level: 3 };
    await world.shock(hail({ ...spec, version: 2, state: ShockState.CANCELLED }));
    await world.settled(storm, 'recalled');
    await eventually(async () =>
      expect(await desk.jointsOf(11)).toMatchObject([{ id: before.id, status: 'withdrawn' }]),
    );
    await eventually(() =>
      expect(messages().some((one) => one.shockId === before.id && one.state === AlertState.WITHDRAWN)).toBe(true),
    );
    expect((await picture(11)).joint).toBeNull();
    // That of the other township stands.
    await desk.standingOf(31);
    await strike(randomUUID(), YONGDING);
    const again = await eventually(() => desk.standingOf(11));
    expect(again.id).not.toBe(before.id);
    expect(again.severity).toBe(before.severity);
    await eventually(() => desk.standingOf(12));
  });

  it('count one field once: what the hail has taken is not left over in the barn as well', async () => {
    await strike(randomUUID(), SHANHE);
    const stock = randomUUID();
    const shock = { id: stock, policyVersion: world.policyVersion, regions: [String(SHANHE)] };
    // Three tenths of the 14,000 kg of seven mu.
    await world.shock(unsoldVegetables(shock, 0, 4_200n));
    await world.settled(stock, 'done');
    const { answers, projection, text, jointSeverity } = await eventually(async () => {
      const seen = await picture(41);
      expect(seen.answers).toHaveLength(2);
      return seen;
    });
    const parts = await Promise.all(
      answers.map(({ alertId }) => desk.get<ExplainedAlertResponse>(`alerts/${alertId}`)),
    );
    const losses = parts.map(({ lossFen }) => lossFen);
    const [shared, ...others] = projection?.shared ?? [];
    const worth = shared?.worth.middleFen ?? 0;
    expect(others).toEqual([]);
    expect(shared).toMatchObject({ name: '蔬菜', region: '532327103201' });
    expect(shared?.causes.map(({ cause }) => cause)).toEqual(['crop-disaster', 'unsold-stock']);
    expect(shared?.causes.map(({ middleFen }) => middleFen).sort()).toEqual(losses.sort());
    const left = losses.reduce((rest, lossFen) => rest * (1 - lossFen / worth), worth);
    const together = Math.round(worth - left);
    expect(projection).toMatchObject({ incomeLoss: { middleFen: together }, notAdded: [] });
    expect(together).toBeLessThan(losses.reduce((sum, lossFen) => sum + lossFen, 0));
    expect(text).toContain('其中蔬菜碰上了不止一种困难');
    const joint = await eventually(() => desk.standingOf(41));
    expect(joint).toMatchObject({ severity: jointSeverity, lossFen: together });
    const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
    expect(explanation).toMatchObject({ recomputed: true, inputs: { shared: [{ name: '蔬菜' }] } });
    expect((explanation as JointExplanation).text).toContain('没有算进去');
  });

  it('are withdrawn only after days when one of them has become as bad as all of them', async () => {
    const joint = await desk.standingOf(31);
    await world.findings(medicalCost({ id: 31, township: YIJIU }, 80_000));
    await eventually(async () => expect(await picture(31)).toMatchObject({ worstSeverity: joint.severity }));
    (await desk.daysLater(13))();
    expect(await desk.standingOf(31)).toMatchObject({ id: joint.id, revision: joint.revision });
    (await desk.daysLater(15))();
    expect(await desk.jointsOf(31)).toMatchObject([{ id: joint.id, status: 'withdrawn' }]);
    expect(await picture(31)).toMatchObject({ jointSeverity: joint.severity, joint: null });
  });
});
