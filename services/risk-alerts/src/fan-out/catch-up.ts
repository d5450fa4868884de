/**
 * Brings fan-outs that were planned before the exposure had read to their pins to where they would be had they waited: households
 * that were read late are looked at again like any that change, and so is everybody where what stood in the fields has changed by it.
 */
import { isDeepStrictEqual } from 'node:util';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import { productsAtRisk } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { standingAreas } from './plan-fan-outs.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { hasRead } from './unread-exposure.js';

@Injectable()
export class CatchUp {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
  ) {}

  /** Answers how many have caught up; they may settle now. */
  async execute(): Promise<number> {
    const scope = cellScope('job:catch-up', this.env.cellRegion);
    const behind = await this.database.transaction(scope, (tx) => findFanOuts(tx, `f.behind AND f.state = 'running'`));
    let done = 0;
    for (const fanOut of behind)
      if (await hasRead(this.database, this.settings.consumerGroup, fanOut.pins))
        done += await this.database.transaction(scope, (tx) => this.catchUp(tx, fanOut));
    return done;
  }

  private async catchUp(tx: Tx, fanOut: FanOut): Promise<number> {
    const { origin, shockRevision } = fanOut;
    // Among those that wait to be looked at may be what was read late, and when the shock ends first nobody looks at them. A slice that
    // runs may judge by what stood before.
    const [held] = await tx.query(
      `SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision = $2 AND behind AND NOT EXISTS (SELECT FROM relooks)
         AND NOT EXISTS (SELECT FROM slices s WHERE s.origin = $1 AND s.state IN ('waiting', 'claimed'))
       FOR UPDATE SKIP LOCKED`,
      [origin, shockRevision],
    );
    if (held === undefined) return 0;
    const products = productsAtRisk(fanOut.shock, await this.policies.get(fanOut.policyVersion));
    const standing = await standingAreas(tx, await liveExposure(tx, 'read'), fanOut.shock, products);
    if (isDeepStrictEqual(standing, fanOut.standing))
      return tx.execute('UPDATE fan_outs SET behind = false WHERE origin = $1 AND shock_revision = $2', [
        origin,
        shockRevision,
      ]);
    // The share that a report says is lost is of what stands: judged by a part of it, everybody had lost too much.
    await tx.execute('UPDATE fan_outs SET standing = $3 WHERE origin = $1 AND shock_revision = $2', [
      origin,
      shockRevision,
      JSON.stringify(standing),
    ]);
    await tx.execute(LOOK_AT_ALL, [origin]);
    return 0;
  }
}

const LOOK_AT_ALL = `
  INSERT INTO relooks (household_id, duty_code)
  SELECT household_id, max(duty_code) FROM alerts WHERE origin = $1 GROUP BY household_id
  UNION SELECT id, w.duty_code FROM withheld w, unnest(w.household_ids) AS id WHERE w.origin = $1
  ON CONFLICT (household_id) DO NOTHING`;
