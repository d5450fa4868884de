/** The use case behind `POST /v1/findings/policy-applications`: says what it would do, or leaves the judging to the job. */
import {
  derivedUuid,
  InvalidFields,
  parseRegionCode,
  shanghaiDay,
  type Clock,
  type FieldProblem,
} from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { assertWithin, CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { JudgeFindings } from '../findings/judge-findings.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { concernedFindings, FIRST_ID, type FindingApplication } from './concerned-findings.js';
import type { FindingApplicationRequest } from './finding-applications.request.js';
import type { FindingApplicationAnswer } from './finding-applications.response.js';
import { countsOf, NO_COUNTS, sumOfCounts } from './application-counts.js';

/** Findings that a dry run judges, and in one transaction. */
const DRY_MOST = 20_000;
const PAGE = 500;

@Injectable()
export class ApplyToFindings {
  constructor(
    private readonly database: Database,
    private readonly judge: JudgeFindings,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Refuses a span that ends before it begins or in the future (400) and a region outside the caller's (403). The same request under the
   * same version is one application; sent again it takes up what has come to it since, mostly nothing.
   */
  async execute(request: FindingApplicationRequest, caller: Caller): Promise<FindingApplicationAnswer> {
    const application = this.read(request, caller);
    const { toVersion } = application;
    if (request.dryRun === true) return { applicationId: null, toVersion, wouldJudge: await this.tryOut(application) };
    const applicationId = await this.transaction((tx) => this.store(tx, application, request, caller));
    return { applicationId, toVersion, wouldJudge: null };
  }

  private read(request: FindingApplicationRequest, caller: Caller): FindingApplication {
    const today = shanghaiDay(this.clock.now());
    const { since, until = today } = request;
    const problems: FieldProblem[] = [];
    if (until > today) problems.push({ field: 'until', value: until, rule: 'must not lie in the future' });
    if (since > until) problems.push({ field: 'since', value: since, rule: 'must not come after until' });
    if (problems.length > 0) throw new InvalidFields(problems);
    const region = request.region === undefined ? caller.region : parseRegionCode(request.region);
    assertWithin(caller, region);
    const kinds = request.kinds === undefined ? null : [...new Set(request.kinds)].sort();
    return { since, until, kinds, region, toVersion: this.policies.current.version };
  }

  private async tryOut(application: FindingApplication) {
    let counts = NO_COUNTS;
    let after = FIRST_ID;
    for (;;) {
      const page = await this.transaction(async (tx) => {
        const findings = await concernedFindings(tx, application, { after, most: PAGE, lock: false });
        return { findings, decided: await this.judge.decide(tx, findings) };
      });
      counts = sumOfCounts(counts, countsOf(page.decided.map(({ decision }) => decision)));
      const last = page.findings.at(-1);
      if (last === undefined || page.findings.length < PAGE) return { ...counts, complete: true };
      if (counts.judged >= DRY_MOST) return { ...counts, complete: false };
      after = last.facts.findingId;
    }
  }

  private async store(
    tx: Tx,
    { since, until, kinds, region, toVersion }: FindingApplication,
    { reason, document }: FindingApplicationRequest,
    caller: Caller,
  ): Promise<string> {
    const about = [toVersion, since, until, kinds, region, reason, document];
    const applicationId = derivedUuid('fangpin finding application 1', JSON.stringify(about));
    await tx.execute(
      `INSERT INTO finding_applications AS a (application_id, requested_at, requested_by, to_version, since, until, kinds, region, reason,
         document, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'running')
       ON CONFLICT (application_id) DO UPDATE SET state = 'running', ended_at = NULL, done_up_to = DEFAULT, failed = 0, last_error = NULL,
         carried_at = DEFAULT`,
      [applicationId, this.clock.now(), `${caller.role}/${caller.subject}`, ...about],
    );
    return applicationId;
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('http:finding-applications'), work);
  }
}
