/**
 * All alerts of one call as columns, one entry an alert, the highest revision of each only. No object a row: a county-wide
 * shock brings some ten thousand at once (architecture §12).
 */
import { dutyRange } from '@fangpin/domain-kit';
import { faultOf, placeFault, PoisonedAlert, readHead, type AlertHead } from './alert-head.js';
import type { AlertColumns } from './alert-columns.js';
import { AlertsOfOrigin } from './alerts-of-origin.js';

export { PoisonedAlert, type AlertHead } from './alert-head.js';

export class IncomingAlerts {
  readonly heads: AlertHead[] = [];
  /** Position in `heads`, by alert. */
  readonly head: number[] = [];
  readonly household: number[] = [];
  readonly duty: number[] = [];
  readonly persons: number[] = [];
  readonly severity: number[] = [];
  readonly byOrigin = new Map<number, AlertsOfOrigin>();

  constructor(batches: Iterable<AlertColumns>) {
    for (const batch of inOrderOfHouseholds(batches)) this.add(batch);
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

  private add(batch: AlertColumns): void {
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

/** Rows that are stored in the order of their keys find their place in the indexes sooner, and fill the pages of those. */
function inOrderOfHouseholds(batches: Iterable<AlertColumns>): AlertColumns[] {
  const first = ({ householdIds }: AlertColumns): number => Number(householdIds[0] ?? 0);
  return [...batches].sort((a, b) => first(a) - first(b));
}
