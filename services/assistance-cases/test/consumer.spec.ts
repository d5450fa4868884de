import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertTopicOf, topics, TriageOutcome, type AlertLane } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { createKafkaBus, listParked, Outbox, progressOf } from '@fangpin/messaging';
import { COUNTRY } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { eventually, testServers } from '@fangpin/testing';
import { cellScope } from '@fangpin/persistence';
import { TriageAnswerSource, TRIAGE_ANSWERS } from '../src/triage/triage-answer-source.js';
import { TriagePolicy } from '../src/triage/triage-policy.js';
import { anAlertBatch, caseId, dutyOf, ORANGE, originOf, OTHER_TOWNSHIP, range, RED, TOWNSHIP } from './harness.js';
import { runningService, type RunningService } from './service.js';

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
}, 120_000);
afterAll(() => service.close());

describe('alerts on the bus', () => {
  it('become cases and items, each answered once, and a repeat changes nothing', async () => {
    const severity = (household: number): number => (household % 4 === 0 ? RED : ORANGE);
    const batches = range(0, 10).map((slice) =>
      anAlertBatch(range(1 + slice * 500, 500), { township: slice % 2 === 0 ? TOWNSHIP : OTHER_TOWNSHIP, severity }),
    );
    await service.say(...batches);
    await service.answered(5_000);
    expect(await service.count('cases')).toBe(1_250);
    expect(await service.count('check_items')).toBe(3_750);

    await service.say(...batches, ...batches);
    await caughtUp();
    expect(await service.count('cases')).toBe(1_250);
    expect(await service.count('check_items')).toBe(3_750);
    expect(await service.count('case_steps')).toBe(0);
  });

  it('park a poisoned household alone and answer for it; a newer revision goes on', async () => {
    const persons = (household: number): number => (household === 6_077 ? 4_000_000 : 3);
    await service.say(anAlertBatch(range(6_001, 400), { shock: 6, persons }));
    await eventually(() => expect(service.answers.of(6, 6_077)).toBe(TriageOutcome.PARKED));
    expect(await service.count('cases', `case_origin = ${originOf(6)}`)).toBe(399);
    const letters = await listParked(service.app);
    expect(letters.map(({ key }) => key)).toEqual([`${TOWNSHIP}/${originOf(6)}/6077`]);
    await service.say(anAlertBatch([6_077], { shock: 6, revision: 2 }));
    await eventually(() => expect(service.answers.of(6, 6_077)).toBe(TriageOutcome.OPENED));
  });

  it('that cannot be of one origin are parked, not mixed', async () => {
    const stranger = { ...anAlertBatch([7_001], { shock: 6 }), cause: 'price-fall' };
    await service.say(stranger);
    await eventually(async () => expect((await listParked(service.app)).length).toBe(2));
    expect(await service.count('cases', 'household_id = 7001')).toBe(0);
  });

  it('are recalled while they come: every one is answered, none stays open', async () => {
    const alerts = range(0, 8).map((slice) => anAlertBatch(range(20_001 + slice * 250, 250), { shock: 8 }));
    const recall = alerts.map((batch) => ({
      ...batch,
      revision: BigInt(packRevision({ epoch: 1, version: 2 })),
      state: 2,
    }));
    await service.say(...alerts.slice(0, 4), ...recall, ...alerts.slice(4));
    await eventually(() => {
      const dropped = range(20_001, 2_000).filter((one) => service.answers.of(8, one) === TriageOutcome.DROPPED);
      expect(dropped).toHaveLength(2_000);
    });
    await caughtUp();
    expect(await service.count('cases', `case_origin = ${originOf(8)} AND state < 100`)).toBe(0);
    const recalled = await service.count('cases', `case_origin = ${originOf(8)} AND state = 109`);
    // The recall of the second half may come before its alerts.
    expect(recalled + (await service.count('withdrawals', `origin = ${originOf(8)}`))).toBe(2_000);
    expect(recalled).toBeGreaterThanOrEqual(1_000);
  });
});

