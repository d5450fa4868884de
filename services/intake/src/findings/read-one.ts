import { Injectable } from '@nestjs/common';
import { isUuid, NotFound } from '@fangpin/domain-kit';
import { Database, type Tx } from '@fangpin/persistence';
import type { Caller } from '@fangpin/service-kit';
import { Departments } from '../departments/departments.js';
import type { Finding } from './finding.js';
import { findFindings } from './finding-rows.js';

@Injectable()
export class ReadFindings {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
  ) {}

  /** Refuses an unknown department or finding, also one outside the caller's area (404), and another department's client (403). */
  async one(department: string, findingId: string, caller: Caller): Promise<Finding> {
    this.departments.of(department, caller);
    return this.database.transaction(caller.scope, (tx) => getFinding(tx, department, findingId));
  }
}

/** A finding of the department within the transaction's scope; else NotFound. */
export async function getFinding(tx: Tx, department: string, findingId: string): Promise<Finding> {
  const id = findingId.toLowerCase();
  const [finding] = isUuid(id)
    ? await findFindings(tx, 'f.finding_id = $1 AND f.department = $2', [id, department])
    : [];
  if (finding === undefined) throw new NotFound('finding', findingId.slice(0, 40));
  return finding;
}
