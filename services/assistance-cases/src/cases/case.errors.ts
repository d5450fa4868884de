import { DomainError } from '@fangpin/domain-kit';
import type { CaseAction } from './case-lifecycle.js';
import type { RefusalReason } from './case-guards.js';
import type { CaseState } from './case-states.js';

/** A step cannot be taken now: 403 where it is the caller's role alone that stands against it, else 409. */
export class StepRefused extends DomainError {
  constructor(action: CaseAction, state: CaseState, reasons: readonly RefusalReason[]) {
    const roleAlone = reasons.every(({ code }) => code === 'CASE.ROLE' || code === 'CASE.MACHINE_ONLY');
    super(
      roleAlone ? 'CASE.ROLE_NOT_ALLOWED' : 'CASE.ACTION_NOT_ALLOWED',
      roleAlone ? 'forbidden' : 'conflict',
      `${action} is not allowed in state ${state}`,
      { action, state, reasons },
    );
  }
}