describe('alerts of the bulk lane', () => {
  const severities = (shock: number) =>
    service.app.transaction(cellScope('spec'), (tx) =>
      tx.query(
        `SELECT severity, state FROM check_items WHERE origin = ${originOf(shock)} GROUP BY severity, state ORDER BY 1`,
      ),
    );

  it('are taken in like any other, by a consumer of their own', async () => {
    await service.sayIn('bulk', anAlertBatch(range(40_001, 600), { shock: 10, severity: ORANGE }));
    await eventually(() => expect(service.answers.of(10, 40_600)).toBe(TriageOutcome.LISTED));
    expect(await service.count('check_items', `origin = ${originOf(10)}`)).toBe(600);
    const read = await progressOf(service.app, 'assistance-cases.bulk', topics.alertBulk);
    expect([...read.values()].reduce((sum, next) => sum + next, 0n)).toBe(1n);
    expect((await progressOf(service.app, 'assistance-cases', topics.alertBulk)).size).toBe(0);
  });

  it('change nothing where a newer revision has come in the live lane', async () => {
    const households = range(41_001, 300);
    await service.sayIn('live', anAlertBatch(households, { shock: 11, revision: 3, severity: ORANGE }));
    await eventually(() => expect(service.answers.of(11, 41_300)).toBe(TriageOutcome.LISTED));
    const before = await severities(11);
    await service.sayIn('bulk', anAlertBatch(households, { shock: 11, revision: 2, severity: RED }));
    await service.sayIn('bulk', anAlertBatch(households, { shock: 11, revision: 2, withdrawn: true }));
    await caughtUp('bulk');
    expect(await severities(11)).toEqual(before);
    expect(await service.count('cases', `case_origin = ${originOf(11)}`)).toBe(0);
    expect(service.answers.of(11, 41_001)).toBe(TriageOutcome.LISTED);
  });

  it('are not taken in any more where a recall in the live lane came before them', async () => {
    await service.sayIn('live', anAlertBatch([42_001], { shock: 12, revision: 2, withdrawn: true }));
    await eventually(() => expect(service.answers.of(12, 42_001)).toBe(TriageOutcome.DROPPED));
    await service.sayIn('bulk', anAlertBatch([42_001], { shock: 12, revision: 1 }));
    await caughtUp('bulk');
    expect(await service.count('cases', `case_origin = ${originOf(12)}`)).toBe(0);
  });
});

describe('an answer', () => {
  it('is read again from the tables when the process died before it was sent', async () => {
    const shock = 9;
    await service.say(anAlertBatch(range(30_001, 700), { shock, severity: (one) => (one % 2 === 0 ? RED : ORANGE) }));
    await eventually(() => expect(service.answers.of(shock, 30_700)).toBe(TriageOutcome.OPENED));
    await service.say(anAlertBatch(range(30_001, 100), { shock, revision: 2, withdrawn: true }));
    await eventually(() => expect(service.answers.of(shock, 30_100)).toBe(TriageOutcome.DROPPED));
    for (const household of range(30_001, 700)) {
      service.answers.byAlert.delete(caseId(shock, household));
      service.answers.taken.delete(caseId(shock, household));
    }

    const bus = createKafkaBus({ brokers: testServers().brokers, clientId: 'spec', prefix: service.env.topicPrefix });
    const relay = new Outbox(bus, service.app, { relayEveryMs: 50 });
    relay.registerSource(new TriageAnswerSource(COUNTRY, new TriagePolicy(loadPolicy())));
    await service.app.transaction(cellScope('spec'), (tx) =>
      tx.execute(
        `INSERT INTO outbox (topic, source, ref, leased_by, lease_until)
         VALUES ($1, $2, $3, gen_random_uuid(), now() - interval '1 second')`,
        [topics.case.name, TRIAGE_ANSWERS, { groups: [[originOf(shock), TOWNSHIP]] }],
      ),
    );
    relay.start();
    await eventually(() => {
      expect(service.answers.of(shock, 30_700)).toBe(TriageOutcome.OPENED);
      expect(service.answers.of(shock, 30_699)).toBe(TriageOutcome.LISTED);
      // What had become of the withdrawn ones is told as well.
      expect(service.answers.of(shock, 30_001)).toBe(TriageOutcome.DROPPED);
      expect(range(30_001, 700).filter((one) => !service.answers.taken.has(caseId(shock, one)))).toEqual([]);
    });
    await relay.close();
    await bus.close();
  });
});

/** Until the consumer has applied all that is on the topic now. */
async function caughtUp(lane: AlertLane = 'live'): Promise<void> {
  const topic = alertTopicOf(lane);
  const consumer = lane === 'live' ? 'assistance-cases' : 'assistance-cases.bulk';
  const bus = createKafkaBus({ brokers: testServers().brokers, clientId: 'spec', prefix: service.env.topicPrefix });
  const ends = await bus.endOffsets(topic);
  await eventually(async () => {
    const progress = await progressOf(service.app, consumer, topic);
    for (const [partition, end] of ends) if (end > 0n) expect(progress.get(partition)).toBe(end);
  });
  await bus.close();
}

it('keeps the place of each household with its case', async () => {
  expect(await service.count('cases', `household_id = 6001 AND duty_code = ${dutyOf(TOWNSHIP, 6_001)}`)).toBe(1);
});
