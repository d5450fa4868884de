/** What a message of alerts says once for all of them, and what none of them may be. */
import { DomainError, findRegionCode, isUuid, isWithin, type RegionCode } from '@fangpin/domain-kit';
import { AlertState } from '@fangpin/contracts';
import type { AlertColumns } from './alert-columns.js';

/** What the alerts of one message have in common. */
export interface AlertHead {
  readonly shockId: string;
  readonly origin: number;
  readonly cause: string;
  readonly shockKind: string;
  readonly revision: number;
  readonly withdrawn: boolean;
  readonly policyVersion: string;
  readonly judgedOn: string;
  readonly raisedMs: number;
  readonly township: RegionCode;
  /** What they are about beside their cause, as the contract has it; 0 where not stated. */
  readonly subject: number;
  /** Day of a shock's onset, YYYY-MM-DD; else empty. */
  readonly beganOn: string;
  /** The last day that this revision speaks of, YYYY-MM-DD. */
  readonly speaksUntil: string;
  /** How much this revision tells of, on a scale of its subject. */
  readonly extent: number;
  /** The extent from which on a check of this revision answers no more; 0 where not stated. */
  readonly asksAgainFrom: number;
}

/** An alert that cannot be taken in, whatever is tried: it parks. Names ids and the rule, nothing personal. */
export class PoisonedAlert extends DomainError {
  constructor(origin: string, household: string, rule: string) {
    super('ALERT.POISONED', 'invalid', `alert of origin ${origin}, household ${household}: ${rule}`, {
      origin,
      household,
      rule,
    });
  }
}

const MAX_PERSONS = 99;
const MAX_ORIGIN = 2 ** 52;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function faultOf(
  household: number,
  duty: number,
  persons: number,
  severity: number,
  withdrawn: boolean,
): string | undefined {
  if (!Number.isSafeInteger(household) || household < 1) return 'household id must be a positive safe integer';
  if (!Number.isSafeInteger(duty)) return 'duty code is missing';
  if (withdrawn) return undefined;
  if (persons < 1 || persons > MAX_PERSONS) return `persons must be 1 to ${MAX_PERSONS}, not ${persons}`;
  if (severity < 1 || severity > 4) return `severity must be 1 to 4, not ${severity}`;
  return undefined;
}

export const placeFault = (duty: number, range: { lo: number; hi: number }): string | undefined =>
  isWithin(duty, range) ? undefined : 'duty code must lie in the township of the message';

export function readHead(batch: AlertColumns): AlertHead {
  const refuse = (rule: string): never => {
    throw new PoisonedAlert(String(batch.origin), String(batch.householdIds[0] ?? '-'), rule);
  };
  const origin = Number(batch.origin);
  const revision = Number(batch.revision);
  const raisedMs = Number(batch.raisedMs);
  const township = findRegionCode(batch.township) ?? refuse('township must be a region code');
  if (!Number.isInteger(origin) || origin < 0 || origin >= MAX_ORIGIN) refuse('origin must be below 2^52');
  if (!Number.isSafeInteger(revision) || revision < 1) refuse('revision must be a positive safe integer');
  if (!isUuid(batch.shockId)) refuse('shock id must be a UUID');
  if (!DAY.test(batch.judgedOn)) refuse('judged_on must be a day');
  if (!Number.isSafeInteger(raisedMs) || raisedMs <= 0) refuse('raised_ms is missing');
  if (batch.state === AlertState.UNSPECIFIED) refuse('state is missing');
  const subject = Number(batch.subject);
  if (!Number.isInteger(subject) || subject < 0 || subject >= MAX_ORIGIN) refuse('subject must be below 2^52');
  const { beganOn, speaksUntil } = batch;
  for (const day of [beganOn, speaksUntil])
    if (day !== '' && !DAY.test(day)) refuse('began_on and speaks_until must be days, or empty');
  const [extent, asksAgainFrom] = [Number(batch.extent), Number(batch.asksAgainFrom)];
  for (const amount of [extent, asksAgainFrom])
    if (!Number.isSafeInteger(amount) || amount < 0)
      refuse('extent and asks_again_from must be safe integers from 0 on');
  return {
    shockId: batch.shockId,
    origin,
    cause: batch.cause,
    shockKind: batch.shockKind,
    revision,
    withdrawn: batch.state === AlertState.WITHDRAWN,
    policyVersion: batch.policyVersion,
    judgedOn: batch.judgedOn,
    raisedMs,
    township,
    subject,
    beganOn,
    speaksUntil: speaksUntil === '' ? batch.judgedOn : speaksUntil,
    extent,
    asksAgainFrom,
  };
}
