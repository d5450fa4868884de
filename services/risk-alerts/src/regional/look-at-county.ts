/** Judges the early warnings of one county by its households' alerts as they stand, and keeps what changed as new revisions. */
import { isDeepStrictEqual } from 'node:util';
import { dutyRange, shanghaiDay, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import type { PolicySet, RegionalWarning } from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { regionOf } from './areas.js';
import { countAtRisk, subjectKey } from './count-at-risk.js';
import { judgeCounty } from './judge-county.rule.js';
import {
  insertRegionalAlerts,
  lastRegionalAlerts,
  warningId,
  warningRules,
  type RegionalAlert,
  type WarningRule,
} from './regional-alert.js';

/** The look at a county failed; it waits as before, and the others need not. */
export class CountyNotJudged extends Error {
  constructor(
    readonly county: number,
    cause: unknown,
  ) {
    super(`county ${county} is not judged`, { cause });
    this.name = 'CountyNotJudged';
  }
}

/** First key of the advisory locks that keep two instances from judging one county at once. */
const LOCK = 0x7265;

@Injectable()
export class LookAtCounty {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes one county that waits, but none of those to be passed by, and judges it; answers its code, or nothing when none waits
   * that nobody else has. Throws {@link CountyNotJudged} where that county fails.
   */
  async execute(passBy: readonly number[] = []): Promise<number | undefined> {
    return this.database.transaction(cellScope('job:regional', this.env.cellRegion), async (tx) => {
      const county = await claimCounty(tx, passBy);
      if (county === undefined) return undefined;
      try {
        await this.judge(tx, String(county).padStart(6, '0') as RegionCode);
      } catch (error) {
        throw new CountyNotJudged(county, error);
      }
      return county;
    });
  }

  private async judge(tx: Tx, county: RegionCode): Promise<void> {
    const now = this.clock.now();
    const day = shanghaiDay(now);
    const policy = this.policies.current;
    const range = dutyRange(county);
    await tx.execute(`SET LOCAL work_mem = '32MB'`);
    const rules = rulesOf(policy, county, day);
    const counts = await countAtRisk(tx, range, rules, now);
    const before = await lastRegionalAlerts(tx, range);
    const standing = [...before.values()].filter((alert) => alert.standing.state !== 'ended');
    const keys = new Set([...counts.atRisk.keys(), ...standing.map(({ rule, subject }) => subjectKey(rule, subject))]);
    const changed: RegionalAlert[] = [];
    for (const key of keys) {
      const slash = key.indexOf('/');
      const rule = key.slice(0, slash) as WarningRule;
      const subject = key.slice(slash + 1);
      if (!rules.has(rule)) continue;
      const warned = [...before.values()].filter((alert) => alert.rule === rule && alert.subject === subject);
      const judged = judgeCounty(
        {
          active: counts.active,
          atRisk: counts.atRisk.get(key) ?? new Map(),
          warned: warned.map(({ area }) => area),
        },
        (area) => before.get(warningId({ area, rule, subject }))?.standing,
        (area) => policy.get('regional-warning', regionOf(area), day, rule).value,
        now.getTime(),
      );
      for (const { area, figures, standing: after } of judged) {
        const last = before.get(warningId({ area, rule, subject }));
        if (last !== undefined && !isNews(last, { figures, standing: after })) continue;
        changed.push({
          area,
          rule,
          subject,
          figures,
          standing: after,
          revision: (last?.revision ?? 0) + 1,
          evaluatedAt: now,
          judgedOn: day,
          policyVersion: policy.version,
        });
      }
    }
    await insertRegionalAlerts(tx, changed);
  }
}

/** A warning that is over is left as it ended, whatever its figures do below the mark. */
function isNews(last: RegionalAlert, next: Pick<RegionalAlert, 'figures' | 'standing'>): boolean {
  if (last.standing.state === 'ended' && next.standing.state === 'ended') return false;
  return !isDeepStrictEqual(last.standing, next.standing) || !isDeepStrictEqual(last.figures, next.figures);
}

/** The rules that hold in a place on a day; a rule without a record there is not judged. */
function rulesOf(policy: PolicySet, region: RegionCode, day: string): Map<WarningRule, RegionalWarning> {
  const table = policy.table('regional-warning', region, day);
  return new Map(
    warningRules.flatMap((rule) => {
      const answer = table.get(rule);
      return answer === undefined ? [] : [[rule, answer.value] as const];
    }),
  );
}

/** Locks a waiting county until the transaction ends and takes its requests; those that come meanwhile are looked at next. */
async function claimCounty(tx: Tx, passBy: readonly number[]): Promise<number | undefined> {
  const [row] = await tx.query<{ county: number }>(
    `SELECT county FROM (
       SELECT county FROM regional_looks WHERE county <> ALL ($1::int[]) GROUP BY county ORDER BY min(look_no)) AS waiting
     WHERE pg_try_advisory_xact_lock(${LOCK}, county) LIMIT 1`,
    [passBy],
  );
  if (row === undefined) return undefined;
  // Taken under the lock: a request that is not seen here was not committed yet and stays for the next look.
  await tx.execute('DELETE FROM regional_looks WHERE county = $1', [row.county]);
  return row.county;
}
