/** What a shock as a whole has in common for the households that it reaches: the employer of a lay-off, the scheme of a water cut. */
import type { Tx } from '@fangpin/persistence';
import { findFanOuts } from '../fan-out/fan-out.js';
import type { ShockFacts } from '../loss/shock-facts.js';

export interface ShockSubject {
  readonly origin: number;
  readonly rule: 'employer' | 'scheme';
  readonly subject: string;
}

/** Subjects of the shocks that any household of the range was alerted for; a fan-out's latest revision tells. */
export async function shockSubjects(tx: Tx, origins: readonly number[]): Promise<ShockSubject[]> {
  if (origins.length === 0) return [];
  const fanOuts = await findFanOuts(
    tx,
    `f.origin = ANY($1::bigint[]) AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)`,
    [origins],
  );
  return fanOuts.flatMap(({ origin, shock }) => subjectOf(shock).map((subject) => ({ origin, ...subject })));
}

function subjectOf({ layOff }: ShockFacts): Omit<ShockSubject, 'origin'>[] {
  return layOff !== undefined && layOff.employer !== '' ? [{ rule: 'employer', subject: layOff.employer }] : [];
}
