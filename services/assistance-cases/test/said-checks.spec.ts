import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckResult, topics } from '@fangpin/contracts';
import { COUNTRY, packRevision, shanghaiDay } from '@fangpin/domain-kit';
import { decodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { TriageAnswerSource } from '../src/triage/triage-answer-source.js';
import { TriagePolicy } from '../src/triage/triage-policy.js';
import { anAlertBatch, caseId, dutyOf, ORANGE, originOf, range, RED, TOWNSHIP, type AlertsGiven } from './harness.js';
import { runningService, type RunningService } from './service.js';

const YELLOW = 2;
const today = shanghaiDay(new Date());
const grid = { role: 'village-monitor', region: TOWNSHIP };
const noRisk = { result: 'no-risk', reason: '入户查看无损失', checkers: ['g-1', 'g-2'], checkedOn: today };
const dismissal = { reason: '核实未受灾', checkers: ['g-101', 'g-102'], toldOn: today };

interface Said {
  readonly origin: number;
  readonly household: number;
  readonly result: CheckResult;
  readonly checkedOn: string;
  readonly revision: number;
  readonly alertRevision: number;
  readonly answeredUpTo: number;
}

describe('what checks find', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await runningService();
  }, 120_000);
  afterAll(() => service.close());

  const causes = ['', 'crop-disaster', 'price-fall', 'illness'];
  const alerted = async (shock: number, households: readonly number[], given: AlertsGiven = {}): Promise<void> => {
    await service.say(anAlertBatch(households, { shock, cause: causes[shock] ?? '', severity: YELLOW, ...given }));
    await eventually(() => {
      for (const one of households)
        expect(service.answers.byAlert.get(caseId(shock, one))?.revision).toBe(
          packRevision({ epoch: 1, version: given.revision ?? 1 }),
        );
    });
  };
  const answer = (shock: number, household: number, body: unknown) =>
    service.post(`/v1/check-items/${caseId(shock, household)}/result`, body, grid);
  const saidOf = (household: number): Said[] =>
    service.checks.flatMap((found) =>
      found.householdIds.flatMap((id, i) =>
        Number(id) !== household
          ? []
          : {
              origin: Number(found.origins[i]),
              household,
              result: found.result,
              checkedOn: found.checkedOn,
              revision: Number(found.revisions[i]),
              alertRevision: Number(found.alertRevisions[i]),
              answeredUpTo: found.answeredUpTo[i] ?? -1,
            },
      ),
    );
  const heard = (household: number, count: number): Promise<Said[]> =>
    eventually(() => {
      expect(saidOf(household)).toHaveLength(count);
      return saidOf(household);
    });

  it('is said of every item that the visit answers, each under its own alert', async () => {
    await alerted(1, [1]);
    await alerted(2, [1], { severity: ORANGE });
    await answer(1, 1, { ...noRisk, alsoAnswers: [caseId(2, 1)] });
    const said = await heard(1, 2);
    expect(said).toMatchObject([
      { origin: originOf(1), result: CheckResult.NO_RISK, checkedOn: today, answeredUpTo: YELLOW },
      { origin: originOf(2), result: CheckResult.NO_RISK, checkedOn: today, answeredUpTo: ORANGE },
    ]);
    expect(service.checks.at(-1)).toMatchObject({
      township: TOWNSHIP,
      dutyCodes: Array(2).fill(BigInt(dutyOf(TOWNSHIP, 1))),
    });
    expect(said.every(({ alertRevision }) => alertRevision === packRevision({ epoch: 1, version: 1 }))).toBe(true);
  });

  it('is said where nobody was met and where a risk was found, as answering for nothing', async () => {
    await alerted(1, [2]);
    await answer(1, 2, { ...noRisk, result: 'unreachable' });
    await answer(1, 2, { ...noRisk, result: 'risk', reason: '粮食绝收' });
    const said = await heard(2, 2);
    expect(said).toMatchObject([
      { result: CheckResult.UNREACHABLE, answeredUpTo: 0 },
      { result: CheckResult.RISK, answeredUpTo: 0 },
    ]);
    expect(said[1]?.revision).toBeGreaterThan(said[0]?.revision ?? Infinity);
  });

  it('is said of a repeat that a remembered check answers, and not of one that is worse', async () => {
    await alerted(1, [3, 4, 5]);
    for (const household of [3, 4]) await answer(1, household, noRisk);
    await alerted(6, [3, 5], { cause: 'crop-disaster' });
    await alerted(7, [4], { cause: 'crop-disaster', severity: ORANGE });
    expect((await heard(3, 2))[1]).toMatchObject({
      ...{ origin: originOf(6), result: CheckResult.NO_RISK, checkedOn: today, answeredUpTo: YELLOW },
    });
    expect(saidOf(4)).toHaveLength(1);
    expect(saidOf(5)).toHaveLength(0);
  });

  it('is said of a newer revision that asks for no visit, and of one that does that no check answers it', async () => {
    await alerted(1, [6, 7]);
    for (const household of [6, 7]) await answer(1, household, noRisk);
    await alerted(1, [6], { revision: 2, severity: 1 });
    await alerted(1, [7], { revision: 2, severity: ORANGE });
    const said = await heard(6, 2);
    expect(said[1]).toMatchObject({ answeredUpTo: YELLOW, alertRevision: packRevision({ epoch: 1, version: 2 }) });
    expect(said[1]?.revision).toBeGreaterThan(said[0]?.revision ?? Infinity);
    expect((await heard(7, 2))[1]).toMatchObject({ result: CheckResult.UNSPECIFIED, answeredUpTo: 0 });
  });

  it('is said of items that a dismissed case answers', async () => {
    await alerted(1, [8]);
    await alerted(2, [8], { severity: RED });
    const { status } = await service.post(`/v1/cases/${caseId(2, 8)}/actions/dismiss`, dismissal);
    expect(status).toBe(200);
    expect(await heard(8, 1)).toMatchObject([{ origin: originOf(1), result: CheckResult.NO_RISK, checkedOn: today }]);
  });

  it('is said in the same words when it is read from the tables again', async () => {
    const households = range(100, 700);
    await alerted(1, households);
    await alerted(2, [100]);
    await service.app.transaction(cellScope('spec'), async (tx) => {
      await tx.execute(
        `INSERT INTO check_results (origin, household_id, duty_code, revision, severity, result, checked_on, recorded_at, reason,
           checkers, actor, actor_role)
         SELECT origin, household_id, duty_code, revision, severity, 101, $1, now(), '无损失', '{a,b}', 'a', 'helper'
         FROM check_items WHERE household_id BETWEEN 100 AND 799 AND origin = $2`,
        [today, originOf(1)],
      );
      await tx.execute(
        `UPDATE check_items SET state = 101, checked_severity = severity WHERE household_id BETWEEN 100 AND 799 AND origin = $1`,
        [originOf(1)],
      );
    });
    // All are remembered at once: one batch of alerts, some messages of checks.
    await alerted(8, households, { cause: 'crop-disaster' });
    const fromMemory = (await Promise.all(households.map((one) => heard(one, 1)))).flat();
    const again: Said[] = [];
    const source = new TriageAnswerSource(COUNTRY, new TriagePolicy(loadPolicy()));
    for await (const { value } of source.render({ groups: [[originOf(8), TOWNSHIP]] }, service.app)) {
      const { body } = decodeEvent(topics.case, value);
      if (body.case !== 'checked') continue;
      const { householdIds, origins, result, checkedOn, revisions, alertRevisions, answeredUpTo } = body.value;
      expect(householdIds.length).toBeLessThanOrEqual(500);
      householdIds.forEach((id, i) =>
        again.push({
          ...{ origin: Number(origins[i]), household: Number(id), result, checkedOn, revision: Number(revisions[i]) },
          ...{ alertRevision: Number(alertRevisions[i]), answeredUpTo: answeredUpTo[i] ?? -1 },
        }),
      );
    }
    expect(again).toEqual(fromMemory);
  });
});
