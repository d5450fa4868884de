/**
 * When a first visit or a check is due: length and kind from policy, counted on the working calendar of the place from the
 * moment the risk was found. Reckoned once a township and day, not once a row.
 */
import { dueAt } from '@fangpin/calendar';
import { shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import type { ClockName, PolicySet } from '@fangpin/policy';

const MAX_REMEMBERED = 10_000;

export class DueDates {
  private readonly known = new Map<string, number>();

  constructor(private readonly policy: PolicySet) {}

  /** Milliseconds of the last moment of the clock's last day. */
  dueMs(clock: ClockName, region: RegionCode, fromMs: number): number {
    const day = shanghaiDay(new Date(fromMs));
    const key = `${clock}/${region}/${day}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const length = this.policy.get('clocks', region, day, clock).value;
    const due = dueAt(new Date(fromMs), length, { region }).getTime();
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    this.known.set(key, due);
    return due;
  }
}
