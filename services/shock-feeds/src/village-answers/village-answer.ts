/** An answer as it comes from assistance-cases, in this service's own shapes. */
import { VillageAnswerState, type VillageAnswer } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

export const answerStates = ['open', 'hit', 'not-hit', 'withdrawn'] as const;
export type AnswerState = (typeof answerStates)[number];

/** Areas in hundredths of a mu, houses in 户; 0 where not stated. */
export interface AnswerHeard {
  readonly shockId: string;
  readonly village: RegionCode;
  readonly revision: number;
  readonly state: AnswerState;
  readonly answeredAt: Date | null;
  readonly cropHitCentimu: number;
  readonly cropLostCentimu: number;
  readonly housesCollapsed: number;
  readonly housesDamaged: number;
  readonly products: readonly number[];
  /** The notice that stands for what happened. */
  readonly principalShockId: string;
}

const STATES: Readonly<Record<VillageAnswerState, AnswerState | undefined>> = {
  [VillageAnswerState.UNSPECIFIED]: undefined,
  [VillageAnswerState.OPEN]: 'open',
  [VillageAnswerState.HIT]: 'hit',
  [VillageAnswerState.NOT_HIT]: 'not-hit',
  [VillageAnswerState.WITHDRAWN]: 'withdrawn',
};

/** Refuses a state that this version does not know: the message parks and is replayed by the next. */
export function answerHeard(said: VillageAnswer): AnswerHeard {
  const state = STATES[said.state];
  if (state === undefined) throw new RangeError(`an answer of state ${said.state} is not known here`);
  return {
    shockId: said.shockId,
    village: parseRegionCode(said.village, 'village'),
    revision: Number(said.revision),
    state,
    answeredAt: said.answeredMs === 0n ? null : new Date(Number(said.answeredMs)),
    cropHitCentimu: Number(said.cropHitCentimu),
    cropLostCentimu: Number(said.cropLostCentimu),
    housesCollapsed: said.housesCollapsed,
    housesDamaged: said.housesDamaged,
    products: said.products,
    principalShockId: said.principalShockId === '' ? said.shockId : said.principalShockId,
  };
}

/** Of each village and shock the highest revision, in the order in which they came. */
export function latestOfEach(answers: readonly AnswerHeard[]): AnswerHeard[] {
  const latest = new Map<string, AnswerHeard>();
  for (const answer of answers) {
    const key = `${answer.shockId}/${answer.village}`;
    if ((latest.get(key)?.revision ?? -1) < answer.revision) latest.set(key, answer);
  }
  return [...latest.values()];
}
