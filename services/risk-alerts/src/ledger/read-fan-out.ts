/** Reads the ledger of a shock for those who ask, within their area. */
import { levelKeys } from '@fangpin/contracts';
import { NotFound, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { regionName } from '@fangpin/regions';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { FanOutState } from '../fan-out/fan-out.js';
import { townshipCode } from '../fan-out/township.js';
import type { FanOutResponse, LedgerFigures } from './fan-out.response.js';
import { ledgerOf, sumOf, type LedgerCounts } from './ledger-sql.js';

interface FanOutRow {
  origin: number;
  shock_revision: number;
  direction: string;
  state: FanOutState;
  received_at: Date;
  settled_at: Date | null;
  policy_version: string;
  candidates: number | null;
}

@Injectable()
export class ReadFanOut {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(shockId: string, scope: Scope): Promise<FanOutResponse> {
    return this.database.transaction(scope, async (tx) => {
      const row = await latestFanOut(tx, shockId);
      if (row === undefined) throw new NotFound('fan-out', shockId);
      const townships = await ledgerOf(tx, row.origin);
      const slices = await sliceStates(tx, row.origin);
      return {
        shockId,
        state: row.state,
        revision: row.shock_revision,
        policyVersion: row.policy_version,
        acceptedAt: toBeijingTime(row.received_at),
        settledAt: row.settled_at === null ? null : toBeijingTime(row.settled_at),
        seconds: row.settled_at === null ? null : (row.settled_at.getTime() - row.received_at.getTime()) / 1000,
        asOf: toBeijingTime(this.clock.now()),
        candidates: row.candidates,
        slices,
        ...figures(sumOf(townships)),
        townships: townships.map((counts) => {
          const region = townshipCode(counts.township);
          return { region, name: regionName(region) ?? region, ...figures(counts) };
        }),
      };
    });
  }
}

async function latestFanOut(tx: Tx, shockId: string): Promise<FanOutRow | undefined> {
  const [row] = await tx.query<FanOutRow & Record<string, unknown>>(
    `SELECT f.origin, f.shock_revision, f.direction, f.state, f.received_at, f.settled_at, f.policy_version, f.candidates
     FROM fan_outs f JOIN origins o USING (origin) WHERE o.shock_id = $1 ORDER BY f.shock_revision DESC LIMIT 1`,
    [shockId],
  );
  return row;
}

async function sliceStates(tx: Tx, origin: number): Promise<FanOutResponse['slices']> {
  const rows = await tx.query<{ state: string; n: number; error: string | null; attempts: number }>(
    `SELECT state, count(*)::int AS n, max(last_error) AS error, max(attempts) AS attempts
     FROM slices WHERE origin = $1 GROUP BY state ORDER BY state`,
    [origin],
  );
  return rows.map(({ state, n, error, attempts }) => ({ state, count: n, attempts, lastError: error }));
}

function figures(counts: LedgerCounts): LedgerFigures {
  const { red, orange, yellow, blue, ...rest } = counts;
  return {
    exposed: rest.exposed,
    alerted: rest.alerted,
    withheld: rest.withheld,
    published: rest.published,
    casesOpened: rest.casesOpened,
    casesAttached: rest.casesAttached,
    listed: rest.listed,
    parked: rest.parked,
    withdrawn: rest.withdrawn,
    dropped: rest.dropped,
    flagged: rest.flagged,
    severities: { [levelKeys[4]]: red, [levelKeys[3]]: orange, [levelKeys[2]]: yellow, [levelKeys[1]]: blue },
  };
}
