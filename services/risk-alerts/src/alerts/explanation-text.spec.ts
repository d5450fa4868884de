import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  alertReasons,
  AreaAnimalsSchema,
  AreaDamageSchema,
  AreaIntensitySchema,
  LayOffSchema,
  ShockSchema,
  type Cause,
} from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { flatInputs } from '../fan-out/alert-rows.js';
import type { FanOut } from '../fan-out/fan-out.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { AssessedHousehold } from '../loss/household.js';
import { compileLossModel } from '../loss/loss-model.js';
import { dayNumber } from '../loss/recent-removal.rule.js';
import { mainCauseOf, shockFacts } from '../loss/shock-facts.js';
import { houseCode } from '../loss/things.js';
import { AlertEntity } from './alert.entity.js';
import { explain } from './explanation.js';

const policy = loadPolicy();
const HOME = 532327101201000;
const NEXT_TOWNSHIP = 532327102201000;
const OTHER_COUNTY = 532328101201000;
const [RICE, MAIZE, GOAT, POULTRY] = [1, 2, 102, 103];
const NO_LABOUR = alertReasons.noLabour.bit;
const DISABLED = alertReasons.severeDisability.bit;

const shock = (kind: string, change: MessageInitShape<typeof ShockSchema> = {}) =>
  create(ShockSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    revision: 1n,
    kind,
    level: 3,
    observed: true,
    regions: ['5323'],
    judgedOn: '2025-07-18',
    headline: '灾情',
    source: '县应急局',
    ...change,
  });
const household = (change: Partial<AssessedHousehold> = {}): AssessedHousehold => ({
  persons: 4,
  perCapitaFen: 1_000_000,
  facts: 0,
  livelihoods: [{ product: MAIZE, quantity: 1_000, place: HOME }],
  ...change,
});

/** The paragraph of who lives in HOME. */
function told(
  event: ReturnType<typeof shock>,
  who = household(),
  standing: number[] = [100_000],
  cause?: Cause,
): string {
  const facts = shockFacts(event, cause ?? mainCauseOf(event));
  const verdict = compileLossModel(facts, standing, policy, townshipCode(townshipOf(HOME))).assess(who);
  if (verdict === undefined) throw new Error('not exposed');
  const alert = Object.assign(new AlertEntity(), {
    dutyCode: HOME,
    lossLowFen: verdict.loss.low,
    lossFen: verdict.loss.middle,
    lossHighFen: verdict.loss.high,
    perCapitaFen: who.perCapitaFen,
    projectedFen: verdict.projectedFen,
    persons: who.persons,
    severity: verdict.severity,
    reasons: verdict.reasons,
    inputs: flatInputs(who.livelihoods, { ...who, dutyCode: HOME }),
    wageFenPerWorker: who.wageFenPerWorker ?? null,
  });
  const explanation = explain(alert, { shock: facts, standing, cause: facts.cause } as unknown as FanOut, policy);
  expect(explanation.recomputed).toBe(true);
  return explanation.text;
}

