/** Notices as shock-feeds tells of them, and the use cases of questions on a real database without a bus. */
import { create } from '@bufbuild/protobuf';
import {
  AreaDamageSchema,
  Lane,
  ShockEnd,
  ShockSchema,
  ShockState,
  topics,
  type Shock,
  type VillageAnswer,
} from '@fangpin/contracts';
import { COUNTRY, fixedClock, packRevision, type RegionCode } from '@fangpin/domain-kit';
import { decodeEvent, type Outbox, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, regionScope, type Database } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import type { Caller } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { QuestionEntity } from '../src/village-questions/question.entity.js';
import { RecordAnswer } from '../src/village-questions/record-answer.js';
import { RecordZeroReports } from '../src/village-questions/record-zero-reports.js';
import { TakeShocks } from '../src/village-questions/take-shocks.js';
import { everything, migrationsDirs, NOW, shockIdOf } from './harness.js';

export interface NoticeGiven {
  readonly shock?: number;
  readonly revision?: number;
  readonly state?: 'open' | 'ended' | 'cancelled';
  readonly endedBy?: ShockEnd;
  readonly lane?: Lane;
  readonly level?: number;
  readonly regions?: readonly string[];
}

const STATES = { open: ShockState.OPEN, ended: ShockState.ENDED, cancelled: ShockState.CANCELLED } as const;
const ENDS = { open: ShockEnd.UNSPECIFIED, ended: ShockEnd.EXPIRY, cancelled: ShockEnd.CANCELLED } as const;

/** A red rain warning of 18 July for a township of twelve villages, ended, unless told otherwise. */
export function aNotice(given: NoticeGiven = {}): Shock {
  const { shock = 1, revision = 1, state = 'ended', level = 4, lane = Lane.NOTICE, regions = ['532327101'] } = given;
  return create(ShockSchema, {
    shockId: shockIdOf(shock),
    revision: BigInt(packRevision({ epoch: 1, version: revision })),
    kind: 'rainstorm',
    level,
    lane,
    state: STATES[state],
    endedBy: given.endedBy ?? ENDS[state],
    regions: [...regions],
    onsetMs: BigInt(new Date('2026-07-18T02:00:00+08:00').getTime()),
    headline: '永仁县气象台发布暴雨红色预警信号',
    source: '永仁县气象台',
    policyVersion: 'p1',
    judgedOn: '2026-07-18',
  });
}

export interface ReportGiven extends NoticeGiven {
  readonly kind?: string;
  /** Mu that were hit, by region. */
  readonly mu?: Readonly<Record<string, number>>;
  /** Number of the notice of which it is what happened. */
  readonly forecast?: number;
}

/** Hail of 18 July that has hit 300 mu of a township of twelve villages, unless told otherwise; open. */
export function aReport({ kind = 'hail', mu = { '532327101': 300 }, forecast, ...given }: ReportGiven = {}): Shock {
  const shock = aNotice({ state: 'open', lane: Lane.ALERT, level: 3, regions: Object.keys(mu), ...given });
  const damage = Object.entries(mu).map(([region, hit]) =>
    create(AreaDamageSchema, { region, cropHitCentimu: BigInt(hit * 100) }),
  );
  const forecastShockId = forecast === undefined ? '' : shockIdOf(forecast);
  return create(ShockSchema, { ...shock, kind, observed: true, damage, headline: '永仁县冰雹灾情', forecastShockId });
}

export interface QuestionsOnDatabase {
  readonly db: TestDatabase;
  readonly app: Database;
  readonly writer: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly said: VillageAnswer[];
  readonly recordAnswer: RecordAnswer;
  readonly recordZeroReports: RecordZeroReports;
  /** One call of the consumer in one transaction; notices ended at the clock's time unless told. */
  hear(notices: readonly Shock[], options?: { readonly at?: Date; readonly cell?: RegionCode }): Promise<void>;
  rows<Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Number of questions by stored state. */
  states(): Promise<Record<number, number>>;
  clear(): Promise<void>;
}

export const callerOf = (region: string, role: Caller['role'] = 'county-officer'): Caller => ({
  subject: `${role}-1`,
  role,
  region: region as RegionCode,
  scope: regionScope(region as RegionCode),
});

export async function questionsOnDatabase(): Promise<QuestionsOnDatabase> {
  const db = await createTestDatabase('assistance-cases', { migrationsDirs });
  const app = await db.open({ entities: [QuestionEntity] });
  const writer = await db.open({ url: db.writerUrl });
  const admin = await db.open({ url: db.adminUrl });
  const clock = fixedClock(NOW);
  const policy = loadPolicy();
  const said: VillageAnswer[] = [];
  const add = (_tx: unknown, _topic: unknown, messages: readonly OutgoingMessage[]): Promise<void> => {
    said.push(...messages.map(({ value }) => decodeEvent(topics.villageAnswer, value)));
    return Promise.resolve();
  };
  const outbox = { add } as unknown as Outbox;
  const takeShocks = new TakeShocks(policy, clock);
  const rows: QuestionsOnDatabase['rows'] = (sql, values) =>
    app.transaction(everything, (tx) => tx.query(sql, values)) as never;
  return {
    db,
    app,
    writer,
    clock,
    said,
    recordAnswer: new RecordAnswer(app, outbox, policy, clock),
    recordZeroReports: new RecordZeroReports(app, outbox, clock),
    hear: (notices, { at = clock.now(), cell = COUNTRY } = {}) =>
      writer.transaction(cellScope('consumer:test', cell), (tx) =>
        takeShocks.execute(
          notices.map((shock) => ({ shock, at })),
          tx,
        ),
      ),
    rows,
    states: async () => {
      const found = await rows<{ state: number; n: number }>(
        'SELECT state, count(*)::int AS n FROM village_questions GROUP BY state',
      );
      return Object.fromEntries(found.map(({ state, n }) => [state, n]));
    },
    async clear() {
      await admin.dataSource.query(
        'TRUNCATE heard_shocks, village_questions, question_notices, village_answer_log, idempotency_keys',
      );
      said.length = 0;
      clock.set(NOW);
    },
  };
}
