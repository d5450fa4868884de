import { DomainError } from '@fangpin/domain-kit';

/** The sender's key belongs to a household that this caller cannot see. */
export class SourceKeyTaken extends DomainError {
  constructor(sourceKey: string) {
    super('HOUSEHOLD.SOURCE_KEY_TAKEN', 'conflict', 'the source key belongs to another household', { sourceKey });
  }
}

/** A household that has left or is dissolved is history: it returns first, then it can be edited. */
export class HouseholdNotActive extends DomainError {
  constructor(state: string) {
    super('HOUSEHOLD.NOT_ACTIVE', 'conflict', `a household in state ${state} cannot be edited`, { state });
  }
}