describe('what an old farmer reads of a loss of income', () => {
  const hailOn = (...fields: [number, number][]) =>
    told(
      shock('hail'),
      household({ livelihoods: fields.map(([quantity, place]) => ({ product: MAIZE, quantity, place })) }),
    );

  it('tells what happened, what is lost, what is left against the line, and why that is a risk', () => {
    expect(told(shock('hail'))).toBe(
      '2025年7月18日，永定镇一带发生冰雹灾害（橙色），消息来源：县应急局。这户人家种有玉米10亩，估计十二个月内少收入约4,232元' +
        '（少则1,733元，多则7,722元）。家里4口人，近十二个月人均纯收入10,000元，平均每人少收入1,058元，预计人均还剩8,942元，' +
        '比监测线每人每年8,700元高242元。预计收入离监测线不远、收入一下子少了很多，因此提示为橙色风险，请村里上门核实；这只是线索，不是认定结果。',
    );
  });

  it('says that an income is close above the line only where it is, and what is left at worst where that decides', () => {
    const of = (perCapitaFen: number, mu: number): string =>
      told(
        shock('hail'),
        household({ perCapitaFen, livelihoods: [{ product: MAIZE, quantity: mu * 100, place: HOME }] }),
      );
    expect(of(910_000, 1)).toContain('预计收入离监测线不远');
    // At worst it falls under the line, too, which counts for less than how close it is.
    expect(of(1_000_000, 10)).toMatch(/高242元.+预计收入离监测线不远/);
    expect(of(1_000_000, 10)).not.toContain('最坏');
    expect(of(2_000_000, 60)).toMatch(/人均还剩13,652元.+要是碰上最坏的情况，人均还剩8,417元，就低于监测线了；/);
  });

  it('tells who lives alone what is lost once', () => {
    expect(told(shock('hail'), household({ persons: 1 }))).not.toContain('平均每人少收入');
  });

  it('names the place of the field, not of the home, and each crop once', () => {
    expect(hailOn([900, NEXT_TOWNSHIP])).toContain('宜就镇一带发生冰雹灾害');
    expect(hailOn([333, HOME], [210, NEXT_TOWNSHIP])).toMatch(/永定镇、宜就镇一带.+种有玉米5.43亩，/);
    expect(hailOn([900, OTHER_COUNTY])).toContain('元谋县元马镇一带');
  });

  it('says when a risk was removed that counts as removed recently, and that the day is not known where it is not', () => {
    const removed = (day: number | null) =>
      told(
        shock('hail'),
        household({ facts: alertReasons.recentlyRemoved.bit, removedDay: day, perCapitaFen: 1_100_000 }),
      );
    expect(removed(dayNumber('2025-05-20'))).toContain('另外，于2025年5月20日才消除风险，所以提高一级看待。');
    expect(removed(null)).toContain('另外，消除过风险（哪一天没有登记），所以提高一级看待。');
    expect(removed(dayNumber('2022-05-20'))).not.toContain('消除');
  });

  it('leaves out what the household has and does not lose', () => {
    const riceOnly = create(AreaDamageSchema, { region: '532327101', cropHitCentimu: 50_000n, products: [RICE] });
    const fields = [MAIZE, RICE].map((product) => ({ product, quantity: 900, place: HOME }));
    const text = told(
      shock('flood', { damage: [riceOnly] }),
      household({ livelihoods: fields }),
      [100_000],
      'crop-disaster',
    );
    expect(text).toContain('种有水稻9亩，');
    expect(text).not.toContain('玉米');
  });

  it('says that there is nothing over instead of an income below zero', () => {
    const text = told(shock('hail'), household({ perCapitaFen: -120_000 }));
    expect(text).toMatch(/没有结余，平均每人亏1,200元，平均每人少收入1,058元，预计平均每人还差2,258元/);
    expect(told(shock('hail'), household({ perCapitaFen: 90_000 }))).toMatch(/纯收入900元.+还差158元/);
  });

  it('comes to the same when a reader does the sum, and calls a line met to the yuan met', () => {
    for (let perCapitaFen = 975_800; perCapitaFen < 975_900; perCapitaFen += 7) {
      const text = told(shock('hail'), household({ perCapitaFen }));
      const [income, less, left] = [/纯收入([\d,]+)元/, /平均每人少收入([\d,]+)元/, /人均还剩([\d,]+)元/].map(
        (figure) => Number(figure.exec(text)?.[1]?.replaceAll(',', '')),
      );
      expect((income ?? 0) - (less ?? 0)).toBe(left);
      if (left === 8_700) expect(text).toContain('和监测线每人每年8,700元差不多');
    }
  });

  it('says that the level is that of a small loss, where the household was poor before', () => {
    const little = { livelihoods: [{ product: MAIZE, quantity: 100, place: HOME }] };
    expect(told(shock('hail'), household({ ...little, perCapitaFen: 500_000 }))).toMatch(
      /比监测线每人每年8,700元低3,806元。这次平均每人的影响约106元，是监测线的1.2%，级别按这次的影响来定，家里原来的收入和开支没有往上加。因此提示为蓝色风险/,
    );
    expect(told(shock('hail'), household({ perCapitaFen: 500_000 }))).not.toContain('级别按这次的影响来定');
    // What weakens the household has been added, and is told so.
    const weak = told(shock('hail'), household({ ...little, perCapitaFen: 500_000, facts: alertReasons.noLabour.bit }));
    expect(weak).toMatch(/原来的收入和开支没有往上加。另外，家里没有劳动力，所以提高一级看待/);
  });

  it('tells by which sum the level was found where the income is not known', () => {
    const fields = { livelihoods: [{ product: MAIZE, quantity: 4_500, place: HOME }] };
    expect(told(shock('hail'), household({ ...fields, perCapitaFen: null }))).toMatch(
      /家庭收入还没有掌握，无法与监测线每人每年8,700元比较，先按每人每年13,050元来估计风险，按这个数算，人均还剩8,289元，比监测线低411元；需要上门了解。因此提示为红色风险/,
    );
  });

  it('says that weakness lifts the level only where it did', () => {
    const weak = (perCapitaFen: number) =>
      told(shock('hail'), household({ perCapitaFen, facts: NO_LABOUR | DISABLED }));
    expect(weak(1_150_000)).toContain('另外，家里没有劳动力、家里有重度残疾的人，所以提高一级看待。');
    expect(weak(500_000)).toContain('家里有重度残疾的人，要格外留意。');
  });

  it('does not say that what was forecast has happened, nor a word twice', () => {
    expect(told(shock('hail', { observed: false }))).toContain('永定镇一带预报可能发生冰雹灾害（橙色）');
    expect(told(shock('geological'))).toContain('发生地质灾害（橙色）');
    const goats = household({ livelihoods: [{ product: GOAT, quantity: 12, place: HOME }] });
    expect(told(shock('animal-disease', { level: 0 }), goats)).toMatch(/发生动物疫情，.+山羊12只.+山羊每只500元/);
  });

  it('counts birds and goats by 只', () => {
    const dead = create(AreaAnimalsSchema, {
      region: '532327101',
      product: POULTRY,
      deadHeads: 200,
      culledHeads: 4_000,
    });
    const birds = household({ livelihoods: [{ product: POULTRY, quantity: 300, place: HOME }] });
    expect(told(shock('bird-flu', { animalDisease: [dead] }), birds, [40_000])).toMatch(
      /家禽死亡200只、扑杀4000只.+养有家禽300只.+家禽每只15元/,
    );
  });

  it('counts who worked there by branch', () => {
    const jobs = [200, 203].map((product) => ({ product, quantity: 1, place: 441900000000000 }));
    const layOff = shock('lay-off', { level: 0, regions: ['4419'], layOff: create(LayOffSchema, {}) });
    expect(told(layOff, household({ wageFenPerWorker: 3_000_000, livelihoods: jobs }))).toContain(
      '在那里务工的有1人（建筑）、1人（农业务工），务工的人平均每人一年挣30,000元',
    );
  });
});

