/**
 * Shocks that alerted nobody, because policy had them only recorded or made them a notice. Another policy might alert about them: without
 * them a comparison shows what it would no longer do, and never what it would do in addition.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { Lane as MessageLane, ShockSchema, ShockState, type Shock } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import type { Lane, PolicySet } from '@fangpin/policy';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { shockFacts } from '../loss/shock-facts.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { judgedShocks } from './judged-shocks.js';
import type { KnownShock } from './known-shocks.js';
import { laneTried } from './lane.rule.js';
import { ReadingPool } from './reading-pool.js';

/** Some thousand warnings a month are kept: read by so many, and most of them dropped at once. */
const PAGE = 500;

interface Row {
  shock_id: string;
  shock: Buffer;
  judged_on: string;
  [column: string]: unknown;
}

/** What a policy becomes under the values that are tried. */
export type Tried = (had: PolicySet) => PolicySet;

@Injectable()
export class NotAlerted {
  constructor(
    private readonly pool: ReadingPool,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Those judged on a day (`YYYY-MM-DD`) or later that the tried values put into the alert lane, one for each cause, oldest first. */
  async since(
    day: string,
    tried: Tried,
    { openOnly = false, signal }: { readonly openOnly?: boolean; readonly signal: AbortSignal },
  ): Promise<KnownShock[]> {
    const found: KnownShock[] = [];
    const under = new Map<string, PolicySet>();
    const triedOn = (had: PolicySet): PolicySet => {
      const known = under.get(had.version) ?? tried(had);
      under.set(had.version, known);
      return known;
    };
    let after: readonly [string, string] = [day, '00000000-0000-0000-0000-000000000000'];
    for (;;) {
      const rows = await this.read(
        `(judged_on, shock_id) > ($1::date, $2::uuid) AND state <> ${ShockState.CANCELLED}
         ${openOnly ? `AND state = ${ShockState.OPEN}` : ''} ORDER BY judged_on, shock_id LIMIT ${PAGE}`,
        after,
        signal,
      );
      for (const row of rows) {
        found.push(...(await this.wouldAlert(fromBinary(ShockSchema, row.shock), triedOn)));
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return found;
      after = [last.judged_on, last.shock_id];
    }
  }

  /** A shock outside the alert lane, once for each cause, where the tried values put it into that. */
  async wouldAlert(event: Shock, tried: Tried): Promise<KnownShock[]> {
    const had = await this.policies.get(event.policyVersion);
    const policy = tried(had);
    return laneTried(shockFacts(event), had, policy, laneOf(event)) === 'alert' ? knownAs(event, policy) : [];
  }

  /** One of them, whatever lane the tried values give it; none where it is not known, or has alerted. */
  async one(shockId: string, tried: Tried, signal: AbortSignal): Promise<KnownShock[]> {
    const [row] = await this.read('shock_id = $1', [shockId], signal);
    if (row === undefined) return [];
    const event = fromBinary(ShockSchema, row.shock);
    return knownAs(event, tried(await this.policies.get(event.policyVersion)));
  }

  private read(where: string, values: readonly unknown[], signal: AbortSignal): Promise<Row[]> {
    return this.pool.read(cellScope('job:not-alerted', this.env.cellRegion), signal, (tx) =>
      tx.query<Row>(
        `SELECT shock_id, shock, judged_on FROM shocks s
         WHERE shock IS NOT NULL AND NOT EXISTS (SELECT FROM origins o WHERE o.shock_id = s.shock_id) AND ${where}`,
        values,
      ),
    );
  }
}

function knownAs(event: Shock, policy: PolicySet): KnownShock[] {
  return judgedShocks(event, policy).map(({ shock, cause }) => ({
    origin: originOf(event.shockId, cause),
    shockId: event.shockId,
    shockRevision: Number(event.revision),
    policyVersion: event.policyVersion,
    state: 'not-alerted',
    had: laneOf(event),
    shock,
    cause,
  }));
}

const laneOf = ({ lane }: Shock): Lane => (lane === MessageLane.NOTICE ? 'notice' : 'recorded');
