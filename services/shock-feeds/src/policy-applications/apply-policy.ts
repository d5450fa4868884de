/** The use case behind `POST /v1/policy-applications`: lists what is to be judged again, and leaves the judging to the job. */
import { InvalidFields, parseRegionCode, shanghaiDay, type Clock, type FieldProblem } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { assertWithin, CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { shockIdOf } from '../shocks/shock-id.js';
import { errorText, nothingToJudge, notJudged, partKept, type ApplicationProblem } from './application-problems.js';
import { FindConcerned } from './find-concerned.js';
import type { ConcernedShock, PolicyApplication } from './policy-application.js';
import type { PolicyApplicationRequest } from './policy-applications.request.js';

/** Shocks that a dry run names; it counts all. */
const NAMED_MOST = 200;

export interface ApplicationAnswer {
  /** Null of a dry run. */
  readonly applicationId: string | null;
  readonly toVersion: string;
  readonly shocks: number;
  /** Shocks that reach beyond the region, and are left to whoever answers for all of their area. */
  readonly beyondRegion: number;
  /** Why there is nothing to judge; empty where there is something. */
  readonly problems: readonly ApplicationProblem[];
  readonly wouldJudge?: readonly WouldJudge[];
}

export interface WouldJudge extends Omit<ConcernedShock, 'shockNo' | 'notDerived' | 'error'> {
  readonly problems: readonly ApplicationProblem[];
}

@Injectable()
export class ApplyPolicy {
  constructor(
    private readonly database: Database,
    private readonly concerned: FindConcerned,
    private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Refuses a span that ends before it begins or in the future (400) and a region outside the caller's (403). The same request
   * under the same version is one application; sent again it takes up what has come to it since, mostly nothing.
   */
  async execute(request: PolicyApplicationRequest, caller: Caller): Promise<ApplicationAnswer> {
    const application = this.#read(request, caller);
    return this.database.transaction(cellScope('http:policy-applications'), async (tx) => {
      const {
        shocks: found,
        beyondRegion,
        onlyRecorded,
      } = await this.concerned.find(tx, application, this.clock.now());
      const about = { toVersion: this.policy.version, beyondRegion };
      const whyNothing = async (shocks: number): Promise<ApplicationProblem[]> => {
        if (shocks > 0) return [];
        const present = await this.concerned.countPresent(tx, application);
        return nothingToJudge({ beyondRegion, onlyRecorded, present }, this.policy.version);
      };
      if (request.dryRun === true) {
        const wouldJudge = found.slice(0, NAMED_MOST).map(wouldBe);
        const problems = await whyNothing(found.length);
        return { applicationId: null, ...about, shocks: found.length, problems, wouldJudge };
      }
      const applicationId = await this.#store(tx, application, found, caller);
      const [row] = await tx.query<{ shocks: number }>(
        'SELECT count(*)::int AS shocks FROM policy_application_shocks WHERE application_id = $1',
        [applicationId],
      );
      const shocks = row?.shocks ?? 0;
      return { applicationId, ...about, shocks, problems: await whyNothing(shocks) };
    });
  }

  #read(request: PolicyApplicationRequest, caller: Caller): PolicyApplication {
    const today = shanghaiDay(this.clock.now());
    const { since, until = today, reason, document } = request;
    const problems: FieldProblem[] = [];
    if (until > today) problems.push({ field: 'until', value: until, rule: 'must not lie in the future' });
    if (since > until) problems.push({ field: 'since', value: since, rule: 'must not come after until' });
    if (problems.length > 0) throw new InvalidFields(problems);
    const region = request.region === undefined ? caller.region : parseRegionCode(request.region);
    assertWithin(caller, region);
    const kinds = request.kinds === undefined ? null : [...new Set(request.kinds)].sort();
    return { since, until, kinds, region, reason, document };
  }

  async #store(
    tx: Tx,
    application: PolicyApplication,
    found: readonly ConcernedShock[],
    caller: Caller,
  ): Promise<string> {
    const { version } = this.policy;
    const { since, until, kinds, region, reason, document } = application;
    const applicationId = shockIdOf(
      `policy-application:${JSON.stringify([version, since, until, kinds, region, reason, document])}`,
    );
    await tx.execute(
      `INSERT INTO policy_applications AS a (application_id, requested_at, requested_by, since, until, kinds, region, reason,
         document, to_version, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'running')
       ON CONFLICT (application_id) DO UPDATE SET state = 'running', ended_at = NULL, carried_at = DEFAULT
         WHERE $11 OR a.state = 'lapsed'`,
      [
        applicationId,
        this.clock.now(),
        `${caller.role}/${caller.subject}`,
        since,
        until,
        kinds,
        region,
        reason,
        document,
        version,
        found.length > 0,
      ],
    );
    await tx.execute(
      `INSERT INTO policy_application_shocks AS s (application_id, shock_id, shock_no, from_version, from_lane, to_lane)
       SELECT $1, v."shockId", v."shockNo", v."fromVersion", v."fromLane", v."toLane"
       FROM jsonb_to_recordset($2::jsonb)
         AS v ("shockId" uuid, "shockNo" bigint, "fromVersion" text, "fromLane" text, "toLane" text)
       ON CONFLICT (application_id, shock_id) DO UPDATE SET state = 'waiting', from_version = excluded.from_version,
         from_lane = excluded.from_lane, to_lane = excluded.to_lane, attempts = 0, error = NULL, retry_at = NULL`,
      [
        applicationId,
        JSON.stringify(
          found.map(({ shockId, shockNo, fromVersion, fromLane, toLane }) => ({
            shockId,
            shockNo,
            fromVersion,
            fromLane,
            toLane,
          })),
        ),
      ],
    );
    return applicationId;
  }
}

function wouldBe({ shockNo: _, notDerived, error, ...shock }: ConcernedShock): WouldJudge {
  const failure = error === undefined ? [] : [notJudged(errorText(error))];
  return { ...shock, problems: [...failure, ...notDerived.map(partKept)] };
}
