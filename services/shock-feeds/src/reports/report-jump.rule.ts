/**
 * Whether a later report of one event needs a written explanation: figures normally only grow, and sharp jumps up or down
 * are explained in writing (灾情统计办法; rulebook §13.5). What is sharp is policy.
 */
import { InvalidValue } from '@fangpin/domain-kit';
import type { ReportJump } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';
import type { AreaDamage } from '../shocks/shock.js';
import type { ShockReport } from './report.js';

/** Names of the members of a report; areas in mu. */
const FIGURES = ['cropHitMu', 'cropDamagedMu', 'cropLostMu', 'housesCollapsed', 'housesDamaged'] as const;
export type Figure = (typeof FIGURES)[number];
export type Figures = Readonly<Record<Figure, number>>;

export interface Jump {
  readonly figure: Figure;
  readonly before: number;
  readonly after: number;
}

const CENTIMU = 100;

/** Sums over all areas of a report: areas may be named more finely from one report to the next. */
export function figuresOf(damage: readonly AreaDamage[]): Figures {
  const sum = (of: (area: AreaDamage) => number): number => damage.reduce((total, area) => total + of(area), 0);
  return {
    cropHitMu: sum((area) => area.cropHitCentimu) / CENTIMU,
    cropDamagedMu: sum((area) => area.cropDamagedCentimu) / CENTIMU,
    cropLostMu: sum((area) => area.cropLostCentimu) / CENTIMU,
    housesCollapsed: sum((area) => area.housesCollapsed),
    housesDamaged: sum((area) => area.housesDamaged),
  };
}

/** The figures that fall, or grow by more than policy lets pass without a word. What was not reported before is no jump. */
export function jumpsBetween(before: Figures, after: Figures, policy: ReportJump): Jump[] {
  return FIGURES.map((figure) => ({ figure, before: before[figure], after: after[figure] })).filter(
    ({ figure, before: from, after: to }) => {
      if (from === 0) return false;
      if (to < from) return true;
      const least = figure.startsWith('houses') ? policy.fromHouses : policy.fromMu;
      return to > from * policy.growthFactor && to >= least;
    },
  );
}

/** The explanation as a note on the message, where there is something to explain; refuses jumps without one (400). */
export function explainedJumps(before: readonly AreaDamage[], report: ShockReport, policy: ReportJump): Problem[] {
  const jumps = jumpsBetween(figuresOf(before), figuresOf(report.damage), policy);
  if (jumps.length === 0) return [];
  const text = jumps.map((jump) => `${jump.figure} from ${jump.before} to ${jump.after}`).join(', ');
  if (report.explanation === undefined)
    throw new InvalidValue('explanation', null, `must be given where figures fall or jump (${text})`);
  return [{ code: 'REPORT.JUMP_EXPLAINED', text: `数据突增或突减，书面说明：${report.explanation}` }];
}
