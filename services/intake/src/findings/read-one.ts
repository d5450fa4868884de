import { Inject, Injectable } from '@nestjs/common';
import { isUuid, NotFound } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope } from '@fangpin/persistence';
import { ENV, type Caller } from '@fangpin/service-kit';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import type { Finding } from './finding.js';
import { findFindings } from './finding-rows.js';

@Injectable()
export class ReadFindings {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {}

  /**
   * A finding of a household in the caller's area; to the account that sent it also of one that has moved out of there since: a
   * sender answers for its word. Refuses an unknown department or finding, also one of others elsewhere (404), and another
   * department's client (403).
   */
  async one(department: string, findingId: string, caller: Caller): Promise<Finding> {
    this.departments.of(department, caller);
    const id = findingId.toLowerCase();
    const found = isUuid(id)
      ? ((await this.#find(caller.scope, 'f.finding_id = $1 AND f.department = $2', [id, department])) ??
        (caller.role === 'department-client' ? await this.#sent(department, id, caller.scope) : undefined))
      : undefined;
    if (found === undefined) throw new NotFound('finding', findingId.slice(0, 40));
    return found;
  }

  /** By an account of this very area, wherever the household lives now. */
  #sent(department: string, id: string, { lo, hi }: Scope): Promise<Finding | undefined> {
    const where = 'f.finding_id = $1 AND f.department = $2 AND f.area_lo = $3 AND f.area_hi = $4';
    return this.#find(cellScope('http:findings', this.env.cellRegion), where, [id, department, lo, hi]);
  }

  async #find(scope: Scope, where: string, values: readonly unknown[]): Promise<Finding | undefined> {
    const [finding] = await this.database.transaction(scope, (tx) => findFindings(tx, where, values));
    return finding;
  }
}
