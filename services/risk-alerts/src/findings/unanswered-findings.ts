/**
 * Looks whether assistance-cases has answered every alert of a finding and every joint alert, and publishes again what it has not: an alert that was
 * lost on its way is mended, one that was only slow is ignored as a repeat. What stays unanswered is an alarm.
 */
import { alertTopicOf } from '@fangpin/contracts';
import { Outbox, type OutgoingMessage } from '@fangpin/messaging';
import { arrayLiteral, cellScope, Database, type Tx } from '@fangpin/persistence';
import {
  createGauge,
  ENV,
  LOGGER,
  METRICS,
  Rounds,
  type BaseEnv,
  type Logger,
  type Registry,
} from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { jointMessages, storedJointAlerts } from '../joint/joint-messages.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { storedFindingAlerts } from './finding-alerts.js';
import { findingMessages, type FindingAlert } from './finding-messages.js';
import { FINDING_SETTINGS, type FindingSettings } from './settings.js';

/** Slices looked at in one transaction. */
const AT_ONCE = 200;
/** Each time after twice as long. */
const MOST_ASKED_AGAIN = 4;

/** Slices in which each alert has an origin of its own, and no fan-out settles. */
const MANY_ORIGINS = ['findings', 'joint'] as const;
type ManyOrigins = (typeof MANY_ORIGINS)[number];

interface OpenSlice {
  readonly slice_no: number;
  readonly origins: number[];
  readonly stored_at: Date;
  readonly direction: ManyOrigins;
  readonly [column: string]: unknown;
}

@Injectable()
export class UnansweredFindings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #unanswered = 0;
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(FINDING_SETTINGS) private readonly settings: FindingSettings,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const help = 'Slices of findings and joint alerts with alerts that were published again and are not answered yet';
    createGauge(metrics, 'fangpin_findings_unanswered', help, [], (gauge) => gauge.set(this.#unanswered));
    this.#rounds = new Rounds(
      settings.lookSeconds * 1_000,
      () => this.execute(),
      (error) => log.warn({ err: error }, 'answers to findings could not be looked at; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Settles what is answered and asks again for the rest; answers how many alerts were published again. */
  async execute(quietSeconds = this.settings.quietSeconds): Promise<number> {
    let again = 0;
    for (const direction of MANY_ORIGINS)
      for (let looked = AT_ONCE; looked === AT_ONCE && !this.#rounds.signal.aborted;)
        looked = await this.transaction(async (tx) => {
          const slices = await publishedSlices(tx, direction, quietSeconds);
          again += await this.look(tx, slices);
          return slices.length;
        });
    this.#unanswered = await this.transaction(countUnanswered);
    return again;
  }

  private async look(tx: Tx, slices: readonly OpenSlice[]): Promise<number> {
    const open = await unansweredOf(tx, slices);
    const isOpen = ({ slice_no }: OpenSlice): boolean => open.has(slice_no);
    await tx.execute('UPDATE slices SET settled_at = clock_timestamp() WHERE slice_no = ANY($1::bigint[])', [
      arrayLiteral(slices.filter((slice) => !isOpen(slice)).map(({ slice_no }) => slice_no)),
    ]);
    let again = 0;
    for (const slice of slices.filter(isOpen))
      again += await this.publishAgain(tx, slice, open.get(slice.slice_no) ?? new Set());
    return again;
  }

  private async publishAgain(tx: Tx, slice: OpenSlice, alerts: ReadonlySet<string>): Promise<number> {
    await tx.execute('UPDATE slices SET asked_again = asked_again + 1 WHERE slice_no = $1', [slice.slice_no]);
    const messages = await this.messagesOf(tx, slice, alerts);
    await this.outbox.add(tx, alertTopicOf('bulk'), messages);
    const { slice_no: sliceNo, direction } = slice;
    this.log.warn({ sliceNo, direction, alerts: messages.length }, 'alerts without an answer are published again');
    return messages.length;
  }

  /** One a household. Deadlines count from when the alert was raised, not from when it is said again. */
  private async messagesOf(tx: Tx, slice: OpenSlice, alerts: ReadonlySet<string>): Promise<OutgoingMessage[]> {
    const isOpen = (alert: Pick<FindingAlert, 'origin' | 'householdId'>): boolean =>
      alerts.has(keyOf(alert.origin, alert.householdId));
    if (slice.direction === 'joint')
      return jointMessages((await storedJointAlerts(tx, slice)).filter(isOpen), this.policies, slice.stored_at);
    const stored = await storedFindingAlerts(tx, slice.slice_no, slice.origins);
    return findingMessages(stored.filter(isOpen), alertTopicOf('bulk'), this.policies, slice.stored_at);
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:unanswered-findings', this.env.cellRegion), work);
  }
}

const keyOf = (origin: FindingAlert['origin'], householdId: number): string => `${origin}/${householdId}`;

function publishedSlices(tx: Tx, direction: ManyOrigins, quietSeconds: number): Promise<OpenSlice[]> {
  return tx.query<OpenSlice>(
    // The direction stands in the text, so that the index of just these is used.
    `SELECT slice_no, origins, stored_at, direction FROM slices
     WHERE direction = '${direction}' AND settled_at IS NULL AND state = 'published' AND asked_again < ${MOST_ASKED_AGAIN}
       AND published_at <= clock_timestamp() - make_interval(secs => $1 * power(2, asked_again))
     ORDER BY slice_no LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED`,
    [quietSeconds],
  );
}

/** By slice: the alerts without an answer of their revision or a later one. */
async function unansweredOf(tx: Tx, slices: readonly OpenSlice[]): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const open = new Map<number, Set<string>>();
  if (slices.length === 0) return open;
  const rows = await tx.query<{ slice_no: number; origin: number; household_id: number }>(
    `SELECT s.slice_no, a.origin, a.household_id
     FROM unnest($1::bigint[]) AS due (slice_no) JOIN slices s USING (slice_no) CROSS JOIN unnest(s.origins) AS o (origin)
       CROSS JOIN LATERAL (
         SELECT origin, household_id, revision FROM alerts WHERE origin = o.origin AND slice_no = s.slice_no OFFSET 0) AS a
     WHERE NOT EXISTS (
       SELECT FROM triage_answers t
       WHERE t.origin = a.origin AND t.alert_revision >= a.revision AND a.household_id = ANY(t.household_ids) OFFSET 0)`,
    [arrayLiteral(slices.map(({ slice_no }) => slice_no))],
  );
  for (const { slice_no: sliceNo, origin, household_id: householdId } of rows)
    open.set(sliceNo, (open.get(sliceNo) ?? new Set()).add(keyOf(origin, householdId)));
  return open;
}

async function countUnanswered(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM slices WHERE direction IN ('findings', 'joint') AND settled_at IS NULL AND asked_again > 0`,
  );
  return row?.n ?? 0;
}
