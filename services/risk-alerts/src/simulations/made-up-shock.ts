/** Makes the event of a shock that has not happened, so that loss models read it as they read a real one. */
import { create } from '@bufbuild/protobuf';
import {
  findProductByKey,
  findProductByName,
  findShockKind,
  findShockKindByName,
  Lane,
  levelKeys,
  levelNames,
  ShockSchema,
  ShockState,
  type Product,
  type Shock,
} from '@fangpin/contracts';
import {
  contains,
  CREDIT_CODE_RULE,
  findRegionCode,
  InvalidFields,
  isCreditCode,
  shanghaiDay,
  type FieldProblem,
  type RegionCode,
} from '@fangpin/domain-kit';
import { regionName } from '@fangpin/regions';
import { isAnimalDisease } from '../loss/shock-facts.js';
import type { MadeUpAnimalsRequest, MadeUpDamageRequest, MadeUpShockRequest } from './made-up-shock.request.js';

const CENTIMU = 100;
/** An id that no real shock has: nothing of it is stored or told on. */
export const MADE_UP_ID = '00000000-0000-0000-0000-000000000000';
const FACTS = {
  priceFall: 'price-fall',
  unsoldStock: 'unsold-stock',
  layOff: 'lay-off',
  waterCut: 'water-cut',
} as const;

export interface MadeUpContext {
  /** The simulated area, where the shock names none. */
  readonly area: RegionCode;
  readonly now: Date;
  readonly policyVersion: string;
}

/** Refuses, naming every bad member, what the shape alone does not show: unknown kinds, places, products, contradictions. */
export function madeUpShock(request: MadeUpShockRequest, { area, now, policyVersion }: MadeUpContext): Shock {
  const problems: FieldProblem[] = [];
  const problem = (member: string, value: unknown, rule: string): void => {
    problems.push({ field: `shock.${member}`, value: value ?? null, rule });
  };
  const kind = kindOf(request, problem);
  const regions = (request.regions ?? [area]).flatMap((text, i) => region(text, `regions[${i}]`, problem) ?? []);
  const onset = request.onset === undefined ? now : instantOf(request.onset, problem);
  const shock = create(ShockSchema, {
    shockId: MADE_UP_ID,
    revision: 0n,
    kind,
    level: levelOf(request.level, problem),
    observed: request.observed ?? true,
    lane: Lane.ALERT,
    state: ShockState.OPEN,
    regions,
    onsetMs: BigInt(onset.getTime()),
    headline: request.headline ?? '假设的冲击',
    source: '假设，并未发生',
    policyVersion,
    judgedOn: shanghaiDay(onset),
    damage: damageOf(request.damage ?? [], regions, problem),
    animalDisease: animalsOf(request.animalDisease ?? [], regions, problem),
    intensity: (request.intensity ?? []).flatMap((zone, i) => {
      const place = region(zone.region, `intensity[${i}].region`, problem);
      if (place === undefined) return [];
      if (regions.length > 0 && !regions.some((one) => contains(one, place) || contains(place, one)))
        problem(`intensity[${i}].region`, zone.region, 'must overlap one of regions');
      return [{ region: place, intensity: zone.intensity }];
    }),
    intensityReported: request.intensity !== undefined,
    ...marketFacts(request, shanghaiDay(onset), problem),
  });
  if (problems.length > 0) throw new InvalidFields(problems);
  return shock;
}

