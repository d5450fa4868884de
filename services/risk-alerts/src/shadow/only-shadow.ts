/**
 * What only the shadow policy would alert about: shocks that the live one recorded or made a notice since the shadow version is known here.
 * No household is judged for them live, so there is no run to compare; a simulation of the shock under the values tells how many it would be.
 */
import { Lane as MessageLane, ShockState } from '@fangpin/contracts';
import { dutyRange, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ShadowPolicy } from './shadow-policy.js';
import type { OnlyShadowShock, OnlyShadowShocks } from './shadow-run.response.js';

/** Named; the others are counted. */
const NAMED = 20;

interface Row extends Omit<OnlyShadowShock, 'lane'> {
  readonly lane: number;
  /** All of them, in each row. */
  readonly count: number;
  readonly [column: string]: unknown;
}

// The last of a day are those with the highest ids, so that every reading names the same.
const FOUND = `
SELECT s.shock_id AS "shockId", s.lane, s.kind, s.headline, s.judged_on AS "judgedOn", count(*) OVER ()::int AS count
FROM shadow_shocks j JOIN shocks s ON s.shock_id = j.shock_id AND s.revision = j.revision
WHERE j.shadow_version = $1 AND j.alerts AND s.state <> ${ShockState.CANCELLED} AND s.judged_on >= $2
  AND NOT EXISTS (SELECT FROM origins o WHERE o.shock_id = s.shock_id)
  AND EXISTS (SELECT FROM unnest(j.los, j.his) AS area (lo, hi) WHERE area.lo < $4 AND area.hi > $3)
ORDER BY s.judged_on DESC, s.shock_id DESC LIMIT ${NAMED}`;

@Injectable()
export class OnlyShadow {
  constructor(
    private readonly database: Database,
    private readonly shadow: ShadowPolicy,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Those that reach into an area, as far as they are judged (judge-shocks.ts); null where no shadow policy is set. */
  async execute(region: RegionCode): Promise<OnlyShadowShocks | null> {
    const { policy } = this.shadow;
    if (policy === undefined) return null;
    const { lo, hi } = dutyRange(region);
    const rows = await this.database.transaction(cellScope('job:shadow', this.env.cellRegion), async (tx) => {
      const [known] = await tx.query<{ at: Date }>(
        'SELECT first_loaded_at AS at FROM policy_versions WHERE version = $1',
        [policy.version],
      );
      return known === undefined ? [] : tx.query<Row>(FOUND, [policy.version, shanghaiDay(known.at), lo, hi]);
    });
    return {
      count: rows[0]?.count ?? 0,
      shocks: rows
        .map(({ shockId, lane, kind, headline, judgedOn }) => ({
          shockId,
          lane: lane === MessageLane.NOTICE ? ('notice' as const) : ('recorded' as const),
          kind,
          headline,
          judgedOn,
        }))
        .reverse(),
    };
  }
}
