/**
 * Judges the findings of applications by the policy version of this process, some hundred in a transaction, in the bulk lane. Any process of
 * that version may do it; one that is killed leaves its set to the next, and where no process has the version any more it lapses. A finding that cannot be judged stays as it was, is counted with its
 * error, and holds up no other.
 */
import type { Clock } from '@fangpin/domain-kit';
import { isTransient } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import {
  CLOCK,
  describeError,
  ENV,
  LOGGER,
  Rounds,
  type BaseEnv,
  type Logger,
  type VersionJobsEnv,
} from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JudgeFindings, type DecidedFinding } from '../findings/judge-findings.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { countsOf } from './application-counts.js';
import { letLapse, sayThatItIsCarried } from './lapsed-applications.js';
import { concernedFindings, nextConcerned, type FindingApplication } from './concerned-findings.js';

const EVERY_MS = 1_000;
const AT_ONCE = 200;

interface Running extends FindingApplication {
  readonly applicationId: string;
  readonly doneUpTo: string;
}

/** A set could not be judged: one of its findings is to blame, and the others shall go on. */
class SetFailed extends Error {
  constructor(
    readonly application: Running,
    cause: unknown,
  ) {
    super('findings could not be judged', { cause });
  }
}

@Injectable()
export class CarryOutFindings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(
    EVERY_MS,
    () => this.execute(),
    (error) => this.log.warn({ err: error }, 'a policy application could not go on; the next round tries again'),
  );

  constructor(
    private readonly database: Database,
    private readonly judge: JudgeFindings,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv & VersionJobsEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Goes on until nothing can be done now. */
  async execute(): Promise<void> {
    const { version } = this.policies.current;
    const here = { version, now: this.clock.now(), awayMinutes: this.env.policyAwayMinutes };
    const lapsed = await this.transaction((tx) => letLapse(tx, here));
    if (lapsed.length > 0) this.log.warn({ lapsed }, 'policy applications have lapsed: no process has their version');
    let alone = 0;
    while (!this.#rounds.signal.aborted)
      try {
        if (!(await this.transaction((tx) => this.next(tx, alone > 0 ? 1 : AT_ONCE)))) return;
        alone = Math.max(0, alone - 1);
      } catch (error) {
        if (!(error instanceof SetFailed)) throw error;
        if (alone > 0) await this.transaction((tx) => this.passOver(tx, error));
        else alone = AT_ONCE;
      }
  }

  /** One set; false where nothing can be done, or other processes are at it. */
  private async next(tx: Tx, most: number): Promise<boolean> {
    await sayThatItIsCarried(tx, this.policies.current.version);
    const application = await this.hold(tx);
    if (application === undefined) return false;
    const { applicationId } = application;
    const decided = await this.judgeNext(tx, application, most);
    const last = decided.at(-1);
    if (last === undefined) {
      await tx.execute(`UPDATE finding_applications SET state = 'done', ended_at = $2 WHERE application_id = $1`, [
        applicationId,
        this.clock.now(),
      ]);
      return true;
    }
    const { judged, raised, withdrawn } = countsOf(decided.map(({ decision }) => decision));
    await tx.execute(
      `UPDATE finding_applications SET done_up_to = $2, judged = judged + $3, raised = raised + $4, withdrawn = withdrawn + $5
       WHERE application_id = $1`,
      [applicationId, last.finding.facts.findingId, judged, raised, withdrawn],
    );
    this.log.info({ applicationId, judged, raised, withdrawn }, 'findings judged again');
    return true;
  }

  private async judgeNext(tx: Tx, application: Running, most: number): Promise<readonly DecidedFinding[]> {
    try {
      const next = { after: application.doneUpTo, most, lock: true };
      return await this.judge.execute(tx, await concernedFindings(tx, application, next), true);
    } catch (cause) {
      throw isTransient(cause) ? cause : new SetFailed(application, cause);
    }
  }

  /** Leaves the finding as it was whose turn it was, unless another process has gone on meanwhile. */
  private async passOver(tx: Tx, { application, cause }: SetFailed): Promise<void> {
    const held = await tx.query(
      `SELECT 1 FROM finding_applications WHERE application_id = $1 AND done_up_to = $2 AND state = 'running' FOR UPDATE`,
      [application.applicationId, application.doneUpTo],
    );
    if (held.length === 0) return;
    const findingId = await nextConcerned(tx, application, application.doneUpTo);
    if (findingId === undefined) return;
    this.log.error({ err: cause, findingId }, 'a finding could not be judged again; it stays as it was');
    await tx.execute(
      `UPDATE finding_applications SET done_up_to = $2, failed = failed + 1, last_error = $3 WHERE application_id = $1`,
      [application.applicationId, findingId, `${findingId}: ${JSON.stringify(describeError(cause))}`.slice(0, 500)],
    );
  }

  private async hold(tx: Tx): Promise<Running | undefined> {
    const [row] = await tx.query<Running & Record<string, unknown>>(
      `SELECT application_id AS "applicationId", since, until, kinds, region, to_version AS "toVersion", done_up_to AS "doneUpTo"
       FROM finding_applications WHERE state = 'running' AND to_version = $1
       ORDER BY requested_at, application_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [this.policies.current.version],
    );
    return row;
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:finding-applications', this.env.cellRegion), work);
  }
}
