import { DomainError } from '@fangpin/domain-kit';
import { isTransientDatabaseError } from '@fangpin/persistence';
import { BusUnavailable } from '../bus-error.js';

/**
 * A handler throws this when what an event needs is not here yet (a policy version of tomorrow's release, a household that
 * is still on its way): the consumer pauses and repeats, nothing is parked.
 */
export class NotYet extends Error {
  readonly code: string = 'MESSAGING.NOT_YET';
  constructor(message: string) {
    super(message);
    this.name = 'NotYet';
  }
}

/** Going on would lose or double work: the consumer stops and says so. */
export class ConsumerHalted extends Error {
  readonly code: string = 'MESSAGING.HALTED';
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'ConsumerHalted';
  }
}

/** 25P03: the database ended a transaction that had been idle too long. XX000 is left out: it may be deterministic. */
const MORE_TRANSIENT_SQLSTATES = new Set(['25P03', '25P04', '57014']);

/** Whether an error passes by itself. Looks through causes, because use cases wrap what the driver throws. */
export function isTransient(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if (at instanceof NotYet || at instanceof BusUnavailable || isTransientDatabaseError(at)) return true;
    // A domain refusal that says it passes: a policy version that is not rolled out here yet.
    if (at instanceof DomainError && at.kind === 'unavailable') return true;
    const { code } = at as Error & { code?: unknown };
    if (typeof code === 'string' && MORE_TRANSIENT_SQLSTATES.has(code)) return true;
    if (/is not queryable|Query runner already released|Cannot use a pool after/i.test(at.message)) return true;
  }
  return false;
}

/** Code and text under which a letter parks. The text stays in the database: it may repeat values of the event. */
export function describeFailure(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error).slice(0, 500) };
  const { code } = error as Error & { code?: unknown };
  return { code: typeof code === 'string' ? code : error.name, message: error.message.slice(0, 500) };
}
