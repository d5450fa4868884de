import { Inject, Injectable } from '@nestjs/common';
import { DomainError, InvalidFields, isWithin, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, isTransientDatabaseError } from '@fangpin/persistence';
import { checkIdempotencyKey, CLOCK, ENV, GroupCommit, idempotentSet, type Caller } from '@fangpin/service-kit';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import { isMatched } from './finding.js';
import type { Problem } from './problems.js';
import { readFinding } from './read-finding.js';
import { TakeFindings, type FindingInHand } from './take-findings.js';
import type { NextFinding, Outcome } from './next-finding.rule.js';

export interface FindingTaken {
  readonly findingId: string;
  readonly revision: number;
  readonly outcome: Outcome;
  readonly householdId?: number;
  readonly problems: readonly Problem[];
}

interface Waiting {
  readonly inHand: FindingInHand;
  readonly caller: Caller;
  readonly key: string | undefined;
}

const DEADLOCK = '40P01';
/**
 * Two groups at once keep the database busy while one of them waits for its commit; more would only contend. Ten groups may wait,
 * and no longer than a sender does.
 */
const GROUP = {
  groupSize: 200,
  atOnce: 2,
  mostWaiting: 2_000,
  longestWaitMs: 10_000,
  failsAll: (error: unknown): boolean =>
    isTransientDatabaseError(error) && (error as { code?: unknown }).code !== DEADLOCK,
};

/** The use case behind a single push. Requests that come at the same time share a transaction. */
@Injectable()
export class ReceiveFinding {
  readonly #singles: GroupCommit<Waiting, FindingTaken | DomainError>;

  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    private readonly take: TakeFindings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {
    this.#singles = new GroupCommit((group) => this.#together(group), GROUP);
  }

  /**
   * Refuses an unknown department (404), another department's client (403), bad fields (400, all named) and an Idempotency-Key
   * that was used with another body (409), and what cannot be begun with in good time (503). Whoever cannot be found is kept and answers `unmatched`.
   */
  async execute(departmentKey: string, body: unknown, caller: Caller, key: string | undefined): Promise<FindingTaken> {
    const department = this.departments.of(departmentKey, caller);
    const read = readFinding(body, department, this.env.identityKey);
    if ('problems' in read) throw new InvalidFields(read.problems);
    checkIdempotencyKey(key);
    const { lo, hi } = caller.scope;
    const sending = { department: departmentKey, by: caller.subject, at: this.clock.now(), area: { lo, hi } };
    const answer = await this.#singles.submit({ inHand: { sent: read.sent, sending }, caller, key });
    if (answer instanceof DomainError) throw answer;
    return answer;
  }

  /** With a key: held against what was read, in which the person is a keyed hash. */
  #together(group: readonly Waiting[]): Promise<(FindingTaken | DomainError)[]> {
    return this.database.transaction(cellScope('http:findings', this.env.cellRegion), async (tx) => {
      const requests = group.map(({ inHand: { sent, sending }, caller, key }) => {
        return { key, route: `POST /v1/departments/${sending.department}/findings`, caller, body: sent };
      });
      const answers = await idempotentSet(tx, requests, async (places) => {
        const inHand = places.map((place) => (group[place] as Waiting).inHand);
        return (await this.take.execute(tx, inHand)).map((next) => ({ status: 202, body: answerOf(next) }));
      });
      return answers.map((answer) => (answer instanceof DomainError ? answer : answer.body));
    });
  }
}

/** Of a household that has moved away the sender is told nothing. */
function answerOf({ finding, outcome, problems }: NextFinding): FindingTaken {
  const { findingId, revision, match, area } = finding;
  const isHere = isMatched(match) && isWithin(match.dutyCode, area);
  return { findingId, revision, outcome, ...(isHere ? { householdId: match.householdId } : {}), problems };
}
