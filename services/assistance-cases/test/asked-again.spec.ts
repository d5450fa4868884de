import { CheckResult, FindingKind, findingKinds, topics, TriageOutcome } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { decodeEvent } from '@fangpin/messaging';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TriageAnswerSource } from '../src/triage/triage-answer-source.js';
import { TriagePolicy } from '../src/triage/triage-policy.js';
import {
  anAlertBatch,
  caseId,
  ORANGE,
  originOf,
  RED,
  TOWNSHIP,
  triageOnDatabase,
  type TriageOnDatabase,
} from './harness.js';
import { peopleOn, type People } from './people.js';

const YELLOW = 2;
const HOUSEHOLD = 1;
const noRisk = { result: 'no-risk', reason: '报销后自付不多', checkers: ['g-1', 'g-2'] };

/** Until 2026-07-15 a repeat has to be two levels worse to be checked again, from then on one. */
function stricterSince(): PolicySet {
  const base = loadPolicy();
  const records = base.records.flatMap((record) =>
    record.key !== 'no-risk-memory-months'
      ? [record]
      : [
          { ...record, to: '2026-07-15', value: { months: 3, worseByLevels: 2 } },
          { ...record, from: '2026-07-16', value: { months: 3, worseByLevels: 1 } },
        ],
  );
  return new PolicySet('spec', records);
}

describe('an alert that a check answered for', () => {
  const policy = stricterSince();
  let service: TriageOnDatabase;
  let people: People;
  beforeAll(async () => {
    service = await triageOnDatabase(policy);
    people = await peopleOn(service, policy);
  });
  beforeEach(async () => {
    service.clock.set('2026-07-20T09:00:00+08:00');
    await service.clear();
  });
  afterAll(() => service.db.drop());

  const spent = async (severity: number, revision: number): Promise<void> => {
    const { key: shockKind, cause } = findingKinds.find(({ code }) => code === FindingKind.MEDICAL_SPENDING) ?? {
      ...{ key: '', cause: '' },
    };
    await service.triage(anAlertBatch([HOUSEHOLD], { shockKind, cause, severity, revision, beganOn: '2026-07-10' }));
  };
  const lastSaid = () => service.answers.checks.at(-1);
  const none = { result: CheckResult.UNSPECIFIED, answeredUpTo: [0], householdIds: [BigInt(HOUSEHOLD)] };

  it('is said to be answered by none once it is listed again, though the check reached as far by the policy of its day', async () => {
    await spent(YELLOW, 1);
    await people.answer(caseId(1, HOUSEHOLD), { ...noRisk, checkedOn: '2026-07-14' });
    await spent(YELLOW, 2);
    expect(lastSaid()).toMatchObject({ result: CheckResult.NO_RISK, answeredUpTo: [ORANGE] });
    await spent(ORANGE, 3);
    expect(service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
    expect(lastSaid()).toMatchObject({ ...none, origins: [BigInt(originOf(1))] });
  });

  it('is said so again where the process ended before it was', async () => {
    await spent(YELLOW, 1);
    await people.answer(caseId(1, HOUSEHOLD), noRisk);
    await spent(ORANGE, 2);
    const source = new TriageAnswerSource(COUNTRY, new TriagePolicy(policy));
    const said = [];
    for await (const { value } of source.render({ groups: [[originOf(1), TOWNSHIP]] }, service.app)) {
      const { body } = decodeEvent(topics.case, value);
      if (body.case === 'checked') said.push(body.value);
    }
    expect(said).toMatchObject([none]);
  });

  it('is said so once it becomes a case, and not where the check still answers', async () => {
    await spent(YELLOW, 1);
    await people.answer(caseId(1, HOUSEHOLD), noRisk);
    await spent(RED, 2);
    expect(service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.OPENED);
    expect(lastSaid()).toMatchObject(none);
    const before = service.answers.checks.length;
    // The case goes its own way: nothing more is said of the check.
    await spent(YELLOW, 3);
    expect(service.answers.checks).toHaveLength(before);
  });
});
