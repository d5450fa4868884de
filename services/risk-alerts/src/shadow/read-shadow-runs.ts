/** Reads shadow runs within an area, latest first: what two policies made of the same shock. */
import { toBeijingTime, type RegionCode } from '@fangpin/domain-kit';
import { Database, regionScope } from '@fangpin/persistence';
import { differencesBetween } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { TOWNSHIP_SPAN, townshipCode, townshipOf } from '../fan-out/township.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { sumOfDifferences, type Difference } from '../simulations/difference.js';
import { sumOfFigures, type Figures } from '../simulations/figures.js';
import { placeOfLack, type Lack } from '../simulations/unjudged-places.js';
import type { ShadowRunResponse } from './shadow-run.response.js';

interface RunRow {
  run_no: number;
  shock_id: string;
  shock_revision: number;
  cause: string;
  kind: string;
  headline: string;
  judged_on: string;
  live_version: string;
  shadow_version: string;
  state: string;
  last_error: string | null;
  done_at: Date | null;
}

interface TownshipRow {
  run_no: number;
  duty_code: number;
  live: Figures;
  shadow: Figures;
  differs: Difference;
  unjudged_in: Lack[];
}

@Injectable()
export class ReadShadowRuns {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
  ) {}

  /** A run that is done stands in the lists of the areas that it has counts of; one that is not, where households were judged live. */
  async list(
    region: RegionCode,
    shockId: string | undefined,
    { limit, after }: PageRequest,
  ): Promise<Page<ShadowRunResponse>> {
    const scope = regionScope(region);
    const { runs, townships } = await this.database.transaction(scope, async (tx) => {
      const rows = await tx.query<RunRow & Record<string, unknown>>(
        `SELECT r.run_no, o.shock_id, r.shock_revision, o.cause, s.kind, s.headline, f.judged_on, r.live_version, r.shadow_version,
           r.state, r.last_error, r.done_at
         FROM shadow_runs r JOIN fan_outs f USING (origin, shock_revision) JOIN origins o USING (origin)
           JOIN shocks s USING (shock_id)
         WHERE ($1::uuid IS NULL OR o.shock_id = $1) AND ($2::bigint IS NULL OR r.run_no < $2)
           AND CASE WHEN r.state = 'done' THEN EXISTS (SELECT FROM shadow_run_townships t WHERE t.run_no = r.run_no)
               ELSE EXISTS (
                 SELECT FROM slices c, unnest(c.townships) AS township
                 WHERE c.origin = r.origin AND c.shock_revision = r.shock_revision
                   AND (township + 1) * ${TOWNSHIP_SPAN} > $3 AND township * ${TOWNSHIP_SPAN} < $4) END
         ORDER BY r.run_no DESC LIMIT ${limit + 1}`,
        [shockId ?? null, after?.[0] ?? null, scope.lo, scope.hi],
      );
      const found = await tx.query<TownshipRow & Record<string, unknown>>(
        `SELECT run_no, duty_code, live, shadow, differs, unjudged_in FROM shadow_run_townships WHERE run_no = ANY($1::bigint[])
         ORDER BY run_no, duty_code`,
        [rows.map((row) => row.run_no)],
      );
      return { runs: rows, townships: found };
    });
    const { items, nextCursor } = page(runs, limit, (row) => [row.run_no]);
    const answers = await Promise.all(
      items.map((run) =>
        this.answer(
          run,
          townships.filter((row) => row.run_no === run.run_no),
        ),
      ),
    );
    return { items: answers, nextCursor };
  }

  private async answer(run: RunRow, townships: readonly TownshipRow[]): Promise<ShadowRunResponse> {
    const [live, shadow] = await Promise.all([
      this.policies.get(run.live_version),
      this.policies.get(run.shadow_version),
    ]);
    return {
      id: String(run.run_no),
      shockId: run.shock_id,
      revision: run.shock_revision,
      cause: run.cause,
      kind: run.kind,
      headline: run.headline,
      judgedOn: run.judged_on,
      state: run.state,
      lastError: run.last_error,
      ranAt: run.done_at === null ? null : toBeijingTime(run.done_at),
      policy: {
        live: run.live_version,
        shadow: run.shadow_version,
        changed: differencesBetween(live, shadow),
      },
      live: sumOfFigures(townships.map((row) => row.live)),
      shadow: sumOfFigures(townships.map((row) => row.shadow)),
      differs: sumOfDifferences(townships.map((row) => row.differs)),
      townships: townships.map((row) => {
        const code = townshipCode(townshipOf(row.duty_code));
        return {
          region: code,
          name: regionName(code) ?? code,
          live: sumOfFigures([row.live]),
          shadow: sumOfFigures([row.shadow]),
          differs: row.differs,
        };
      }),
      unjudgedIn: townships.flatMap((row) => row.unjudged_in).map(placeOfLack),
    };
  }
}
