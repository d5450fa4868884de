/** Lists and reads of policies applied backwards. */
import { COUNTRY, isUuid, NotFound, toBeijingTime } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { notJudged, partKept } from './application-problems.js';
import type { DerivedPart } from './derive-again.rule.js';
import type { ApplicationShockResponse, PolicyApplicationResponse } from './policy-applications.response.js';

interface ApplicationRow extends Record<string, unknown> {
  readonly application_id: string;
  readonly requested_at: Date;
  readonly requested_by: string;
  readonly since: string;
  readonly until: string;
  readonly kinds: string[] | null;
  readonly region: string;
  readonly reason: string;
  readonly document: string;
  readonly to_version: string;
  readonly state: 'running' | 'done' | 'lapsed';
  readonly ended_at: Date | null;
  readonly requested_us: string;
  readonly shocks: number;
  readonly judged: number;
  readonly left: number;
  readonly parked: number;
}

interface ShockRow extends Record<string, unknown>, Omit<ApplicationShockResponse, 'problems'> {
  readonly shockNo: number;
  readonly notDerived: readonly DerivedPart[];
  readonly attempts: number;
  /** Of what is parked. */
  readonly error: string | null;
  readonly retryAt: Date | null;
}

const SELECT = `SELECT a.*, a.since::text, a.until::text, (extract(epoch FROM a.requested_at) * 1000000)::bigint::text AS requested_us,
    count(s.shock_id)::int AS shocks, count(*) FILTER (WHERE s.state = 'judged')::int AS judged,
    count(*) FILTER (WHERE s.state = 'left')::int AS left, count(*) FILTER (WHERE s.state = 'parked')::int AS parked
  FROM policy_applications a LEFT JOIN policy_application_shocks s USING (application_id)`;
/** Those of the caller's area, and those of a wider one, which touched it. */
const SEEN = `($1 = '${COUNTRY}' OR a.region = '${COUNTRY}' OR starts_with(a.region, $1) OR starts_with($1, a.region))`;

@Injectable()
export class ReadApplications {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page(
    query: { readonly limit?: string; readonly cursor?: string },
    caller: Caller,
  ): Promise<Page<PolicyApplicationResponse>> {
    const { limit, after } = readPage(query);
    const rows = await this.database.transaction(caller.scope, (tx) =>
      tx.query<ApplicationRow>(
        `${SELECT} WHERE ${SEEN} AND ($2::bigint IS NULL
           OR ((extract(epoch FROM a.requested_at) * 1000000)::bigint, a.application_id) < ($2::bigint, $3::uuid))
         GROUP BY a.application_id ORDER BY a.requested_at DESC, a.application_id DESC LIMIT $4`,
        [caller.region, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
      ),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.requested_us, row.application_id]);
    return { items: items.map(responseOf), nextCursor };
  }

  /** With its shocks, a page of them at a time, in the order in which they are judged. 404 outside the caller's area. */
  async one(
    id: string,
    query: { readonly limit?: string; readonly cursor?: string },
    caller: Caller,
  ): Promise<PolicyApplicationResponse & Page<ApplicationShockResponse>> {
    const { limit, after } = readPage(query);
    if (!isUuid(id.toLowerCase())) throw new NotFound('policy application', id);
    return this.database.transaction(caller.scope, async (tx) => {
      const [row] = await tx.query<ApplicationRow>(
        `${SELECT} WHERE ${SEEN} AND a.application_id = $2 GROUP BY a.application_id`,
        [caller.region, id],
      );
      if (row === undefined) throw new NotFound('policy application', id);
      const shocks = await tx.query<ShockRow>(
        `SELECT shock_id AS "shockId", shock_no AS "shockNo", state, from_version AS "fromVersion", from_lane AS "fromLane",
           to_lane AS "toLane", revision, changes, not_derived AS "notDerived", attempts, error, retry_at AS "retryAt"
         FROM policy_application_shocks WHERE application_id = $1 AND shock_no > $2 ORDER BY shock_no LIMIT $3`,
        [id, Number(after?.[0] ?? 0), limit + 1],
      );
      const { items, nextCursor } = page(shocks, limit, (shock) => [shock.shockNo]);
      return { ...responseOf(row), items: items.map(shockResponseOf), nextCursor };
    });
  }
}

function responseOf(row: ApplicationRow): PolicyApplicationResponse {
  return {
    id: row.application_id,
    state: row.state,
    requestedAt: toBeijingTime(row.requested_at),
    requestedBy: row.requested_by,
    endedAt: row.ended_at === null ? null : toBeijingTime(row.ended_at),
    since: row.since,
    until: row.until,
    kinds: row.kinds,
    region: row.region,
    reason: row.reason,
    document: row.document,
    toVersion: row.to_version,
    shocks: row.shocks,
    judged: row.judged,
    left: row.left,
    parked: row.parked,
  };
}

function shockResponseOf(row: ShockRow): ApplicationShockResponse {
  const { shockId, state, fromVersion, fromLane, toLane, revision, changes, notDerived, attempts, error, retryAt } =
    row;
  const failure =
    error === null || retryAt === null ? [] : [notJudged(error, { attempts, nextTryAt: toBeijingTime(retryAt) })];
  const problems = [...failure, ...notDerived.map(partKept)];
  return { shockId, state, fromVersion, fromLane, toLane, revision, changes, problems };
}
