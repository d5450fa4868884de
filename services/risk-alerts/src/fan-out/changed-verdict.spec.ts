import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../loss/household.js';
import { alertRevision } from './alert-revision.js';
import { RAISED } from './alert-rows.js';
import { changeOf } from './changed-verdict.js';
import type { LastAlert } from './last-alerts.js';

const WITH_LINE = 532327101201000;
const WITHOUT_LINE = 510104020001000;
const shock = { shockRevision: 2 };
const household = {
  householdId: 7,
  dutyCode: WITHOUT_LINE,
  persons: 4,
  perCapitaFen: 700_000,
  facts: 0,
  livelihoods: [],
};
const stands: LastAlert = {
  householdId: 7,
  dutyCode: WITH_LINE,
  revision: alertRevision(2, 1),
  state: RAISED,
  severity: 4,
  lossFen: 60_000,
  reasons: 1,
  persons: 4,
  perCapitaFen: 700_000,
};
const loss = { low: 60_000, middle: 60_000, high: 60_000 };
const byNeed = (severity: number): Verdict => ({
  ...{ loss, projectedFen: 700_000, severity, reasons: 1 },
  lineUnknown: true,
});

describe('a household that has moved to where no monitoring line was set', () => {
  it('keeps what stands where its need alone is less', () => {
    expect(changeOf(shock, 1, household, byNeed(3), stands)).toBeUndefined();
  });

  it('is said with its new place where its need alone is as grave', () => {
    expect(changeOf(shock, 1, household, byNeed(4), stands)).toMatchObject({ household, state: RAISED });
  });

  it('eases where there is a line, or where there was none before either', () => {
    const { lineUnknown: _, ...judged } = byNeed(3);
    expect(changeOf(shock, 1, household, judged, stands)).toMatchObject({ verdict: { severity: 3 } });
    const there = { ...stands, dutyCode: WITHOUT_LINE + 1_000 };
    expect(changeOf(shock, 1, household, byNeed(3), there)).toMatchObject({ verdict: { severity: 3 } });
  });

  it('is said anew under a revision of the shock that has not been judged there', () => {
    const before = { ...stands, revision: alertRevision(1, 1) };
    expect(changeOf(shock, 1, household, byNeed(3), before)).toMatchObject({ verdict: { severity: 3 } });
  });
});
