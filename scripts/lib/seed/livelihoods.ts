/** What a made-up household lives on: fields, animals, work away from home. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { LivelihoodLine } from '../../../services/household-registry/src/bulk/household-line.ts';
import type { Member } from '../../../services/household-registry/src/households/household.ts';
import { LARGE_PIG_HERD, LARGE_PIG_SHARE, productShapes, workPlaces, type ProductShape } from './calibration.ts';
import type { Random } from './prng.ts';

const FIRST_ANIMAL = 100;
const PIG = 100;
const MAIZE = 2;

/** Fields and animals at `landPlace`, then one livelihood for each branch and place of work. */
export function makeLivelihoods(
  members: readonly Member[],
  home: RegionCode,
  landPlace: RegionCode,
  random: Random,
): LivelihoodLine[] {
  const hands = members.filter(({ labour }) => labour !== 'none' && labour !== 'lost').length;
  const farming = hands === 0 ? 0.35 : 1;
  const farm = productShapes
    .filter((shape) => random.chance(farming * (shape.townships?.[home.slice(0, 9)] ?? shape.share)))
    .map((shape): LivelihoodLine => {
      // Animals live where the people do.
      const placeCode = shape.product >= FIRST_ANIMAL ? home : landPlace;
      return { product: shape.product, placeCode, quantity: quantityOf(shape, random) };
    });
  return [...farm, ...jobsOf(members, home, random)];
}

/** The same, with a mu of maize where there is no field. */
export function withField(livelihoods: readonly LivelihoodLine[], landPlace: RegionCode): readonly LivelihoodLine[] {
  if (livelihoods.some(({ product }) => product < FIRST_ANIMAL)) return livelihoods;
  return [{ product: MAIZE, placeCode: landPlace, quantity: 100 }, ...livelihoods];
}

/** Yuan of sales a year that these livelihoods stand for; only weighs one household against another. */
export function farmWorth(livelihoods: readonly LivelihoodLine[]): number {
  return livelihoods.reduce((sum, { product, quantity }) => {
    const shape = productShapes.find((known) => known.product === product);
    if (shape === undefined) return sum;
    return sum + shape.worth * (product < FIRST_ANIMAL ? quantity / 100 : quantity);
  }, 0);
}

function quantityOf({ product, low, high }: ProductShape, random: Random): number {
  if (product === PIG && random.chance(LARGE_PIG_SHARE)) return random.between(...LARGE_PIG_HERD);
  return Math.max(1, Math.round(low + (high - low) * random.next() ** 2));
}

function jobsOf(members: readonly Member[], home: RegionCode, random: Random): LivelihoodLine[] {
  const jobs = new Map<string, LivelihoodLine>();
  for (const { workBranch } of members) {
    if (workBranch === 0) continue;
    const place = random.pick(workPlaces);
    const placeCode = place === 'own-prefecture' ? home.slice(0, 4) : place;
    const key = `${workBranch}/${placeCode}`;
    jobs.set(key, { product: workBranch, placeCode, quantity: (jobs.get(key)?.quantity ?? 0) + 1 });
  }
  return [...jobs.values()];
}
