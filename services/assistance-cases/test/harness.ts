/** What this service's specs share: alerts as they come, and triage on a real database without a bus. */
import { create } from '@bufbuild/protobuf';
import path from 'node:path';
import {
  AlertBatchSchema,
  AlertState,
  topics,
  TriageOutcome,
  type AlertBatch,
  type CaseEvent,
  type CaseStepped,
  type ChecksFound,
  type TriageBatch,
} from '@fangpin/contracts';
import {
  composeDerivedId,
  dutyRange,
  fixedClock,
  originOf as numberOf,
  packRevision,
  type RegionCode,
} from '@fangpin/domain-kit';
import { decodeEvent, messagingMigrationsDir, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { TriageAlerts } from '../src/triage/triage-alerts.js';

export const TOWNSHIP = '532327101' as RegionCode;
export const OTHER_TOWNSHIP = '532327102' as RegionCode;
/** 2026-07-20, a Monday. */
export const NOW = new Date('2026-07-20T09:00:00+08:00');
export const RED = 4;
export const ORANGE = 3;

export const migrationsDirs = [
  messagingMigrationsDir,
  serviceKitMigrationsDir,
  path.resolve(import.meta.dirname, '../migrations'),
];

/** The n-th household's place: villages of forty households each. */
export const dutyOf = (township: RegionCode, household: number): number =>
  dutyRange(township).lo + (200 + (Math.floor(household / 40) % 20)) * 1_000;

export interface AlertsGiven {
  readonly shock?: number;
  readonly revision?: number;
  readonly township?: RegionCode;
  readonly severity?: number | ((household: number) => number);
  readonly persons?: (household: number) => number;
  readonly withdrawn?: boolean;
  readonly cause?: string;
  /** `hail` unless told; of a finding the key of its kind. */
  readonly shockKind?: string;
  readonly raisedAt?: Date;
  /** What it is about; the same for all of one kind and cause unless told. */
  readonly subject?: number;
  /** Day of onset; two days before {@link NOW} unless told. */
  readonly beganOn?: string;
  readonly speaksUntil?: string;
  /** Not stated unless told. */
  readonly extent?: number;
  readonly asksAgainFrom?: number;
}

export const shockIdOf = (shock: number): string => `00000000-0000-4000-8000-${String(shock).padStart(12, '0')}`;
export const originOf = (shock: number): number => 7_000_000 + shock;
export const caseId = (shock: number, householdId: number): string =>
  composeDerivedId({ origin: originOf(shock), householdId });

export function anAlertBatch(households: readonly number[], given: AlertsGiven = {}): AlertBatch {
  const { shock = 1, revision = 1, township = TOWNSHIP, severity = RED, persons = () => 4, withdrawn = false } = given;
  return create(AlertBatchSchema, {
    shockId: shockIdOf(shock),
    origin: BigInt(originOf(shock)),
    cause: given.cause ?? 'crop-disaster',
    shockKind: given.shockKind ?? 'hail',
    revision: BigInt(packRevision({ epoch: 1, version: revision })),
    state: withdrawn ? AlertState.WITHDRAWN : AlertState.RAISED,
    policyVersion: 'p1',
    judgedOn: '2026-07-20',
    raisedMs: BigInt((given.raisedAt ?? NOW).getTime()),
    township,
    lineFen: 870_000n,
    householdIds: households.map(BigInt),
    dutyCodes: households.map((household) => BigInt(dutyOf(township, household))),
    persons: households.map(persons),
    severities: households.map((household) => (typeof severity === 'number' ? severity : severity(household))),
    lossFen: households.map(() => 100_000n),
    projectedFen: households.map(() => 700_000n),
    reasons: households.map(() => 1),
    subject: BigInt(given.subject ?? numberOf(given.shockKind ?? 'hail', given.cause ?? 'crop-disaster')),
    beganOn: given.beganOn ?? '2026-07-18',
    speaksUntil: given.speaksUntil ?? '',
    extent: BigInt(given.extent ?? 0),
    asksAgainFrom: BigInt(given.asksAgainFrom ?? 0),
  });
}

export const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** Answers by alert, the highest revision of each. */
export class Answers {
  readonly byAlert = new Map<string, { outcome: TriageOutcome; revision: number; caseOrigin: number }>();
  messages = 0;
  /** What checks answer for, as it was said. */
  readonly checks: ChecksFound[] = [];
  /** Steps of cases that triage itself has said. */
  readonly steps: CaseStepped[] = [];
  /** Alerts that were ever answered as taken in: opened, attached or listed. */
  readonly taken = new Set<string>();

  take(messages: readonly Pick<OutgoingMessage, 'value'>[]): void {
    for (const { value } of messages) {
      const event: CaseEvent = decodeEvent(topics.case, value);
      if (event.body.case === 'triage') this.takeBatch(event.body.value);
      if (event.body.case === 'stepped') this.steps.push(event.body.value);
      if (event.body.case === 'checked') this.checks.push(event.body.value);
    }
  }

  takeBatch(batch: TriageBatch): void {
    this.messages += 1;
    batch.householdIds.forEach((household, i) => {
      const key = composeDerivedId({ origin: Number(batch.origin), householdId: Number(household) });
      const revision = Number(batch.alertRevision);
      const outcome = batch.outcomes[i] ?? TriageOutcome.UNSPECIFIED;
      if (outcome <= TriageOutcome.LISTED) this.taken.add(key);
      if ((this.byAlert.get(key)?.revision ?? 0) > revision) return;
      this.byAlert.set(key, { outcome, revision, caseOrigin: Number(batch.caseOrigins[i]) });
    });
  }

  of(shock: number, household: number): TriageOutcome | undefined {
    return this.byAlert.get(caseId(shock, household))?.outcome;
  }

  count(outcome: TriageOutcome): number {
    return [...this.byAlert.values()].filter((answer) => answer.outcome === outcome).length;
  }
}

export interface TriageOnDatabase {
  readonly db: TestDatabase;
  readonly writer: Database;
  readonly app: Database;
  readonly answers: Answers;
  readonly clock: ReturnType<typeof fixedClock>;
  /** One call of the consumer in one transaction. */
  triage(...batches: AlertBatch[]): Promise<void>;
  /** Forgets all rows and answers. */
  clear(): Promise<void>;
}

/** Triage as the consumer runs it, on the writer's role, with answers caught instead of sent. */
export async function triageOnDatabase(policy: PolicySet = loadPolicy()): Promise<TriageOnDatabase> {
  const db = await createTestDatabase('assistance-cases', { migrationsDirs });
  const writer = await db.open({ url: db.writerUrl });
  const app = await db.open();
  const admin = await db.open({ url: db.adminUrl });
  const clock = fixedClock(NOW);
  const answers = new Answers();
  const outbox = {
    add: (_tx: unknown, _topic: unknown, messages: readonly OutgoingMessage[]): Promise<void> =>
      Promise.resolve(answers.take(messages)),
    addReference: (_tx: unknown, { messages }: { messages: readonly OutgoingMessage[] }): Promise<void> =>
      Promise.resolve(answers.take(messages)),
  };
  const useCase = new TriageAlerts(policy, outbox, clock);
  return {
    db,
    writer,
    app,
    answers,
    clock,
    triage: (...batches) => writer.transaction(cellScope('consumer:test'), (tx) => useCase.execute(batches, tx)),
    async clear() {
      await admin.dataSource.query(
        'TRUNCATE triage_refs, cases, case_alerts, case_alert_steps, case_steps, check_items, check_results, withdrawals',
      );
      answers.byAlert.clear();
      answers.taken.clear();
      answers.messages = 0;
      answers.checks.length = 0;
      answers.steps.length = 0;
    },
  };
}

export const everything = cellScope('test');
