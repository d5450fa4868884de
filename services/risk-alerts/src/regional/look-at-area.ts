/** Takes one area that waits to be judged: a county with all areas in it, or a prefecture or province above it. */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { findArea, regionOf } from './areas.js';
import { askForLookAbove } from './ask-for-looks.js';
import { lookAbove } from './look-above.js';
import { lookAtCounty, type Look } from './look-at-county.js';

/** The look at an area failed; it waits as before, and the others need not. */
export class AreaNotJudged extends Error {
  constructor(
    readonly area: number,
    cause: unknown,
  ) {
    super(`area ${area} is not judged`, { cause });
    this.name = 'AreaNotJudged';
  }
}

/** First key of the advisory locks that keep two instances from judging one area at once. */
const LOCK = 0x7265;

@Injectable()
export class LookAtArea {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes the area that waits longest, but none of those to be passed by, and judges it; then the area above it waits. Answers its
   * region code, or nothing when none waits that nobody else has. Throws {@link AreaNotJudged} where that area fails.
   */
  async execute(passBy: readonly number[] = []): Promise<number | undefined> {
    return this.database.transaction(cellScope('job:regional', this.env.cellRegion), async (tx) => {
      const code = await claimArea(tx, passBy);
      if (code === undefined) return undefined;
      try {
        await this.judge(tx, code);
      } catch (error) {
        throw new AreaNotJudged(code, error);
      }
      return code;
    });
  }

  private async judge(tx: Tx, code: number): Promise<void> {
    const area = findArea(String(code));
    if (area === undefined) throw new Error(`${code} is no county, prefecture or province`);
    const now = this.clock.now();
    const cell = this.env.cellRegion;
    const look: Look = { now, day: shanghaiDay(now), policy: this.policies.current, cell };
    if (area.level === 'county') await lookAtCounty(tx, regionOf(area), look);
    else await lookAbove(tx, area, look);
    await askForLookAbove(tx, area, cell);
  }
}

/** Locks a waiting area until the transaction ends and takes its requests; those that come meanwhile are looked at next. */
async function claimArea(tx: Tx, passBy: readonly number[]): Promise<number | undefined> {
  const [row] = await tx.query<{ area: number }>(
    `SELECT area FROM (
       SELECT area FROM regional_looks WHERE area <> ALL ($1::int[]) GROUP BY area ORDER BY min(look_no)) AS waiting
     WHERE pg_try_advisory_xact_lock(${LOCK}, area) LIMIT 1`,
    [passBy],
  );
  if (row === undefined) return undefined;
  // Taken under the lock: a request that is not seen here was not committed yet and stays for the next look.
  await tx.execute('DELETE FROM regional_looks WHERE area = $1', [row.area]);
  return row.area;
}
