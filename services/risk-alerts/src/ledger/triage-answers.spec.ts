import { describe, expect, it } from '@jest/globals';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { CaseEventSchema, TriageOutcome } from '@fangpin/contracts';
import { readTriageAnswer } from './triage-answers.js';

type Body = NonNullable<MessageInitShape<typeof CaseEventSchema>['body']>;

function event(body: Body): Uint8Array {
  return toBinary(CaseEventSchema, create(CaseEventSchema, { body }));
}

describe('an answer of assistance-cases', () => {
  it('is read as columns of numbers', () => {
    const value = {
      shockId: '8ea5a138-de7b-8c20-b09b-9a72ef6940d7',
      origin: 4_000_000_000_000_001n,
      alertRevision: 3n,
      township: '532327101',
      householdIds: [5n, 9_007_199_254_740_991n],
      outcomes: [TriageOutcome.OPENED, TriageOutcome.LISTED],
      caseOrigins: [4_000_000_000_000_001n, 0n],
    };
    expect(readTriageAnswer(event({ case: 'triage', value }))).toEqual({
      origin: 4_000_000_000_000_001,
      alertRevision: 3,
      dutyCode: 532_327_101_000_000,
      householdIds: [5, 9_007_199_254_740_991],
      outcomes: [TriageOutcome.OPENED, TriageOutcome.LISTED],
      caseOrigins: [4_000_000_000_000_001, 0],
    });
  });

  it('is told from the other events of the topic, which are left to protobuf', () => {
    expect(readTriageAnswer(event({ case: 'stepped', value: { caseId: 'x' } }))).toBeUndefined();
    expect(readTriageAnswer(event({ case: 'tallied', value: { origin: 1n } }))).toBeUndefined();
  });

  it('is refused where its bytes end too early', () => {
    const whole = event({ case: 'triage', value: { origin: 7n, householdIds: [1n, 2n, 3n] } });
    expect(() => readTriageAnswer(Buffer.concat([whole.subarray(0, 1), Uint8Array.of(3, 0x2a, 5, 1)]))).toThrow();
  });
});
