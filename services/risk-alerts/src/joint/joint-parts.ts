/** The troubles of a household that may be a joint risk: standing alerts and losses held back, and what became of those that were added up. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { BookedHousehold } from '../episodes/episode-book.js';
import { passesMs, whyGone } from '../episodes/followed-alert.rule.js';
import type { BookedAlert, LifeOf } from '../episodes/household-risks.js';
import { heldByCases } from '../episodes/open-cases.js';
import type { HeldBackLoss } from './held-back.js';
import { dueMs, type MemberFate } from './joint-alert.rule.js';
import { standingParts, type LastJoint } from './joint-rows.js';
import { mayBeJoint } from './joint-verdict.rule.js';
import type { PlacedAlert } from './take-apart.js';

export type Part = Pick<BookedAlert, 'origin' | 'cause' | 'revision' | 'severity' | 'raisedMs'> | HeldBackLoss;

export interface Looked {
  readonly household: BookedHousehold;
  readonly last: LastJoint | undefined;
  /** All that was held back of it, whether it counts still or not. */
  readonly heldBack: readonly HeldBackLoss[];
  /** Standing alerts and losses held back, in order of origin. */
  readonly standing: readonly Part[];
}

/**
 * Alerts that stand: what they hold counts, nothing has answered them, and they are of the time that losses are added up over. One that
 * an open case alone keeps is a risk still, and its loss is in the income by now.
 */
export function standingOf(
  { risks }: BookedHousehold,
  heldBack: readonly HeldBackLoss[],
  lifeOf: LifeOf,
  nowMs: number,
): Part[] {
  const alerts = risks.alerts().filter(({ raised, held, goneSinceMs }) => raised && held > 0 && goneSinceMs === null);
  const losses = heldBack.filter(({ goneWhy }) => goneWhy === null);
  return [...alerts, ...losses]
    .filter((part) => passesMs(part, lifeOf(part.cause)) > nowMs)
    .sort((a, b) => a.origin - b.origin);
}

/** What is to be added up, of households in which that may be a joint risk; in order of origin. */
export async function partsOf(tx: Tx, looked: readonly Looked[]): Promise<Map<number, readonly PlacedAlert[]>> {
  const joint = looked.filter(({ standing }) => mayBeJoint(standing));
  const keys = joint.map(
    ({ household, standing }) =>
      [household.householdId, standing.filter((part): part is BookedAlert => !('part' in part))] as const,
  );
  const alerts = await standingParts(tx, new Map(keys));
  return new Map(
    joint.map(({ household: { householdId }, standing }) => {
      const losses = standing.flatMap((one) => ('part' in one ? one.part : []));
      return [householdId, [...(alerts.get(householdId) ?? []), ...losses].sort((a, b) => a.origin - b.origin)];
    }),
  );
}

/** Households whose joint alert has an open case; asked where something held back is in it, which no case keeps by itself. */
export async function withOpenCase(tx: Tx, looked: readonly Looked[]): Promise<Set<number>> {
  const asked = looked.flatMap(({ last, heldBack }) =>
    last?.stands === true && heldBack.some(({ origin }) => last.members.includes(origin)) ? last : [],
  );
  const held = await heldByCases(
    tx,
    asked.map(({ householdId, origin }) => ({ household_id: householdId, origin })),
  );
  return new Set(held.map(({ household_id: household }) => household));
}

export function fatesOf(
  { household, heldBack }: Looked,
  lifeOf: LifeOf,
  nowMs: number,
  atWork: boolean,
): (origin: number) => MemberFate {
  const alerts = new Map(household.risks.alerts().map((alert) => [alert.origin, alert]));
  const losses = new Map(heldBack.map((loss) => [loss.origin, loss]));
  const fate = (part: Part, kept: boolean): MemberFate => {
    if (passesMs(part, lifeOf(part.cause)) > nowMs) return 'stands';
    return kept ? 'kept' : 'gone';
  };
  return (origin) => {
    const loss = losses.get(origin);
    if (loss?.goneWhy === null) return fate(loss, atWork);
    if (loss !== undefined) return loss.goneWhy === 'answered' ? 'gone' : 'recalled';
    const alert = alerts.get(origin);
    if (alert === undefined) return 'gone';
    if (alert.raised && alert.held > 0 && alert.goneSinceMs === null) return fate(alert, alert.caseOpen);
    const why = whyGone(alert);
    return why === 'answered' || why === 'passed' ? 'gone' : 'recalled';
  };
}

/** When time alone changes a joint alert: what is less has stood long enough, or a loss that was held back, which no episode follows, passes. */
export function nextLookMs(lowerSinceMs: number | null, standing: readonly Part[], lifeOf: LifeOf): number | null {
  const passing = standing.filter((part) => 'part' in part).map((part) => passesMs(part, lifeOf(part.cause)));
  const eases = lowerSinceMs === null ? [] : [dueMs(lowerSinceMs, lifeOf(JOINT_CAUSE))];
  const due = Math.min(...passing, ...eases);
  return due === Infinity ? null : due;
}

export interface MemberRevision {
  readonly origin: number;
  readonly revision: number;
}

/** Alerts that it added up and its open case keeps: they stay among its members, by which the case is known to answer them. */
export function keptOf({ last }: Looked, fateOf: (origin: number) => MemberFate): MemberRevision[] {
  if (last?.stands !== true) return [];
  const members = last.members.map((origin, i) => ({ origin, revision: last.memberRevisions[i] ?? 0 }));
  return members.filter(({ origin }) => fateOf(origin) === 'kept');
}
