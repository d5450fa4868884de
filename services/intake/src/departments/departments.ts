import { Inject, Injectable } from '@nestjs/common';
import { findingKinds } from '@fangpin/contracts';
import { NotFound, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { PolicySet } from '@fangpin/policy';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import type { Department } from './department.js';
import { OtherDepartment } from './department.errors.js';

const DAY_MS = 86_400_000;

@Injectable()
export class Departments {
  constructor(
    private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Refuses a department that policy does not list (404), and a department's client that is of another one (403). */
  of(key: string, caller: Caller): Department {
    if (caller.role === 'department-client' && caller.department !== key) throw new OtherDepartment(key);
    const now = this.clock.now();
    const today = shanghaiDay(now);
    const listed = this.policy.table('department-findings', caller.region, today).get(key)?.value;
    if (listed === undefined) throw new NotFound('department', key);
    const { oldestDays } = this.policy.get('finding-age', caller.region, today).value;
    return {
      key,
      name: listed.name,
      kinds: findingKinds.filter((kind) => listed.kinds.includes(kind.key)),
      today,
      longestSpending: this.policy.get('spending-period', caller.region, today).value.mostDays,
      oldestDay: shanghaiDay(new Date(now.getTime() - oldestDays * DAY_MS)),
    };
  }
}