/** Weeks and days of the year are dates of ISO 8601 too, and a time without an offset is another one on each machine. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const NO_INSTANT = new Date(0);

function instantOf(text: string, problem: Complain): Date {
  const instant = new Date(DAY.test(text) ? `${text}T00:00:00+08:00` : text);
  if ((DAY.test(text) || INSTANT.test(text)) && !Number.isNaN(instant.getTime())) return instant;
  problem('onset', text, 'must be a time in RFC 3339 with offset, or a day');
  return NO_INSTANT;
}

type Complain = (member: string, value: unknown, rule: string) => void;

function kindOf(request: MadeUpShockRequest, problem: Complain): string {
  const members = (Object.keys(FACTS) as (keyof typeof FACTS)[]).filter((name) => request[name] !== undefined);
  const said = members[0];
  for (const other of members.slice(1)) problem(other, null, `does not go with ${said}: one shock at a time`);
  if (request.kind === undefined) {
    if (said !== undefined) return FACTS[said];
    problem('kind', null, 'must be given, or one of priceFall, unsoldStock, layOff, waterCut');
    return '';
  }
  const kind = (findShockKind(request.kind) ?? findShockKindByName(request.kind))?.kind;
  if (kind === undefined) {
    problem('kind', request.kind, 'must be a known kind of shock (hail, flood, price-fall …) or its Chinese name');
    return '';
  }
  for (const [member, ofKind] of Object.entries(FACTS) as [keyof typeof FACTS, string][]) {
    if (kind === ofKind && request[member] === undefined) problem(member, null, `must be given for kind ${kind}`);
    if (kind !== ofKind && request[member] !== undefined) problem(member, null, `belongs to kind ${ofKind}`);
  }
  if (request.animalDisease !== undefined && !isAnimalDisease(kind))
    problem('animalDisease', null, 'belongs to animal diseases (african-swine-fever …)');
  if (request.damage !== undefined && isAnimalDisease(kind)) problem('damage', null, 'belongs to disasters');
  if (request.damage !== undefined && said !== undefined) problem('damage', null, 'belongs to disasters');
  return kind;
}

function levelOf(text: string | undefined, problem: Complain): number {
  if (text === undefined || text === 'unknown') return 0;
  for (const level of [1, 2, 3, 4] as const)
    if ([levelKeys[level], levelNames[level], levelNames[level].slice(0, 1)].includes(text)) return level;
  problem('level', text, 'must be blue, yellow, orange, red or unknown');
  return 0;
}

function region(text: string, member: string, problem: Complain): RegionCode | undefined {
  const code = findRegionCode(text);
  if (code === undefined)
    problem(member, text, 'must be a region code of 2, 4, 6, 9 or 12 digits (00 for the whole country)');
  else if (code !== '00' && regionName(code) === undefined) problem(member, text, 'must be a known region');
  else return code;
  return undefined;
}

function damageOf(damage: readonly MadeUpDamageRequest[], regions: readonly RegionCode[], problem: Complain) {
  return damage.flatMap((entry, i) => {
    const at = `damage[${i}]`;
    const { cropHitMu = 0, cropDamagedMu = 0, cropLostMu = 0 } = entry;
    // 受灾 holds 成灾, which holds 绝收 (rulebook §13.5).
    if (cropDamagedMu > cropHitMu) problem(`${at}.cropDamagedMu`, cropDamagedMu, 'must not exceed cropHitMu');
    if (cropLostMu > cropDamagedMu) problem(`${at}.cropLostMu`, cropLostMu, 'must not exceed cropDamagedMu');
    const products = (entry.products ?? []).flatMap(
      (name, n) => product(name, `${at}.products[${n}]`, ['crop'], problem)?.code ?? [],
    );
    const place = region(entry.region, `${at}.region`, problem);
    if (place === undefined) return [];
    if (regions.length > 0 && !regions.some((outer) => contains(outer, place)))
      problem(`${at}.region`, entry.region, 'must lie within one of regions');
    return [
      {
        region: place,
        cropHitCentimu: BigInt(Math.round(cropHitMu * CENTIMU)),
        cropDamagedCentimu: BigInt(Math.round(cropDamagedMu * CENTIMU)),
        cropLostCentimu: BigInt(Math.round(cropLostMu * CENTIMU)),
        products,
        housesCollapsed: entry.housesCollapsed ?? 0,
        housesDamaged: entry.housesDamaged ?? 0,
      },
    ];
  });
}

function animalsOf(animals: readonly MadeUpAnimalsRequest[], regions: readonly RegionCode[], problem: Complain) {
  return animals.flatMap(({ region: code, product: name, deadHeads = 0, culledHeads = 0 }, i) => {
    const at = `animalDisease[${i}]`;
    const animal = product(name, `${at}.product`, ['animal'], problem);
    const place = region(code, `${at}.region`, problem);
    if (place === undefined || animal === undefined) return [];
    if (regions.length > 0 && !regions.some((outer) => contains(outer, place)))
      problem(`${at}.region`, code, 'must lie within one of regions');
    return [{ region: place, product: animal.code, deadHeads, culledHeads }];
  });
}

function marketFacts({ priceFall, unsoldStock, layOff, waterCut }: MadeUpShockRequest, day: string, problem: Complain) {
  const fall = priceFall && product(priceFall.product, 'priceFall.product', ['crop', 'animal'], problem);
  if (priceFall && priceFall.latestFenPerKg >= priceFall.referenceFenPerKg)
    problem('priceFall.latestFenPerKg', priceFall.latestFenPerKg, 'must lie below referenceFenPerKg');
  if (layOff?.employer !== undefined && !isCreditCode(layOff.employer))
    problem('layOff.employer', layOff.employer, CREDIT_CODE_RULE);
  return {
    ...(priceFall && fall
      ? {
          priceFall: {
            product: fall.code,
            market: priceFall.market ?? '全国',
            referenceFenPerKg: BigInt(priceFall.referenceFenPerKg),
            latestFenPerKg: BigInt(priceFall.latestFenPerKg),
            fromDay: day,
            latestDay: day,
          },
        }
      : {}),
    ...(unsoldStock
      ? {
          unsoldStock: {
            products: unsoldStock.products.flatMap(({ product: name, quantityKg = 0, offeredFenPerKg = 0 }, i) => {
              const found = product(name, `unsoldStock.products[${i}].product`, ['crop', 'animal'], problem);
              const amounts = { quantityKg: BigInt(Math.round(quantityKg)), offeredFenPerKg: BigInt(offeredFenPerKg) };
              return found === undefined ? [] : [{ product: found.code, ...amounts }];
            }),
          },
        }
      : {}),
    ...(layOff
      ? {
          layOff: {
            employer: layOff.employer ?? '',
            branches: (layOff.branches ?? []).flatMap(
              (name, i) => product(name, `layOff.branches[${i}]`, ['job'], problem)?.code ?? [],
            ),
            persons: layOff.persons ?? 0,
          },
        }
      : {}),
    ...(waterCut ? { waterCut: { schemes: waterCut.schemes ?? [], days: waterCut.days ?? 0 } } : {}),
  };
}

const KINDS = { crop: 'crop', animal: 'animal', job: 'branch of work' } as const;

function product(
  name: string,
  member: string,
  kinds: readonly Product['kind'][],
  problem: Complain,
): Product | undefined {
  const found = findProductByName(name) ?? findProductByKey(name);
  if (found !== undefined && kinds.includes(found.kind)) return found;
  problem(member, name, `must be a known ${kinds.map((kind) => KINDS[kind]).join(' or ')} by its key or Chinese name`);
  return undefined;
}
