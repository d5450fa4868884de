/** How each source stands at a moment: what is stored of it, judged by the policy of the day. */
import { shanghaiDay } from '@fangpin/domain-kit';
import { PolicySet, type SourceSilence } from '@fangpin/policy';
import type { Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from './channels.js';
import { judgeSilence, type Silence } from './silence.rule.js';
import { DeclaredSources, type SourceDeclaration } from './source-declaration.js';

export const sourceStates = ['ok', 'silent', 'failing', 'off'] as const;
/**
 * `silent` goes before `failing`: the error stands beside it, and silence is the harm. `off`: declared and switched off,
 * or polled once and no longer declared.
 */
export type SourceState = (typeof sourceStates)[number];

export interface SourceRow {
  source_id: number;
  name: string;
  mode: 'pushed' | 'polled';
  channel: Channel;
  account: string | null;
  watched_since: Date;
  last_heard_at: Date | null;
  silent_since: Date | null;
  next_poll_at: Date | null;
  leased: boolean;
  due: boolean;
  fetched_at: Date | null;
  taken_at: Date | null;
  failures: number | null;
  last_error: { code: string; text: string; at: string } | null;
  circuit_open: boolean | null;
  refusals: number;
}

export interface SourceStanding extends Silence {
  readonly row: SourceRow;
  readonly declared: SourceDeclaration | undefined;
  readonly state: SourceState;
  /** Declared, or the account of a machine. */
  readonly expected: boolean;
}

/** Of its accounts a person may be quiet; a client is a machine that somebody set up to speak. */
const MACHINE = 'department-client/';

@Injectable()
export class SourceStandings {
  constructor(
    private readonly declared: DeclaredSources,
    private readonly policy: PolicySet,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Sources by name; `after` and `limit` for a page of them, `name` for one. */
  async at(
    tx: Tx,
    at: Date,
    { after = '', limit = null, name = null }: { after?: string; limit?: number | null; name?: string | null } = {},
  ): Promise<SourceStanding[]> {
    const rows = await tx.query<SourceRow>(
      `SELECT s.source_id, s.name, s.mode, s.channel, s.account, s.watched_since, s.last_heard_at, s.silent_since,
         p.next_poll_at, p.fetched_at, p.taken_at, p.failures, p.last_error, p.circuit_open,
         coalesce(p.leased_until > clock_timestamp(), false) AS leased,
         coalesce(p.next_poll_at <= clock_timestamp(), false) AS due,
         (SELECT count(*) FROM source_refusals r WHERE r.source_id = s.source_id) AS refusals
       FROM sources s LEFT JOIN source_polls p USING (source_id)
       WHERE s.name > $1 AND ($2::text IS NULL OR s.name = $2) ORDER BY s.name LIMIT $3`,
      [after, name, limit],
    );
    const rules = this.policy.table('source-silence', this.env.cellRegion, shanghaiDay(at));
    const gaps = await this.#gapsOf(tx, rows, (channel) => rules.get(channel)?.value);
    return rows.map((row) => this.#judge(row, gaps.get(row.source_id) ?? [], rules.get(row.channel)?.value, at));
  }

  #judge(row: SourceRow, gapMinutes: readonly number[], rule: SourceSilence | undefined, at: Date): SourceStanding {
    const declared = this.#declarationOf(row);
    const expected = declared !== undefined || (row.account?.startsWith(MACHINE) ?? false);
    const off = declared === undefined ? row.mode === 'polled' : !declared.enabled;
    const heard = { lastHeardAt: row.last_heard_at, watchedSince: row.watched_since, gapMinutes, expected };
    const declaredMinutes = declared?.silentAfterMinutes;
    const judged = judgeSilence(declaredMinutes === undefined ? heard : { ...heard, declaredMinutes }, rule, at);
    const silence = off ? { ...judged, silentSince: null } : judged;
    return { ...silence, row, declared, expected, state: off ? 'off' : stateOf(row, silence) };
  }

  #declarationOf({ name, mode }: SourceRow): SourceDeclaration | undefined {
    const found = this.declared.find(name);
    return found?.mode === mode ? found : undefined;
  }

  /** Counted back from each source's own last word. */
  async #gapsOf(
    tx: Tx,
    rows: readonly SourceRow[],
    ruleOf: (channel: Channel) => SourceSilence | undefined,
  ): Promise<Map<number, number[]>> {
    const wanted = rows.flatMap(({ source_id, channel, last_heard_at }) => {
      const rule = ruleOf(channel);
      if (rule === undefined || last_heard_at === null) return [];
      return [[source_id, shanghaiDay(new Date(last_heard_at.getTime() - rule.weeks * 7 * 86_400_000))] as const];
    });
    const found = await tx.query<{ source_id: number; minutes: number[] }>(
      `SELECT g.source_id, array_agg(g.longest_seconds / 60.0::float8) AS minutes
       FROM unnest($1::bigint[], $2::date[]) AS w (source_id, since)
       JOIN source_gaps g ON g.source_id = w.source_id AND g.day > w.since GROUP BY g.source_id`,
      [wanted.map(([id]) => id), wanted.map(([, since]) => since)],
    );
    return new Map(found.map(({ source_id, minutes }) => [source_id, minutes]));
  }
}

function stateOf({ last_error }: SourceRow, { silentSince }: Silence): SourceState {
  if (silentSince !== null) return 'silent';
  return last_error === null ? 'ok' : 'failing';
}
