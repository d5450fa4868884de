/**
 * Judges the shocks that alerted nobody, once each revision, by whether the shadow policy would alert about them. Of those there are thousands a
 * month, and all are of the time since the shadow version is known here, so none is judged for who asks (only-shadow.ts).
 */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema } from '@fangpin/contracts';
import { dutyRange, shanghaiDay } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { KnownShock } from '../simulations/known-shocks.js';
import { NotAlerted } from '../simulations/not-alerted.js';
import { ShadowPolicy } from './shadow-policy.js';

const PAGE = 100;
/** What was heard longer ago than this is committed. */
const COMMITTED_MS = 600_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

interface Row {
  shock_id: string;
  revision: number;
  shock: Buffer;
  judged_on: string;
  judged: boolean;
  [column: string]: unknown;
}

/** Either through all that are kept, in the order of their days, or those heard since. */
type Reached = { readonly day: string; readonly shockId: string; readonly began: Date } | { readonly heardSince: Date };

@Injectable()
export class JudgeShocks {
  #reached: Reached | undefined;

  constructor(
    private readonly database: Database,
    private readonly shadow: ShadowPolicy,
    private readonly notAlerted: NotAlerted,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The next page; answers whether there may be another one at once. */
  async execute(): Promise<boolean> {
    const { policy } = this.shadow;
    if (policy === undefined) return false;
    const scope = cellScope('job:shadow', this.env.cellRegion);
    const done = await this.database.transaction(scope, async (tx) => {
      const reached = this.#reached ?? (await beginning(tx, policy.version));
      if (reached === undefined) return undefined;
      const [clock] = await tx.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      const rows = await read(tx, policy.version, reached);
      const judged: [string, number, boolean, number[], number[]][] = [];
      for (const { shock_id, revision, shock } of rows.filter((row) => !row.judged)) {
        // Async, so that one which cannot even be read stops none of the others.
        const judge = async (): Promise<KnownShock[]> =>
          this.notAlerted.wouldAlert(fromBinary(ShockSchema, shock), () => policy);
        const found = await judge().catch((error: unknown) => {
          this.log.warn({ err: error, shockId: shock_id }, 'a shock cannot be judged by the shadow policy');
          return [];
        });
        const ranges = [...new Set(found.flatMap((one) => one.shock.regions))].map(dutyRange);
        judged.push([shock_id, revision, found.length > 0, ranges.map(({ lo }) => lo), ranges.map(({ hi }) => hi)]);
      }
      await keep(tx, policy.version, judged);
      const last = rows.at(-1);
      const more = last !== undefined && rows.length === PAGE;
      if ('began' in reached && more)
        return { more, reached: { ...reached, day: last.judged_on, shockId: last.shock_id } };
      if (more) return { more, reached };
      const began = 'began' in reached ? reached.began : clock?.now;
      return { more, reached: { heardSince: new Date((began?.getTime() ?? 0) - COMMITTED_MS) } };
    });
    if (done !== undefined) this.#reached = done.reached;
    return done?.more ?? false;
  }
}

async function beginning(tx: Tx, version: string): Promise<Reached | undefined> {
  const [known] = await tx.query<{ at: Date; now: Date }>(
    'SELECT first_loaded_at AS at, clock_timestamp() AS now FROM policy_versions WHERE version = $1',
    [version],
  );
  return known && { day: shanghaiDay(known.at), shockId: FIRST, began: known.now };
}

/** Those of an earlier look that are judged already are passed by on the first way through, so that it has an end. */
function read(tx: Tx, version: string, reached: Reached): Promise<Row[]> {
  const of = `SELECT s.shock_id, s.revision, s.shock, s.judged_on, j.revision IS NOT NULL AS judged
    FROM shocks s LEFT JOIN shadow_shocks j ON j.shadow_version = $1 AND j.shock_id = s.shock_id AND j.revision = s.revision
    WHERE s.shock IS NOT NULL AND NOT EXISTS (SELECT FROM origins o WHERE o.shock_id = s.shock_id)`;
  if ('began' in reached)
    return tx.query<Row>(
      `${of} AND (s.judged_on, s.shock_id) > ($2::date, $3::uuid) ORDER BY s.judged_on, s.shock_id LIMIT ${PAGE}`,
      [version, reached.day, reached.shockId],
    );
  return tx.query<Row>(`${of} AND s.received_at > $2 AND j.revision IS NULL ORDER BY s.received_at LIMIT ${PAGE}`, [
    version,
    reached.heardSince,
  ]);
}

async function keep(
  tx: Tx,
  version: string,
  judged: readonly (readonly [string, number, boolean, readonly number[], readonly number[]])[],
): Promise<void> {
  for (const values of judged)
    await tx.execute(
      `INSERT INTO shadow_shocks AS j (shadow_version, shock_id, revision, alerts, los, his) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (shadow_version, shock_id) DO UPDATE
         SET revision = excluded.revision, alerts = excluded.alerts, los = excluded.los, his = excluded.his
       WHERE j.revision < excluded.revision`,
      [version, ...values],
    );
}
