import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TriageOutcome } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { createKafkaBus, listParked, Outbox, progressOf } from '@fangpin/messaging';
import { topics } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { eventually, testServers } from '@fangpin/testing';
import { cellScope } from '@fangpin/persistence';
import { TriageAnswerSource, TRIAGE_ANSWERS } from '../src/triage/triage-answer-source.js';
import { anAlertBatch, caseId, dutyOf, ORANGE, originOf, OTHER_TOWNSHIP, range, RED, TOWNSHIP } from './harness.js';
import { runningService, type RunningService } from './service.js';

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
}, 60_000);
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
    relay.registerSource(new TriageAnswerSource(COUNTRY));
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
async function caughtUp(): Promise<void> {
  const bus = createKafkaBus({ brokers: testServers().brokers, clientId: 'spec', prefix: service.env.topicPrefix });
  const ends = await bus.endOffsets(topics.alert);
  await eventually(async () => {
    const progress = await progressOf(service.app, 'assistance-cases', topics.alert);
    for (const [partition, end] of ends) if (end > 0n) expect(progress.get(partition)).toBe(end);
  });
  await bus.close();
}

it('keeps the place of each household with its case', async () => {
  expect(await service.count('cases', `household_id = 6001 AND duty_code = ${dutyOf(TOWNSHIP, 6_001)}`)).toBe(1);
});