describe('what an old farmer reads of a house', () => {
  it('is told what its grade means, and why the bill is a risk', () => {
    const house = [{ product: houseCode({ grade: 3, only: true }), quantity: 1, place: HOME }];
    const quake = shock('earthquake', { intensity: [create(AreaIntensitySchema, { region: '532327', intensity: 8 })] });
    expect(told(quake, household({ livelihoods: house }))).toMatch(
      /评定为C级危房（局部危险）.+花完平均每人还差10,000元.+必须花的钱太多，因此提示为红色风险/,
    );
  });

  it('is told that it may not be among those that a report counts, and what a bill would be if it is', () => {
    const house = [{ product: houseCode({ grade: 3, only: true }), quantity: 1, place: HOME }];
    const report = shock('flood', {
      damage: [create(AreaDamageSchema, { region: '532327101', housesCollapsed: 2, housesDamaged: 40 })],
    });
    const standing = [0, 0, 0, 500, 0];
    const alone = household({ livelihoods: house, persons: 1, perCapitaFen: 900_000 });
    const text = told(report, alone, standing, 'dwelling');
    expect(text).toMatch(
      /坏了的是哪些户还不清楚，摊到像这样的每一户，修房约[\d,]+元（没坏的不用花钱，真坏了的多则[\d,]+元）/,
    );
    expect(text).not.toMatch(/少则|平均每人要花/);
  });
});
