/** The model of houses, compiled for one shock and one township: as fast as that of crops, one look-up a household. */
import { dutyRange, isWithin, type DutyRange, type RegionCode } from '@fangpin/domain-kit';
import { levelName, underPolicy, type DwellingGradeFactor, type HouseDamage, type PolicySet } from '@fangpin/policy';
import { lossByDamage, lossByHouseReport, type HouseLoss } from './dwelling-loss.rule.js';
import type { AssessedHousehold, ExposedLivelihood, LossRange } from './household.js';
import { levelFrom } from './level-ladder.js';
import { narrowestFirst, NOTHING, type LossModel, type StandingAreas } from './model.js';
import { reportedFields } from './reported-fields.js';
import { judge, type Need } from './severity.rule.js';
import { severityPolicyOf } from './severity-policy.js';
import type { DamagedArea, ShockFacts } from './shock-facts.js';
import { HOUSE_GRADES, houseOf, type House } from './things.js';

/** How the damage to houses is known: counted by a report, by intensity, or from hazard and level alone. */
export type DwellingBasis = 'report' | 'intensity' | 'level' | 'none';

export function dwellingBasis(shock: ShockFacts): DwellingBasis {
  if (shock.damage.some(namesHouses)) return 'report';
  if (shock.intensity.length > 0) return 'intensity';
  // A report of crops alone says that no house is known to be hit; one that names an area and counts nothing says nothing.
  return reportedFields(shock).length === 0 ? 'level' : 'none';
}

export function namesHouses({ housesCollapsed, housesDamaged }: DamagedArea): boolean {
  return housesCollapsed + housesDamaged > 0;
}

/** Where the houses stand that a shock can touch. */
export function dwellingRanges(shock: ShockFacts): readonly DutyRange[] {
  const basis = dwellingBasis(shock);
  if (basis === 'none') return [];
  if (basis === 'level') return shock.ranges;
  return basis === 'report'
    ? shock.damage.filter(namesHouses).map(({ range }) => range)
    : shock.intensity.map(({ range }) => range);
}

interface Area {
  readonly range: DutyRange;
  lossOf(house: House): HouseLoss;
}

interface HouseRisk extends HouseLoss {
  readonly need?: Need;
}

const NO_RISK: HouseRisk = { bill: NOTHING, unsafe: 0 };

export interface DwellingModel extends LossModel {
  /** Bill and probability of one house, for explanations. */
  riskOf(house: ExposedLivelihood): HouseRisk;
}

export function compileDwellingModel(
  shock: ShockFacts,
  standing: StandingAreas,
  policy: PolicySet,
  township: RegionCode,
): DwellingModel {
  const severity = severityPolicyOf(shock, policy, township);
  const areas = areasOf(shock, standing, policy, township);
  const bands = policy.get('no-income-bands', township, shock.judgedOn).value.unsafeDwellingFrom;
  const known = new Map<number, HouseRisk>();

  const riskOf = ({ product, place }: ExposedLivelihood): HouseRisk => {
    const area = areas.findIndex(({ range }) => isWithin(place, range));
    if (area < 0) return NO_RISK;
    const slot = product * (areas.length + 1) + area;
    const before = known.get(slot);
    if (before !== undefined) return before;
    const risk = riskIn(areas[area], houseOf(product), bands);
    known.set(slot, risk);
    return risk;
  };
  const loss = (household: AssessedHousehold): LossRange => {
    const house = household.livelihoods[0];
    const { low, middle, high } = house === undefined ? NOTHING : riskOf(house).bill;
    return { low: Math.round(low), middle: Math.round(middle), high: Math.round(high) };
  };
  return {
    policy: severity,
    riskOf,
    unitLoss: (house) => riskOf(house).bill,
    loss,
    assess(household) {
      const range = loss(household);
      const house = household.livelihoods[0];
      if (range.high <= 0 || house === undefined) return undefined;
      return judge(household, range, severity, 'spending', riskOf(house).need);
    },
  };
}

function riskIn(area: Area | undefined, house: House | undefined, bands: Parameters<typeof levelFrom>[1]): HouseRisk {
  if (area === undefined || house === undefined) return NO_RISK;
  const loss = area.lossOf(house);
  const level = house.only ? levelFrom(loss.unsafe, bands) : 0;
  return level === 0 ? loss : { ...loss, need: { reason: 'dwellingDamaged', level } };
}

/** Areas that meet the township, the narrowest first: an area takes what is said of the nearest one named around it. */
function areasOf(shock: ShockFacts, standing: StandingAreas, policy: PolicySet, township: RegionCode): Area[] {
  const day = shock.judgedOn;
  const rebuild = policy.get('dwelling-cost', township, day).value.rebuildFen;
  const grades = policy.get('dwelling-grade', township, day).value;
  const ofDamage = (range: DutyRange, damage: HouseDamage): Area => ({
    range,
    lossOf: (house) => lossByDamage(damage, factorOf(grades, house.grade), rebuild),
  });
  const basis = dwellingBasis(shock);
  if (basis === 'level') {
    const hazard = underPolicy(() => policy.get('dwelling-hazard', township, day, shock.kind));
    const damage = hazard?.value[levelName(shock.level)];
    return damage === undefined ? [] : shock.ranges.map((range) => ofDamage(range, damage));
  }
  if (basis === 'intensity')
    return narrowestFirst(shock.intensity)
      .filter(({ range }) => meets(range, township))
      .flatMap(({ range, intensity }) => {
        const damage = underPolicy(() => policy.get('dwelling-quake', township, day, `intensity-${intensity}`));
        // Below the first degree that damages houses there is no record; the area still hides a wider one around it.
        return ofDamage(range, damage?.value ?? NO_DAMAGE);
      });
  if (basis === 'none') return [];
  const report = policy.get('dwelling-report', township, day).value;
  const reported = shock.damage.map((area, i) => ({
    range: area.range,
    houses: {
      collapsed: area.housesCollapsed,
      damaged: area.housesDamaged,
      weighedHouses: weighed(standing, i, grades),
    },
  }));
  return narrowestFirst(reported)
    .filter(({ range, houses }) => meets(range, township) && houses.collapsed + houses.damaged > 0)
    .map(({ range, houses }) => ({
      range,
      lossOf: ({ grade }) => lossByHouseReport(houses, factorOf(grades, grade), report, rebuild),
    }));
}

const NO_DAMAGE: HouseDamage = { repair: { low: 0, middle: 0, high: 0 }, unsafe: 0 };

/** Houses of a reported area by grade stand one after the other in `standing`; each counts by the factor of its grade. */
function weighed(standing: StandingAreas, area: number, grades: DwellingGradeFactor): number {
  return HOUSE_GRADES.reduce(
    (sum, _, grade) => sum + (standing[area * HOUSE_GRADES.length + grade] ?? 0) * factorOf(grades, grade),
    0,
  );
}

function factorOf({ factor }: DwellingGradeFactor, grade: number): number {
  return factor[HOUSE_GRADES[grade] ?? 'unknown'];
}

function meets(range: DutyRange, township: RegionCode): boolean {
  const own = dutyRange(township);
  return range.lo < own.hi && own.lo < range.hi;
}
