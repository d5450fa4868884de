import { DomainError } from '@fangpin/domain-kit';

/** Some of the households named are not in the caller's area, or nowhere. One answer for both: it tells nothing. */
export class HouseholdsNotFound extends DomainError {
  constructor(missing: readonly { readonly field: string; readonly value: number }[]) {
    const rule = 'must be a household of your area that income monitoring knows';
    super('HOUSEHOLD.NOT_FOUND', 'not-found', 'a household is not known here', {
      errors: missing.map(({ field, value }) => ({ field, value, rule })),
    });
  }
}

/** One source key names one fact of a household; a changed amount is a correction, not a repeat. */
export class SourceKeyReused extends DomainError {
  constructor(fields: readonly string[]) {
    super('INCOME_ENTRY.SOURCE_KEY_REUSED', 'conflict', 'a source key was used before for another fact', {
      errors: fields.map((field) => ({ field, rule: 'names another fact already; correct that entry instead' })),
    });
  }
}

/** The entry cannot be taken back: it was already, or it is itself a reversal. */
export class EntryNotCorrectable extends DomainError {
  constructor(entryId: number, reason: 'already corrected' | 'a reversal') {
    super('INCOME_ENTRY.NOT_CORRECTABLE', 'conflict', `income entry ${entryId} is ${reason}`, { id: entryId, reason });
  }
}
