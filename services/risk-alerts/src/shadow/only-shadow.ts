/**
 * What only the shadow policy would alert about: shocks that the live one recorded or made a notice since the shadow version is known here.
 * No household is judged for them live, so there is no run to compare; a simulation of the shock under the values tells how many it would be.
 */
import { contains, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { byShock } from '../simulations/known-shocks.js';
import { NotAlerted } from '../simulations/not-alerted.js';
import { ShadowPolicy } from './shadow-policy.js';
import type { OnlyShadowShocks } from './shadow-run.response.js';

/** Named; the others are counted. */
const NAMED = 20;

@Injectable()
export class OnlyShadow {
  constructor(
    private readonly database: Database,
    private readonly shadow: ShadowPolicy,
    private readonly notAlerted: NotAlerted,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Those that reach into an area; null where no shadow policy is set. */
  async execute(region: RegionCode): Promise<OnlyShadowShocks | null> {
    const { policy } = this.shadow;
    if (policy === undefined) return null;
    const since = await this.database.transaction(cellScope('job:shadow', this.env.cellRegion), (tx) =>
      tx.query<{ at: Date }>('SELECT first_loaded_at AS at FROM policy_versions WHERE version = $1', [policy.version]),
    );
    const [known] = since;
    if (known === undefined) return { count: 0, shocks: [] };
    const found = byShock(await this.notAlerted.since(shanghaiDay(known.at), () => policy)).filter(([{ shock }]) =>
      shock.regions.some((place) => contains(place, region) || contains(region, place)),
    );
    return {
      count: found.length,
      shocks: found.slice(-NAMED).map(([{ shockId, shock, had }]) => ({
        shockId,
        lane: had,
        kind: shock.kind,
        headline: shock.headline,
        judgedOn: shock.judgedOn,
      })),
    };
  }
}
