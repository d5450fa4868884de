import { create } from '@bufbuild/protobuf';
import { alertTopicOf, findingKinds, FindingKind, ShockSchema, ShockState, type AlertBatch } from '@fangpin/contracts';
import { decodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import { findingMessages } from '../findings/finding-messages.js';
import { jointMessages } from '../joint/joint-messages.js';
import { shockFacts } from '../loss/shock-facts.js';
import { AlertBatches } from './alert-batches.js';
import { RAISED } from './alert-rows.js';
import type { FanOut } from './fan-out.js';
import { shockSubject } from './shock-subject.js';

const policy = loadPolicy();
const RAISED_AT = new Date('2026-07-25T09:00:00+08:00');
const row = {
  ...{ householdId: 1, dutyCode: 532_327_101_200_001, persons: 4, severity: 2, lossFen: 1, projectedFen: null },
  reasons: 0,
};
const headOf = ([message]: readonly OutgoingMessage[]): AlertBatch =>
  decodeEvent(alertTopicOf('live'), (message as OutgoingMessage).value);
const policies = { get: () => Promise.resolve(policy) };

describe('what the head of a message says beside the alerts', () => {
  it('of a shock: when it began, and that it speaks of today until it is over', () => {
    for (const [state, speaksUntil] of [
      [ShockState.OPEN, '2026-07-25'],
      [ShockState.ENDED, '2026-07-20'],
    ] as const) {
      const onsetMs = BigInt(new Date('2026-07-18T23:30:00+08:00').getTime());
      const event = create(ShockSchema, { kind: 'hail', regions: ['532327'], judgedOn: '2026-07-20', onsetMs, state });
      const shock = shockFacts(event, 'crop-disaster');
      const fanOut: FanOut = {
        ...{
          origin: 7,
          shockId: event.shockId,
          cause: shock.cause,
          shockRevision: 1,
          direction: 'raise',
          state: 'running',
        },
        ...{
          lane: 'live',
          policyVersion: policy.version,
          shock,
          pins: {},
          standing: [],
          candidates: null,
          confirmedBy: null,
        },
      };
      const batches = new AlertBatches(fanOut, policy, RAISED_AT);
      batches.add(row, 1, RAISED);
      const subject = BigInt(shockSubject(shock));
      expect(headOf(batches.finish())).toMatchObject({ subject, beganOn: '2026-07-18', speaksUntil });
    }
  });

  it('of a finding: its subject, its first day where that was stated, and the last day that it covers', async () => {
    const kind = findingKinds.find(({ code }) => code === FindingKind.MEDICAL_SPENDING);
    if (kind === undefined) throw new Error('unknown kind');
    const facts = {
      ...{ findingId: '00000000-0000-4000-8000-000000000001', revision: 1, kind, withdrawn: false, department: 'd' },
      ...{ occurredOn: '2026-06-30', spentFen: 1, refundedFen: 0, spentSince: '2026-01-01', ofEarner: false, days: 0 },
      ...{ houseGrade: 0, subject: 4_711, person: 0, beganOn: '' },
    };
    const alert = { ...row, origin: 8, revision: 1, state: RAISED, facts, policyVersion: policy.version };
    const said = async (change: Partial<typeof facts> = {}): Promise<AlertBatch> => {
      const told = [{ ...alert, facts: { ...facts, ...change } }];
      return headOf(await findingMessages(told, alertTopicOf('live'), policies, RAISED_AT));
    };
    expect(await said({ beganOn: '2026-06-10' })).toMatchObject({ beganOn: '2026-06-10', judgedOn: '2026-06-30' });
    const head = await said();
    expect(head).toMatchObject({ subject: 4_711n, beganOn: '', speaksUntil: '2026-06-30', extent: 1n });
    expect(head.asksAgainFrom).toBeGreaterThan(1n);
  });

  it('of several alerts together: just these, in whatever order', async () => {
    const part = (origin: number) => ({
      ...{ origin, cause: 'illness', severity: 2, loss: { low: 1, middle: 1, high: 1 }, perCapitaFen: null },
      ...{ projectedFen: null, persons: 4, reasons: 0, inputs: [], sliceNo: 1 },
    });
    const subjectOf = async (...origins: number[]): Promise<bigint> => {
      const parts = origins.map((origin) => ({ ...part(origin), cause: 'illness' as const }));
      const alert = { ...row, origin: 9, revision: 1, state: RAISED, policyVersion: policy.version, parts };
      const head = headOf(await jointMessages([{ ...alert, judgedOn: '2026-07-25' }], policies, RAISED_AT));
      expect(head).toMatchObject({ beganOn: '', speaksUntil: '2026-07-25' });
      return head.subject;
    };
    expect(await subjectOf(1, 2)).toBe(await subjectOf(2, 1));
    expect(await subjectOf(1, 2)).not.toBe(await subjectOf(1, 3));
    expect(await subjectOf(1, 2)).not.toBe(await subjectOf(1, 2, 3));
  });
});
