/**
 * A policy applied backwards over earlier shocks, which judges as many households again as the shock strikes, several times over.
 * They live in another prefecture, so that the shock that is measured finds the same as alone.
 */
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { HttpClient } from '../client/http-client.ts';
import { followFanOut } from '../client/fan-out.ts';
import { untilNothingIsOnItsWay, type Observed } from '../client/on-its-way.ts';
import { Failure } from '../failure.ts';
import type { Beside } from './beside.ts';
import type { ShockApplication } from './kills-application.ts';
import { waitFor } from './wait.ts';

/** Enough that they last longer than the shock that is measured. */
const EARLIER = 8;
const UNDER_WAY = { everyMs: 20, timeoutMs: 60_000 };
const OVER_MS = 600_000;
const PREFECTURES = ['5308', '5305'] as const;

/** Bulk slices by whether they are done. */
const SLICES = `SELECT count(*) FILTER (WHERE state IN ('stored', 'published'))::int AS done, count(*)::int AS cut
  FROM slices WHERE lane = 'bulk' AND created_at >= $1`;

export interface SweepParts {
  readonly client: HttpClient;
  readonly system: Observed;
  readonly region: RegionCode;
  /** The shock on an area; another one by its number. */
  readonly shockOn: (region: RegionCode, number: number) => object;
  readonly onset: string;
}

/** Where the swept households live: a prefecture that the measured shock does not touch. */
export function sweptRegion(region: RegionCode): RegionCode {
  const other = PREFECTURES.find((code) => !region.startsWith(code) && !code.startsWith(region));
  if (other === undefined) throw new Failure(`no prefecture lies outside ${region}: --beside sweep takes a prefecture`);
  return parseRegionCode(other);
}

/** Sends the earlier shocks, to be judged again in each run. The households must be there. */
export async function sweepBeside(parts: SweepParts): Promise<Beside> {
  const { client, system, region } = parts;
  const shockIds: string[] = [];
  for (let n = 1; n <= EARLIER; n += 1) {
    const { shockId } = await client.post<{ shockId: string }>('/v1/shocks', parts.shockOn(region, 1_000 + n));
    await followFanOut(client, shockId);
    shockIds.push(shockId);
  }
  await untilNothingIsOnItsWay(system, OVER_MS);
  let number = 0;
  let running: { readonly applicationId: string; readonly since: Date } | undefined;
  return {
    async start() {
      // What has been judged by the version that runs would be left alone: it is noted as judged by one before.
      await system.sql('shock-feeds', `UPDATE shocks SET policy_version = 'earlier' WHERE shock_id = ANY($1::uuid[])`, [
        shockIds,
      ]);
      const [clock] = await system.sql<{ now: Date }>('risk-alerts', 'SELECT clock_timestamp() AS now');
      const day = parts.onset.slice(0, 10);
      number += 1;
      const { applicationId, shocks } = await client.post<{ applicationId: string; shocks: number }>(
        '/v1/policy-applications',
        { since: day, until: day, kinds: ['hail'], region, reason: `基准测试 ${number}`, document: '基准测试' },
      );
      if (shocks !== EARLIER) throw new Failure(`the application is about ${shocks} shocks, not ${EARLIER}`);
      running = { applicationId, since: (clock as { now: Date }).now };
      const { since } = running;
      await waitFor({ what: 'the sweep is under way', ...UNDER_WAY }, async () => {
        const [slices] = await system.sql<{ done: number }>('risk-alerts', SLICES, [since]);
        return slices && slices.done > 0 ? true : undefined;
      });
    },
    async stop() {
      if (running === undefined) throw new Failure('nothing is swept');
      const { applicationId, since } = running;
      const [at] = await system.sql<{ done: number; cut: number }>('risk-alerts', SLICES, [since]);
      await untilNothingIsOnItsWay(system, OVER_MS);
      // Those that were parked or left were not swept.
      const turn = await client.get<ShockApplication>(`/v1/policy-applications/${applicationId}`);
      const [end] = await system.sql<{ done: number; cut: number }>('risk-alerts', SLICES, [since]);
      if (at === undefined || end === undefined || turn.judged !== EARLIER)
        throw new Failure(
          `the sweep has judged ${turn.judged} of ${EARLIER} shocks again; ${turn.parked} parked, ${turn.left} left`,
        );
      if (at.done >= end.done) throw new Failure('the sweep was over before the shock: more households make it longer');
      return { slicesDoneMeanwhile: at.done, slicesDoneAfter: end.done - at.done };
    },
  };
}
