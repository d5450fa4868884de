/** Reads episodes within a scope: a page of them, and one with its alerts and its history. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { composeDerivedId, NotFound, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { CLOCK, page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import { parseEpisodeId, type EpisodeKey } from './episode-id.js';
import { SHOWN_COLUMNS, showEpisode, type ShownEpisodeRow } from './episode-rows.js';
import type { EpisodeStep } from './episode.rule.js';
import type { EpisodeResponse, EpisodeStepResponse, EpisodeWithSteps, FedByResponse } from './episode.responses.js';
import { stepWords } from './step-words.js';

export interface EpisodeFilter {
  readonly householdId?: number | undefined;
  readonly cause?: string | undefined;
  readonly state?: 'open' | 'ended' | undefined;
  readonly toTell?: boolean | undefined;
}

interface StepRow extends Record<string, unknown> {
  step: EpisodeStep;
  at: Date;
  severity: number;
  origin: number | null;
  told_on: string | null;
  how: string | null;
  by_role: string | null;
}

const STEPS_SHOWN = 200;

@Injectable()
export class ReadEpisodes {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A page in order of place, household, cause and time. Who has moved out or is dissolved is asked for no telling. */
  async list(filter: EpisodeFilter, { limit, after }: PageRequest, scope: Scope): Promise<Page<EpisodeResponse>> {
    const rows = await this.database.transaction(scope, async (tx) => {
      const values: unknown[] = [scope.lo, scope.hi];
      const use = (value: unknown): string => `$${values.push(value)}`;
      const conditions = ['e.duty_code >= $1 AND e.duty_code < $2'];
      if (filter.householdId !== undefined) conditions.push(`e.household_id = ${use(filter.householdId)}`);
      if (filter.cause !== undefined) conditions.push(`e.cause = ${use(filter.cause)}`);
      if (filter.state !== undefined) conditions.push(`e.state = ${use(filter.state)}`);
      if (filter.toTell === true) {
        const now = use(this.clock.now());
        const { households } = await liveExposure(tx, 'read');
        conditions.push(
          `e.tell_from <= ${now}::timestamptz AND NOT ${leftInPeace(now)}`,
          `NOT EXISTS (SELECT FROM ${households} h WHERE h.household_id = e.household_id AND NOT h.active AND h.profile_revision > 0)`,
        );
      }
      if (after !== undefined)
        conditions.push(
          `(e.duty_code, e.household_id, e.cause, e.ordinal) >
           (${use(after[0])}::bigint, ${use(after[1])}::bigint, ${use(after[2])}::text, ${use(after[3])}::int)`,
        );
      return tx.query<ShownEpisodeRow>(
        `SELECT ${SHOWN_COLUMNS} FROM risk_episodes e WHERE ${conditions.join(' AND ')}
         ORDER BY e.duty_code, e.household_id, e.cause, e.ordinal LIMIT ${limit + 1}`,
        values,
      );
    });
    const { items, nextCursor } = page(rows, limit, (row) => [row.duty_code, row.household_id, row.cause, row.ordinal]);
    return { items: items.map(showEpisode), nextCursor };
  }

  /** One episode with the alerts that feed it and its steps. 404 where it does not exist in the scope. */
  async get(id: string, scope: Scope): Promise<EpisodeWithSteps> {
    const key = parseEpisodeId(id);
    return this.database.transaction(scope, async (tx) => {
      const [row] = await tx.query<ShownEpisodeRow>(
        `SELECT ${SHOWN_COLUMNS} FROM risk_episodes WHERE household_id = $1 AND cause = $2 AND ordinal = $3`,
        [key.householdId, key.cause, key.ordinal],
      );
      if (row === undefined) throw new NotFound('risk episode', id);
      return { ...showEpisode(row), fedBy: await fedBy(tx, key), steps: await stepsOf(tx, key) };
    });
  }
}

/**
 * Whether the household of an episode was told enough for the day, and of nothing less grave that day: no day is too full for what is
 * graver than all that it was told (docs/adr/0082).
 */
function leftInPeace(now: string): string {
  return `EXISTS (
    SELECT FROM household_tellings t WHERE t.household_id = e.household_id AND t.quiet_until > ${now}::timestamptz
      AND e.severity <= (SELECT coalesce(max(s.severity), 0) FROM episode_steps s
                         WHERE s.household_id = t.household_id AND s.step = 'told' AND s.told_on = t.told_on))`;
}

async function fedBy(tx: Tx, { householdId, cause, ordinal }: EpisodeKey): Promise<FedByResponse[]> {
  const rows = await tx.query<{ origin: number; raised: boolean; severity: number; held: number; raised_at: Date }>(
    cause === JOINT_CAUSE
      ? `SELECT origin, state <> 'withdrawn' AS raised, severity, CASE WHEN state = 'raised' THEN severity ELSE 0 END AS held, raised_at
         FROM joint_alerts WHERE household_id = $1 AND ordinal = $2`
      : `SELECT origin, raised, severity, held, raised_at FROM episode_alerts
         WHERE household_id = $1 AND ordinal = $2 AND cause = $3 ORDER BY raised_at, origin`,
    cause === JOINT_CAUSE ? [householdId, ordinal] : [householdId, ordinal, cause],
  );
  return rows.map(({ origin, raised, severity, held, raised_at }) => ({
    alertId: composeDerivedId({ origin, householdId }),
    status: raised ? 'raised' : 'withdrawn',
    severity,
    counts: held,
    raisedAt: toBeijingTime(raised_at),
  }));
}

async function stepsOf(tx: Tx, { householdId, cause, ordinal }: EpisodeKey): Promise<EpisodeStepResponse[]> {
  const rows = await tx.query<StepRow>(
    `SELECT step, at, severity, origin, told_on::text AS told_on, how, by_role FROM episode_steps
     WHERE household_id = $1 AND cause = $2 AND ordinal = $3 ORDER BY step_no DESC LIMIT ${STEPS_SHOWN}`,
    [householdId, cause, ordinal],
  );
  return rows.reverse().map((row) => ({
    step: row.step,
    stepName: stepWords[row.step],
    at: toBeijingTime(row.at),
    severity: row.severity,
    alertId: row.origin === null ? null : composeDerivedId({ origin: row.origin, householdId }),
    on: row.told_on,
    how: row.how,
    byRole: row.by_role,
  }));
}
