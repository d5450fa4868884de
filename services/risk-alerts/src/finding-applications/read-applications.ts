/** Lists and reads of policies applied backwards to findings. */
import { COUNTRY, NotFound, toBeijingTime } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import type { FindingApplicationResponse } from './finding-applications.response.js';

interface Row extends Record<string, unknown>, Omit<FindingApplicationResponse, 'requestedAt' | 'endedAt'> {
  readonly requested_at: Date;
  readonly ended_at: Date | null;
  readonly us: string;
}

const SELECT = `SELECT application_id AS id, state, requested_at, requested_by AS "requestedBy", ended_at, since, until, kinds, region, reason,
    document, to_version AS "toVersion", judged, raised, withdrawn, failed, last_error AS "lastError",
    (extract(epoch FROM requested_at) * 1000000)::bigint::text AS us
  FROM finding_applications a`;
/** Those of the caller's area, and those of a wider one, which touched it. */
const SEEN = `($1 = '${COUNTRY}' OR a.region = '${COUNTRY}' OR starts_with(a.region, $1) OR starts_with($1, a.region))`;

@Injectable()
export class ReadFindingApplications {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page(
    query: { readonly limit?: string; readonly cursor?: string },
    { region, scope }: Caller,
  ): Promise<Page<FindingApplicationResponse>> {
    const { limit, after } = readPage(query);
    const rows = await this.database.transaction(scope, (tx) =>
      tx.query<Row>(
        `${SELECT} WHERE ${SEEN} AND ($2::bigint IS NULL
           OR ((extract(epoch FROM requested_at) * 1000000)::bigint, application_id) < ($2::bigint, $3::uuid))
         ORDER BY requested_at DESC, application_id DESC LIMIT $4`,
        [region, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
      ),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.us, row.id]);
    return { items: items.map(responseOf), nextCursor };
  }

  /** 404 outside the caller's area. */
  async one(id: string, { region, scope }: Caller): Promise<FindingApplicationResponse> {
    const [row] = await this.database.transaction(scope, (tx) =>
      tx.query<Row>(`${SELECT} WHERE ${SEEN} AND application_id = $2`, [region, id]),
    );
    if (row === undefined) throw new NotFound('policy application', id);
    return responseOf(row);
  }
}

function responseOf({ requested_at, ended_at, us: _, ...row }: Row): FindingApplicationResponse {
  return {
    ...row,
    requestedAt: toBeijingTime(requested_at),
    endedAt: ended_at === null ? null : toBeijingTime(ended_at),
  };
}
