/**
 * All alerts of one call as columns, one entry an alert, the highest revision of each only. No object a row: a county-wide
 * shock brings some ten thousand at once (architecture §12).
 */
import { DomainError, dutyRange, findRegionCode, isUuid, isWithin, type RegionCode } from '@fangpin/domain-kit';
import { AlertState, type AlertBatch } from '@fangpin/contracts';
import { AlertsOfOrigin } from './alerts-of-origin.js';

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

export class IncomingAlerts {
  readonly heads: AlertHead[] = [];
  /** Position in `heads`, by alert. */
  readonly head: number[] = [];
  readonly household: number[] = [];
  readonly duty: number[] = [];
  readonly persons: number[] = [];
  readonly severity: number[] = [];
  readonly byOrigin = new Map<number, AlertsOfOrigin>();

  constructor(batches: Iterable<AlertBatch>) {
    for (const batch of batches) this.add(batch);
    for (const alerts of this.byOrigin.values())
      if (!alerts.areDistinct) {
        this.keepHighestRevisions();
        break;
      }
  }

  get size(): number {
    return this.household.length;
  }

  headOf(alert: number): AlertHead {
    return this.heads[this.head[alert] as number] as AlertHead;
  }

  private add(batch: AlertBatch): void {
    const head = readHead(batch);
    const headIndex = this.heads.push(head) - 1;
    const range = dutyRange(head.township);
    const from = this.size;
    // Who is withdrawn needs neither count nor severity.
    const missing = head.withdrawn ? 1 : 0;
    for (let i = 0; i < batch.householdIds.length; i += 1) {
      const household = Number(batch.householdIds[i]);
      const duty = Number(batch.dutyCodes[i]);
      const persons = batch.persons[i] ?? missing;
      const severity = batch.severities[i] ?? missing;
      const fault = faultOf(household, duty, persons, severity, head.withdrawn) ?? placeFault(duty, range);
      if (fault !== undefined) throw new PoisonedAlert(String(head.origin), String(household), fault);
      this.head.push(headIndex);
      this.household.push(household);
      this.duty.push(duty);
      this.persons.push(persons);
      this.severity.push(severity);
    }
    let alerts = this.byOrigin.get(head.origin);
    if (alerts === undefined) this.byOrigin.set(head.origin, (alerts = new AlertsOfOrigin(this.household)));
    alerts.addRun(from, this.size);
  }

  /** Several revisions of an alert came together. Rare, so that only then each household is looked up by itself. */
  private keepHighestRevisions(): void {
    const all = { head: [...this.head], household: [...this.household] };
    const { duty, persons, severity } = {
      duty: [...this.duty],
      persons: [...this.persons],
      severity: [...this.severity],
    };
    for (const column of [this.head, this.household, this.duty, this.persons, this.severity]) column.length = 0;
    const positions = new Map<number, Map<number, number>>();
    for (const [from, household] of all.household.entries()) {
      const head = all.head[from] as number;
      const { origin, revision } = this.heads[head] as AlertHead;
      let known = positions.get(origin);
      if (known === undefined) positions.set(origin, (known = new Map()));
      const at = known.get(household);
      if (at !== undefined && this.headOf(at).revision >= revision) continue;
      const to = at ?? this.size;
      known.set(household, to);
      this.head[to] = head;
      this.household[to] = household;
      this.duty[to] = duty[from] as number;
      this.persons[to] = persons[from] as number;
      this.severity[to] = severity[from] as number;
    }
    for (const [origin, known] of positions)
      this.byOrigin.set(origin, AlertsOfOrigin.at(this.household, [...known.values()]));
  }
}

function faultOf(
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

const placeFault = (duty: number, range: { lo: number; hi: number }): string | undefined =>
  isWithin(duty, range) ? undefined : 'duty code must lie in the township of the message';

function readHead(batch: AlertBatch): AlertHead {
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
  };
}
