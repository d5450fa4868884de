/**
 * Wages of one earner, lost for several reasons: a main earner who has an accident, is disabled by it and dies of it cannot lose more than
 * the wages of a year. Pure: such a wage is a thing as a field is (shared-things.rule.ts). Who of a household was laid off nobody says: as
 * long as there are earners of whom departments tell, those are taken to be the ones, for the same wage is not lost twice. Earners of whom only
 * the household is named (person 0) are one: nobody says that they are two.
 */
import { livelihoodsOf } from '../fan-out/alert-rows.js';
import type { LossRange } from '../loss/household.js';
import { EARNER } from '../loss/things.js';
import type { StandingAlert } from './joint-risk.rule.js';
import { thingKey, type ThingLoss } from './shared-things.rule.js';

/** The alerts, those that take of the wages of an earner with what they take of it. Alerts of shocks stay as they are where there is no such earner. */
export function withEarners(alerts: readonly StandingAlert[]): readonly StandingAlert[] {
  const earners = [...new Set(alerts.filter(takesEarner).map(({ found }) => found?.person ?? 0))].sort((a, b) => a - b);
  if (earners.length === 0) return alerts;
  const laidOff = earnersOfJobs(
    alerts.filter(({ cause }) => cause === 'job-loss'),
    earners,
  );
  return alerts.map((alert) => {
    if (takesEarner(alert)) return { ...alert, things: [wagesOf(alert, alert.found?.person ?? 0, alert.loss)] };
    return alert.cause === 'job-loss' ? { ...alert, things: jobsOf(alert, laidOff) } : alert;
  });
}

const takesEarner = ({ found, loss }: StandingAlert): boolean => found?.ofIncome === true && loss.high > 0;

/** What is worth a year's wage, fen; not known where the household's wages are not. */
function wagesOf({ wageFenPerWorker }: StandingAlert, place: number, loss: LossRange, workers = 1): ThingLoss {
  const wage = (wageFenPerWorker ?? 0) * workers;
  return { product: EARNER, place, loss, worth: { low: wage, middle: wage, high: wage } };
}

/** Earners by job (branch and place), in order of both, as many as work there at most. */
function earnersOfJobs(layOffs: readonly StandingAlert[], earners: readonly number[]): ReadonlyMap<string, number[]> {
  const workers = new Map<string, number>();
  for (const job of layOffs.flatMap(({ inputs }) => livelihoodsOf(inputs)))
    workers.set(thingKey(job), Math.max(workers.get(thingKey(job)) ?? 0, job.quantity));
  const left = [...earners];
  return new Map([...workers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([job, count]) => [job, left.splice(0, count)]));
}

/** A lay-off, worker by worker where it may be an earner, and job by job for the others. */
function jobsOf(alert: StandingAlert, earnersOf: ReadonlyMap<string, number[]>): ThingLoss[] {
  const jobs = livelihoodsOf(alert.inputs);
  const all = jobs.reduce((sum, { quantity }) => sum + quantity, 0);
  const lossOf = (workers: number): LossRange => {
    const of = (fen: number): number => (all === 0 ? 0 : (fen * workers) / all);
    return { low: of(alert.loss.low), middle: of(alert.loss.middle), high: of(alert.loss.high) };
  };
  return jobs.flatMap((job) => {
    const earners = (earnersOf.get(thingKey(job)) ?? []).slice(0, job.quantity);
    const others = job.quantity - earners.length;
    const rest = { ...wagesOf(alert, job.place, lossOf(others), others), product: job.product };
    return [...earners.map((earner) => wagesOf(alert, earner, lossOf(1))), ...(others > 0 ? [rest] : [])];
  });
}
