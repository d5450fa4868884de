/** What a report is to the shock that it names: the next one of the same event, or what a forecast has become. */
import type { FieldProblem } from '@fangpin/domain-kit';
import type { ForecastMatch } from '@fangpin/policy';
import type { ShockState } from '../shocks/shock.js';
import type { ShockReport } from './report.js';

export interface NamedShock {
  readonly origin: string;
  readonly kind: string;
  readonly observed: boolean;
  readonly state: ShockState;
}

export type FollowUp =
  | { readonly is: 'next' }
  /** The figures of a shock that is over are put right; it stays over. */
  | { readonly is: 'final-count' }
  | { readonly is: 'come-true' }
  | { readonly is: 'refused'; readonly problem: FieldProblem };

/**
 * A report goes on with an open report of the same kind (续报), counts again what was observed and is over (核报 follows days
 * after things are stable, rulebook §13.5), or makes a forecast come true that may announce its kind and was not called off. Everything else is refused: warnings and prices are told on by their own sources.
 */
export function followUpOf(report: ShockReport, named: NamedShock, match: ForecastMatch): FollowUp {
  if (report.observed && !named.observed) {
    if (!announces(named.kind, report.kind, match))
      return refused('kind', report.kind, `must be what a forecast of ${named.kind} can announce`);
    if (named.state === 'cancelled') return refused('shockId', report.shockId, 'must not name a forecast called off');
    return { is: 'come-true' };
  }
  if (named.origin !== 'report') return refused('shockId', report.shockId, 'must name a report, or a forecast');
  if (report.observed !== named.observed)
    return refused('observed', report.observed, 'must be true for a shock that has been observed');
  if (report.kind !== named.kind) return refused('kind', report.kind, `must be that of the shock (${named.kind})`);
  if (named.state === 'open') return { is: 'next' };
  if (named.state === 'ended' && named.observed) return { is: 'final-count' };
  return refused('shockId', report.shockId, 'must name a shock that is open, or one that was observed and is over');
}

/** Whether a warning of one kind can be of what was then observed. */
export function announces(forecast: string, observed: string, match: ForecastMatch): boolean {
  return forecast === observed || match.kinds.includes(forecast);
}

function refused(field: string, value: unknown, rule: string): FollowUp {
  return { is: 'refused', problem: { field, value: value ?? null, rule } };
}
