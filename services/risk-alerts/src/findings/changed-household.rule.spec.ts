import { create } from '@bufbuild/protobuf';
import { FindingKind, FindingSchema, FindingState } from '@fangpin/contracts';
import { packRevision, parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { saysOtherwise, whenSaid } from './changed-household.rule.js';
import {
  decideFinding,
  type FindingDecision,
  type FindingState as Outcome,
  type LastFindingAlert,
} from './decide-finding.rule.js';
import type { KnownHousehold } from './found-households.js';
import { notedFinding, type NotedFinding } from './noted-finding.js';

const policy = loadPolicy();
const DUTY = 532327101201000;
const { restHours, latestHours, fromShare } = policy.get(
  'changed-household',
  parseRegionCode('53'),
  '2026-07-31',
).value;

const spent = (yuan: number, version = 1, state = FindingState.RAISED): NotedFinding =>
  notedFinding(
    create(FindingSchema, {
      ...{ findingId: '00000000-0000-4000-8000-000000000001', revision: BigInt(packRevision({ epoch: 1, version })) },
      ...{ householdId: 7n, dutyCode: BigInt(DUTY), kind: FindingKind.MEDICAL_SPENDING, state },
      ...{ occurredOn: '2025-07-31', spentSince: '2025-01-01', spentFen: BigInt(yuan * 100) },
    }),
  );
const home = (perCapitaFen: number | null, persons: number): KnownHousehold => ({
  ...{ householdId: 7, dutyCode: DUTY, facts: 0, livelihoods: [], watched: false, onlyDwelling: true },
  ...{ persons, perCapitaFen, wageFenPerWorker: null, spendingFen: null },
});

/** A finding with its alert, over the hours, as the service goes through them: judged when it comes, looked at when its household changes, and after rest. */
class Found {
  outcome: Outcome = 'waiting';
  alert: LastFindingAlert | undefined;
  saidRevisions = 0;
  rests = 0;
  #lookAt: number | undefined;
  #restsSince: number | undefined;

  constructor(
    private finding: NotedFinding,
    private household: KnownHousehold,
  ) {
    this.push(finding);
  }

  push(finding: NotedFinding): void {
    this.finding = finding;
    this.store(this.decide());
  }

  changes(household: KnownHousehold, atHours: number): void {
    this.household = household;
    if (this.outcome !== 'alerted') return this.store(this.decide());
    const decision = this.decide(fromShare);
    const when = this.alert === undefined ? 'never' : whenSaid(decision, this.alert, null);
    if (when === 'at-once') this.store(decision);
    if (when !== 'after-rest') return;
    this.#restsSince ??= atHours;
    this.#lookAt = Math.min(atHours + restHours, this.#restsSince + latestHours);
  }

  time(atHours: number): void {
    if (this.#lookAt === undefined || this.#lookAt > atHours) return;
    this.#lookAt = this.#restsSince = undefined;
    this.rests += 1;
    if (this.outcome === 'alerted' && this.alert !== undefined) {
      const decision = this.decide(fromShare);
      if (whenSaid(decision, this.alert, null) !== 'never') this.store(decision);
    }
  }

  private decide(correctFrom?: number): FindingDecision {
    return decideFinding(
      this.finding,
      this.household,
      this.alert === undefined ? [] : [this.alert],
      policy,
      correctFrom,
    );
  }

  private store({ outcome, raise, withdraw }: FindingDecision): void {
    this.outcome = outcome;
    if (raise === undefined && withdraw.length === 0) return;
    this.saidRevisions += 1;
    if (raise === undefined) return void (this.alert = { ...(this.alert as LastFindingAlert), state: WITHDRAWN });
    const { origin, householdId, facts } = this.finding;
    const { persons, perCapitaFen, dutyCode } = raise.household;
    this.alert = {
      ...{ origin, householdId, dutyCode, facts, persons, perCapitaFen, state: RAISED, lineUnknown: false },
      ...{ revision: this.saidRevisions, severity: raise.verdict.severity, lossFen: raise.verdict.loss.middle },
      saidFen: [...(this.alert?.saidFen ?? []), facts.spentFen],
    };
  }
}

const anyIncome = fc.option(
  fc.constantFrom(...[0, 1_000, 8_000, 9_000, 9_100, 20_000, 31_000, 200_000].map((y) => y * 100)),
);
const anyStep = fc.record({
  hours: fc.integer({ min: 0, max: 40 }),
  what: fc.oneof(
    fc.record({ perCapitaFen: anyIncome }),
    fc.record({ persons: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ spentYuan: fc.constantFrom(10_000, 25_000, 26_000, 60_000) }),
    fc.constant({ again: true }),
  ),
});

describe('an alert of a finding whose household changes', () => {
  it('says after rest what judging once by the last of everything says, in few revisions, whatever came in between', () => {
    fc.assert(
      fc.property(anyIncome, fc.array(anyStep, { maxLength: 14 }), (perCapitaFen, steps) => {
        let [now, household, pushes] = [0, home(perCapitaFen, 4), 1];
        let finding = spent(25_000);
        const found = new Found(finding, household);
        for (const { hours, what } of steps) {
          now += hours;
          found.time(now);
          if ('spentYuan' in what) found.push((finding = spent(what.spentYuan, ++pushes)));
          else found.changes((household = { ...household, ...('again' in what ? {} : what) }), now);
        }
        found.time(now + latestHours);
        const once = new Found(finding, household);
        expect(found.outcome).toBe(once.outcome);
        if (found.outcome === 'alerted') {
          expect(found.alert?.severity).toBe(once.alert?.severity);
          expect(found.alert?.persons).toBe(household.persons);
          const as = found.alert as LastFindingAlert;
          expect(saysOtherwise(as, household, { loss: { low: 0, middle: as.lossFen, high: 0 } }, fromShare)).toBe(
            false,
          );
        }
        // Between two rests and pushes an alert only rises: by four colours at most, and once it may be taken back.
        expect(found.saidRevisions).toBeLessThanOrEqual(5 * (found.rests + pushes));
        const said = found.saidRevisions;
        found.changes(household, now + latestHours);
        found.time(now + 3 * latestHours);
        expect(found.saidRevisions).toBe(said);
      }),
      { numRuns: 500 },
    );
  });

  it('says otherwise by members, by whether the income is known, and by a share of what was said', () => {
    const said = { persons: 4, perCapitaFen: 900_000, lossFen: 2_500_000 };
    const loss = { loss: { low: 0, middle: 2_500_000, high: 0 } };
    const says = (change: Partial<KnownHousehold>): boolean =>
      saysOtherwise(said, { ...home(900_000, 4), ...change }, loss, 0.1);
    expect(
      [{}, { perCapitaFen: 989_999 }, { perCapitaFen: 990_000 }, { perCapitaFen: null }, { persons: 3 }].map(says),
    ).toEqual([...[false, false, true, true, true]]);
    expect(saysOtherwise(said, home(900_000, 4), { loss: { ...loss.loss, middle: 2_200_000 } }, 0.1)).toBe(true);
    expect(saysOtherwise({ ...said, perCapitaFen: 0 }, home(0, 4), loss, 0.1)).toBe(false);
    expect(saysOtherwise({ ...said, perCapitaFen: 0 }, home(100, 4), loss, 0.1)).toBe(true);
  });

  it('is said at once where it is graver than what was said and than what somebody has answered', () => {
    const verdict = (severity: number): FindingDecision => ({
      ...{ outcome: 'alerted', reason: null, withdraw: [] },
      raise: {
        household: home(0, 4),
        verdict: { loss: { low: 0, middle: 0, high: 0 }, projectedFen: 0, severity, reasons: 0 },
      },
    });
    const withheld: FindingDecision = { outcome: 'withheld', reason: 'below-threshold', withdraw: [] };
    const stays: FindingDecision = { outcome: 'alerted', reason: 'no-policy', withdraw: [] };
    const said = { severity: 2 };
    expect([1, 2, 3].map((severity) => whenSaid(verdict(severity), said, null))).toEqual([
      ...['after-rest', 'after-rest', 'at-once'],
    ]);
    expect([1, 2, 3, 4].map((severity) => whenSaid(verdict(severity), said, 3))).toEqual([
      ...['never', 'never', 'never', 'at-once'],
    ]);
    expect([whenSaid(withheld, said, null), whenSaid(withheld, said, 0), whenSaid(stays, said, null)]).toEqual([
      ...['after-rest', 'never', 'never'],
    ]);
  });
});
