/**
 * Records that a household was told, once for all of its causes or of one of them. A repeat records nothing anew. What was told is what
 * stood at the end of the day on which it was told, however late that is entered.
 */
import { JOINT_CAUSE, type Cause } from '@fangpin/contracts';
import { DomainError, InvalidFields, NotFound, regionOfDuty, shanghaiDay, toBeijingTime } from '@fangpin/domain-kit';
import type { Clock } from '@fangpin/domain-kit';
import { arrayLiteral, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { BOOK_LOCK } from './episode-book.js';
import { episodeId, keyInHousehold, parseEpisodeId, parseHouseholdId } from './episode-id.js';
import { episodeOf, SHOWN_COLUMNS, type ShownEpisodeRow } from './episode-rows.js';
import { refuseHealthInPublic } from './public-telling.rule.js';
import { severitiesAt } from './severities-at.js';
import { quietUntilMs, tellFromMs } from './telling.rule.js';
import type { TellingRequest, TellingResponse } from './telling.request.js';

export class NothingToTell extends DomainError {
  constructor(what: string) {
    super('EPISODE.NOTHING_TO_TELL', 'conflict', `nothing of ${what} is to be told`, {
      reasons: [{ code: 'EPISODE.NOTHING_TO_TELL', text: '风险已经结束，没有需要告知农户的内容' }],
    });
  }
}

/** Key of the lock that keeps two tellings of one household apart. */
const HOUSEHOLD_LOCK = 0x6572;
const LOCKS = 2 ** 31;
const DAY_MS = 86_400_000;

@Injectable()
export class RecordTelling {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of one episode: open, or recalled after the household had been told of it. */
  ofEpisode(id: string, request: TellingRequest, caller: Caller): Promise<TellingResponse> {
    const key = parseEpisodeId(id);
    return this.database.transaction(caller.scope, async (tx) => {
      await lock(tx, key.householdId);
      const rows = await tx.query<ShownEpisodeRow>(
        `SELECT ${SHOWN_COLUMNS} FROM risk_episodes WHERE household_id = $1 AND cause = $2 AND ordinal = $3 FOR UPDATE`,
        [key.householdId, key.cause, key.ordinal],
      );
      if (rows.length === 0) throw new NotFound('risk episode', id);
      return this.record(tx, key.householdId, rows, request, caller);
    });
  }

  /** Of all open episodes of a household, and of those that are to be taken back. */
  ofHousehold(id: string, request: TellingRequest, caller: Caller): Promise<TellingResponse> {
    const householdId = parseHouseholdId(id, 'risk picture');
    return this.database.transaction(caller.scope, async (tx) => {
      await lock(tx, householdId);
      const rows = await tx.query<ShownEpisodeRow>(
        `SELECT ${SHOWN_COLUMNS} FROM risk_episodes WHERE household_id = $1 ORDER BY cause, ordinal FOR UPDATE`,
        [householdId],
      );
      if (rows.length === 0) throw new NotFound('risk picture', id);
      const due = (row: ShownEpisodeRow, said: number): boolean => said > 0 || isDue(row) || toldOn(row) === request.on;
      return this.record(tx, householdId, rows, request, caller, due);
    });
  }

  private async record(
    tx: Tx,
    householdId: number,
    rows: readonly ShownEpisodeRow[],
    { on, how }: TellingRequest,
    { role }: Caller,
    isMeant: (row: ShownEpisodeRow, said: number) => boolean = () => true,
  ): Promise<TellingResponse> {
    const now = this.clock.now();
    refuseDay(on, rows, now);
    const endOfDay = Date.parse(`${on}T00:00:00+08:00`) + DAY_MS;
    const at = new Date(Math.min(now.getTime(), endOfDay - 1_000));
    const said = await saidAt(tx, rows, at, now);
    const meant = said.filter(({ row, severity }) => canBeTold(row, severity) && isMeant(row, severity));
    const [first] = meant;
    if (first === undefined) throw new NothingToTell(`household ${householdId}`);
    refuseHealthInPublic(
      how,
      await causesIn(
        tx,
        householdId,
        meant.map(({ row }) => row),
      ),
    );
    const lifeOf = (row: ShownEpisodeRow) =>
      this.policies.current.get('episode-life', regionOfDuty(row.duty_code, 'township'), shanghaiDay(now), row.cause);
    const episodes = [];
    for (const { row, severity } of meant) {
      const recorded = await tellStep(tx, row, { on, how, role, at, severity });
      if (recorded) {
        const tellFrom = tellFromMs(episodeOf(row), { atMs: at.getTime(), severity }, lifeOf(row).value);
        await markTold(tx, row, { how, role, at, severity }, tellFrom);
      }
      episodes.push({ id: episodeId({ householdId, cause: row.cause, ordinal: row.ordinal }), severity, recorded });
    }
    const isNew = episodes.some(({ recorded }) => recorded);
    const ofDay = await this.count(tx, first.row, isNew, { on, how, role, at, endOfDay });
    return { householdId, on, how, byRole: role, episodes, ...ofDay };
  }

  /** Notes a telling of the household that is no mere repeat, and how many there were on that day. */
  private async count(
    tx: Tx,
    { household_id: householdId, duty_code: dutyCode }: ShownEpisodeRow,
    isNew: boolean,
    telling: { on: string; how: string; role: string; at: Date; endOfDay: number },
  ): Promise<Pick<TellingResponse, 'tellingsOfDay' | 'quietUntil'>> {
    const township = regionOfDuty(dutyCode, 'township');
    const { perDay } = this.policies.current.get('tellings', township, telling.on).value;
    const [before] = await tx.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM household_tellings WHERE household_id = $1 AND told_on = $2',
      [householdId, telling.on],
    );
    const tellingsOfDay = (before?.n ?? 0) + (isNew ? 1 : 0);
    const quiet = quietUntilMs(tellingsOfDay, perDay, telling.endOfDay);
    if (isNew)
      await tx.execute(
        `INSERT INTO household_tellings (household_id, told_on, how, by_role, duty_code, told_at, quiet_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          ...[householdId, telling.on, telling.how, telling.role, dutyCode, telling.at],
          quiet === null ? null : new Date(quiet),
        ],
      );
    return { tellingsOfDay, quietUntil: quiet === null ? null : toBeijingTime(new Date(quiet)) };
  }
}

/** What is told of, with what a risk of several causes adds up. */
async function causesIn(tx: Tx, householdId: number, rows: readonly ShownEpisodeRow[]): Promise<Cause[]> {
  const ordinals = rows.filter(({ cause }) => cause === JOINT_CAUSE).map(({ ordinal }) => ordinal);
  const added = await tx.query<{ cause: Cause }>(
    'SELECT unnest(causes) AS cause FROM joint_alerts WHERE household_id = $1 AND ordinal = ANY($2::int[])',
    [householdId, arrayLiteral(ordinals)],
  );
  return [...rows, ...added].map(({ cause }) => cause);
}

/** Tellings of a household come one after the other, and not while its episodes are being followed. */
async function lock(tx: Tx, householdId: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1, 0)', [BOOK_LOCK]);
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [HOUSEHOLD_LOCK, householdId % LOCKS]);
}

/** What stood at a moment, with its severity then; what had not been found yet is left out. As it is, of today. */
async function saidAt(
  tx: Tx,
  rows: readonly ShownEpisodeRow[],
  at: Date,
  now: Date,
): Promise<{ row: ShownEpisodeRow; severity: number }[]> {
  if (shanghaiDay(at) === shanghaiDay(now)) return rows.map((row) => ({ row, severity: row.severity }));
  const then = await severitiesAt(tx, rows, at);
  return rows.flatMap((row) => {
    const severity = then.get(keyInHousehold(row));
    return severity === undefined ? [] : [{ row, severity }];
  });
}

/** What stood then, or had been taken back after the household was told of it. */
function canBeTold({ ended_why, told_at }: ShownEpisodeRow, severity: number): boolean {
  return severity > 0 || (ended_why === 'recalled' && told_at !== null);
}

/** What was taken back stands to be told until it has been said. */
function isDue(row: ShownEpisodeRow): boolean {
  return row.tell_from !== null;
}

function toldOn({ told_at }: ShownEpisodeRow): string | undefined {
  return told_at === null ? undefined : shanghaiDay(told_at);
}

/** A day of the calendar, not to come, and not before the first of the episodes opened. */
function refuseDay(on: string, rows: readonly ShownEpisodeRow[], now: Date): void {
  const start = new Date(`${on}T00:00:00Z`);
  const real = !Number.isNaN(start.getTime()) && start.toISOString().slice(0, 10) === on;
  const opened = rows.map((row) => shanghaiDay(row.opened_at)).reduce((a, b) => (a < b ? a : b));
  const rule = !real
    ? 'must be a day such as 2026-07-20'
    : on > shanghaiDay(now)
      ? 'must not lie in the future'
      : on < opened
        ? `must not lie before the risk was found (${opened})`
        : undefined;
  if (rule !== undefined) throw new InvalidFields([{ field: 'on', value: on, rule }]);
}

/** Answers whether it is new: the same severity, told by the same role in the same way on the same day, is one telling. */
async function tellStep(
  tx: Tx,
  row: ShownEpisodeRow,
  { on, how, role, at, severity }: { on: string; how: string; role: string; at: Date; severity: number },
): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO episode_steps (household_id, cause, ordinal, duty_code, step, at, severity, told_on, how, by_role)
     VALUES ($1, $2, $3, $4, 'told', $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [row.household_id, row.cause, row.ordinal, row.duty_code, at, severity, on, how, role],
  );
  return inserted > 0;
}

/** A telling that is recorded late does not take the place of a later one. */
async function markTold(
  tx: Tx,
  row: ShownEpisodeRow,
  { how, role, at, severity }: { how: string; role: string; at: Date; severity: number },
  tellFrom: number | null,
): Promise<void> {
  await tx.execute(
    `UPDATE risk_episodes SET told_at = $4, told_severity = $8, told_how = $5, told_by = $6, tell_from = $7
     WHERE household_id = $1 AND cause = $2 AND ordinal = $3 AND (told_at IS NULL OR told_at <= $4)`,
    [
      ...[row.household_id, row.cause, row.ordinal, at, how, role],
      ...[tellFrom === null ? null : new Date(tellFrom), severity],
    ],
  );
}
