import { describe, expect, it } from '@jest/globals';
import { findingKinds } from '@fangpin/contracts';
import { identityKeyOf } from '@fangpin/service-kit';
import fc from 'fast-check';
import type { Department } from '../departments/department.js';
import { findingFields } from './finding-fields.js';
import { readFinding } from './read-finding.js';

const KEY = identityKeyOf('3c'.repeat(32));
const PERSON = '11010519491231002X';
const department: Department = {
  key: 'everything',
  name: '各部门',
  kinds: findingKinds,
  today: '2026-11-22',
  oldestDay: '2023-11-23',
  longestSpending: 366,
};
const problemsOf = (body: unknown): string[] => {
  const read = readFinding(body, department, KEY);
  return 'problems' in read ? read.problems.map(({ field }) => field) : [];
};

describe('a finding as it is sent', () => {
  it.each([
    [{ kind: 'medical-spending', since: '2026-01-01', spentFen: 5, refundedFen: 5 }, []],
    [{ kind: 'medical-spending', since: '2026-01-01', spentFen: 5, refundedFen: 6 }, ['refundedFen']],
    [{ kind: 'medical-spending', spentFen: 5 }, ['since']],
    [{ kind: 'medical-spending', since: '2026-01-01' }, ['spentFen']],
    [{ kind: 'tuition', since: '2026-09-01', spentFen: 1_200_000 }, []],
    [{ kind: 'medical-spending', since: '2025-10-01', spentFen: 5 }, []],
    [{ kind: 'medical-spending', since: '2025-09-30', spentFen: 5 }, ['since']],
    [{ kind: 'tuition', since: '2023-12-01', spentFen: 5 }, ['since']],
    [{ kind: 'accident', since: '2024-06-01', spentFen: 5 }, ['since']],
    [{ kind: 'accident', since: '2024-06-01' }, []],
    [{ kind: 'drop-out', since: '2024-06-01' }, []],
    [{ kind: 'accident', ofEarner: true, spentFen: 7 }, []],
    [{ kind: 'death-of-earner', ofEarner: true }, ['ofEarner']],
    [{ kind: 'drop-out', days: 9 }, []],
    [{ kind: 'drop-out' }, []],
    [{ kind: 'drop-out', days: 1.5 }, ['days']],
    [{ kind: 'drop-out', days: 0 }, ['days']],
    [{ kind: 'water', days: 0 }, ['days']],
    [{ kind: 'drop-out', since: '2026-09-30', days: 2 }, []],
    [{ kind: 'drop-out', since: '2026-09-30', days: 3 }, ['days']],
    [{ kind: 'water', since: '2026-10-02', days: 300 }, ['since']],
    [{ kind: 'unsafe-house' }, ['houseGrade']],
    [{ kind: '住房不安全', houseGrade: 'D' }, []],
    [{ kind: 'water', days: 3, houseGrade: 'A' }, ['houseGrade']],
    [{ kind: 'plague' }, ['kind']],
    [{ kind: 'water', occurredOn: '2026-11-23' }, ['occurredOn']],
    [{ kind: 'water', occurredOn: '2026-02-30' }, ['occurredOn']],
    [{ kind: 'water', occurredOn: '2020-01-01' }, ['occurredOn']],
    [{ kind: 'water', since: '2026-10-02' }, ['since']],
    [{ kind: 'water', idNumber: '' }, ['idNumber']],
    [{ kind: 'water', householdId: 4 }, ['idNumber']],
  ])('%j breaks the rules of %j', (body, fields) => {
    expect(problemsOf({ idNumber: PERSON, occurredOn: '2026-10-01', ...body })).toEqual(fields);
  });

  it('is the same for a person and for the disability certificate of that person', () => {
    const of = (idNumber: string): unknown =>
      readFinding({ idNumber, kind: 'disability', occurredOn: '2026-10-01' }, department, KEY);
    expect(of(`${PERSON}43`)).toEqual(of(PERSON.toLowerCase()));
  });

  it('never shows an ID number again, whatever else is sent with it', () => {
    const anything = fc.dictionary(
      fc.constantFrom(...findingFields, 'x'),
      fc.oneof(fc.jsonValue(), fc.constant(PERSON)),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const read = readFinding({ ...body, idNumber: `${PERSON}x` }, department, KEY);
        expect(JSON.stringify('problems' in read ? read.problems : [])).not.toContain('19491231');
      }),
    );
  });
});
