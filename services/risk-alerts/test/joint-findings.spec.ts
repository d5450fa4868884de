import { randomUUID } from 'node:crypto';
import { FindingKind, topics } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainedAlertResponse } from '../src/alerts/alert.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import type { JointExplanation } from '../src/joint/explain-joint.js';
import { finding, MEDICAL, type FindingChange } from './support/findings.js';
import { JointDesk } from './support/joint-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, type HouseholdSpec } from './support/world.js';

const SHANHE = 532327103;

/** Nothing but what departments find of them. */
const homes: HouseholdSpec[] = [
  ...[51, 52, 53].map((id) => ({
    ...{ id, township: SHANHE },
    ...{ perCapitaYuan: 15_000, wageYuan: 24_000 },
  })),
  // Just above the line, with a little maize.
  { id: 54, township: SHANHE, maize: 200, perCapitaYuan: 8_800 },
];

describe('several findings of one household', () => {
  let world: World;
  const desk = new JointDesk(() => world);

  beforeAll(async () => {
    world = await startWorld();
    await world.households(homes.map(profile), homes.map(assessment));
    await world.heard(topics.assessment);
  });
  afterAll(() => world.stop());

  const picture = (householdId: number): Promise<PictureResponse> => desk.get(`risk-pictures/${householdId}`);
  const messages = () => world.batches.filter(({ cause }) => cause === 'several');
  const pushes = async (householdId: number, of: FindingChange): Promise<void> => {
    await world.findings(
      finding({ id: householdId, township: SHANHE }, { ...MEDICAL, occurredOn: '2026-06-30', ...of }),
    );
  };
  const [father, mother, child] = [7n, 8n, 9n];

  it('may be two of one cause: a second patient brings somebody to the door whom the first did not', async () => {
    await pushes(51, { person: father, spentFen: 2_000_000n });
    await pushes(51, { person: mother, spentFen: 2_000_000n });
    const joint = await eventually(() => desk.standingOf(51));
    const { episodes, worstSeverity, jointSeverity, projection, text } = await picture(51);
    expect(episodes).toHaveLength(1);
    expect(joint.severity).toBe(jointSeverity);
    expect(jointSeverity).toBeGreaterThan(worstSeverity);
    expect(projection).toMatchObject({ bills: { middleFen: 4_000_000 }, paidFen: 4_000_000, notAdded: [] });
    expect(text).toContain('自己已经花了40,000元');
    expect(text).not.toContain('要多花');
    const [said] = messages().filter(({ householdIds }) => householdIds[0] === 51n);
    expect(said).toMatchObject({ shockKind: 'illness', shockId: joint.id });
    const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
    expect(explanation).toMatchObject({ recomputed: true });
    expect((explanation as JointExplanation).text).toContain('同时遇到两起困难');
  });

  it('are said again as what nobody has looked at when a third patient comes in, though together they are no worse', async () => {
    const joint = await desk.standingOf(51);
    await pushes(51, { person: child, spentFen: 2_000_000n });
    const said = () => messages().filter(({ householdIds }) => householdIds[0] === 51n);
    await eventually(() => expect(said()).toHaveLength(2));
    for (const one of said()) expect(one).toMatchObject({ shockId: joint.id, severities: [joint.severity] });
    expect(new Set(said().map(({ subject }) => subject)).size).toBe(2);
    // The bill of one of them that another office tells is nothing new.
    await pushes(51, { person: child, spentFen: 1_900_000n, department: 'health' });
    await eventually(async () => expect((await picture(51)).answers).toHaveLength(4));
    expect(said()).toHaveLength(2);
  });

  it('are said again when one of them adds something that it did not before, though together they are no worse', async () => {
    const joint = await desk.standingOf(51);
    const said = () => messages().filter(({ householdIds }) => householdIds[0] === 51n);
    const before = said().length;
    const hurt = {
      findingId: randomUUID(),
      kind: FindingKind.ACCIDENT,
      spentSince: '',
      person: 4n,
      department: 'public-security',
    };
    await pushes(51, hurt);
    await eventually(() => expect(said()).toHaveLength(before + 1));
    const added = async (): Promise<boolean[]> => {
      const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
      expect(explanation).toMatchObject({ recomputed: true });
      return (explanation as JointExplanation).inputs.causes.map(({ paidFen, added: adds }) => adds && paidFen > 0);
    };
    const adding = (await added()).filter(Boolean).length;
    await pushes(51, { ...hurt, spentFen: 2_000_000n, revision: BigInt(revision(2)) });
    await eventually(() => expect(said()).toHaveLength(before + 2));
    expect(said().at(-1)).toMatchObject({ shockId: joint.id, severities: [joint.severity] });
    expect(new Set(said().map(({ subject }) => subject)).size).toBe(said().length);
    expect((await added()).filter(Boolean)).toHaveLength(adding + 1);
  });

  it('are no two where two offices push the bill of one patient', async () => {
    await pushes(52, { person: father, spentFen: 2_000_000n });
    await pushes(52, { person: father, spentFen: 1_900_000n, department: 'health' });
    await eventually(async () => expect((await picture(52)).answers).toHaveLength(2));
    const { projection, worstSeverity, jointSeverity } = await picture(52);
    expect(projection).toMatchObject({ bills: { middleFen: 2_000_000 } });
    expect(projection?.notAdded).toHaveLength(1);
    expect(jointSeverity).toBe(worstSeverity);
    expect(await desk.jointsOf(52)).toEqual([]);
  });

  it('count the wages and the bill of an earner who was hurt, and of whom two offices tell, once each', async () => {
    const hurt = { kind: FindingKind.ACCIDENT, ofEarner: true, spentSince: '', person: father };
    await pushes(53, { ...hurt, spentFen: 1_500_000n, department: 'public-security' });
    await eventually(async () => expect((await picture(53)).answers).toHaveLength(1));
    const { projection: alone } = await picture(53);
    await pushes(53, { ...hurt, spentFen: 1_200_000n, occurredOn: '2026-07-02', department: 'civil-affairs' });
    await eventually(async () => expect((await picture(53)).answers).toHaveLength(2));
    const { projection } = await picture(53);
    expect(projection).toMatchObject({ bills: { middleFen: 1_500_000 }, incomeLoss: alone?.incomeLoss });
    expect(projection?.notAdded).toHaveLength(1);
  });

  it('are red where water that is not safe, of which no sum was told, meets a loss that leaves less than the line', async () => {
    await pushes(54, { kind: FindingKind.WATER, spentSince: '', department: 'water' });
    await eventually(async () => expect((await picture(54)).answers).toHaveLength(1));
    expect(await picture(54)).toMatchObject({ worstSeverity: 3, jointSeverity: 3 });
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(SHANHE)], level: 3 }));
    await world.settled(id, 'done');
    const joint = await eventually(() => desk.standingOf(54));
    const { worstSeverity, projection } = await picture(54);
    expect(worstSeverity).toBe(3);
    expect(projection?.projectedPerCapita?.middleFen).toBeLessThan(projection?.lineFen ?? 0);
    expect(joint).toMatchObject({ severity: 4, cause: 'several' });
    const { explanation } = await desk.get<ExplainedAlertResponse>(`alerts/${joint.id}`);
    expect(explanation).toMatchObject({ recomputed: true });
    expect((explanation as JointExplanation).text).toContain('单看每一项最高是橙色，合在一起是红色风险');
  });
});
