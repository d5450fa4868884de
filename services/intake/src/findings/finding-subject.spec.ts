import { describe, expect, it } from '@jest/globals';
import { FindingKind, findingKinds, FindingState, topics, type Finding as FindingMessage } from '@fangpin/contracts';
import { decodeEvent } from '@fangpin/messaging';
import fc from 'fast-check';
import type { Finding, Named } from './finding.js';
import { findingMessage } from './finding-event.js';
import { personOf, subjectOf } from './finding-subject.js';

const FATHER = { idHash: 'aa'.repeat(32) };
const MOTHER = { idHash: 'bb'.repeat(32) };
const subject = (named: Named, kind: FindingKind, period = '2026-01-01'): number => subjectOf(named, { kind, period });
const keysOf = (about: string): FindingKind[] =>
  findingKinds.filter((kind) => kind.about === about).map(({ code }) => code);

describe('the subject of a finding', () => {
  it('is the same in every period while it is a state of the same person', () => {
    for (const kind of keysOf('person'))
      expect(subject(FATHER, kind, '2026-01-01')).toBe(subject(FATHER, kind, '2027-01-01'));
  });

  it('is another for another person, and for another kind of the same cause', () => {
    for (const kind of [...keysOf('person'), ...keysOf('event')])
      expect(subject(FATHER, kind)).not.toBe(subject(MOTHER, kind));
    expect(subject(FATHER, FindingKind.TUITION)).not.toBe(subject(FATHER, FindingKind.DROP_OUT));
  });

  it('of an event is another on another day', () => {
    for (const kind of keysOf('event'))
      expect(subject(FATHER, kind, '2026-05-01')).not.toBe(subject(FATHER, kind, '2026-05-09'));
  });

  it('of the house or the water is that of the household, whoever was named', () => {
    for (const kind of keysOf('home')) {
      expect(subject(FATHER, kind)).toBe(subject(MOTHER, kind));
      expect(subject(FATHER, kind)).toBe(subject({ householdId: 7 }, kind, '2026-05-01'));
    }
  });

  it('is never nothing, and no two things share one', () => {
    const who = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((hash) => ({ idHash: Buffer.from(hash).toString('hex') })),
      fc.integer({ min: 1 }).map((householdId) => ({ householdId })),
    );
    const kind = fc.constantFrom(...keysOf('person'));
    fc.assert(
      fc.property(who, kind, who, kind, (one, oneKind, other, otherKind) => {
        const same = JSON.stringify(one) === JSON.stringify(other) && oneKind === otherKind;
        expect(subject(one, oneKind) === subject(other, otherKind)).toBe(same);
        expect(subject(one, oneKind)).toBeGreaterThan(0);
      }),
    );
  });

  it('goes with the event, and tells no two offices apart', () => {
    const subjectSaid = (department: string, period: string): bigint => said({ department, period }).subject;
    expect(subjectSaid('medical-insurance', '2026-01-01')).toBe(subjectSaid('health', '2025-01-01'));
    expect(subjectSaid('health', '2026-01-01')).toBe(BigInt(subject(FATHER, FindingKind.MEDICAL_SPENDING)));
  });
});

describe('the first day of a finding', () => {
  it('goes with the event where it was stated, and is nothing of sums that are cumulative', () => {
    const DROP_OUT = FindingKind.DROP_OUT;
    expect(said({ kind: DROP_OUT, period: '2026-06-10' })).toMatchObject({ beganOn: '2026-06-10', spentSince: '' });
    expect(said({ kind: DROP_OUT, period: '2026-06-30' })).toMatchObject({ beganOn: '' });
    expect(said({ period: '2026-01-01' })).toMatchObject({ beganOn: '', spentSince: '2026-01-01' });
  });
});

function said({
  department = 'health',
  kind = FindingKind.MEDICAL_SPENDING,
  period,
}: {
  readonly department?: string;
  readonly kind?: FindingKind;
  readonly period: string;
}): FindingMessage {
  const at = new Date('2026-07-20T09:00:00+08:00');
  const amounts = { spentFen: 2_000_000, refundedFen: 0, ofEarner: false, days: 0, houseGrade: 0 };
  const facts = { kind, period, occurredOn: '2026-06-30', ...amounts };
  const id = { findingId: '00000000-0000-4000-8000-000000000001', identity: department, revision: 1, department };
  const stated = { statedInBatch: undefined, statedAt: at, statedBy: 'o', createdAt: at, updatedAt: at };
  const finding: Finding = {
    ...{
      ...id,
      ...stated,
      facts,
      named: FATHER,
      state: FindingState.RAISED,
      withdrawnReason: undefined,
      takenBackAt: undefined,
    },
    ...{ match: { householdId: 1, dutyCode: 532_327_101_200_001 }, area: { lo: 0, hi: 1 }, batchId: undefined },
  };
  return decodeEvent(topics.finding, findingMessage(finding).value);
}

describe('the person of a finding', () => {
  it('is one within a household, another in another, and nobody where a household was named', () => {
    expect(personOf(FATHER, 7)).toBe(personOf({ ...FATHER }, 7));
    expect(new Set([personOf(FATHER, 7), personOf(MOTHER, 7), personOf(FATHER, 8)]).size).toBe(3);
    expect(personOf(FATHER, 7)).toBeGreaterThan(0);
    expect(personOf({ householdId: 7 }, 7)).toBe(0);
  });
});
